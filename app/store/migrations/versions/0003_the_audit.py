"""Who did what beside declaring: rows that are only ever added, and the head that they are chained on."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

APPEND_ONLY = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit\n"
            "BEGIN SELECT RAISE(ABORT, 'The audit is only ever added to.'); END"
        ),
        (
            "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit\n"
            "BEGIN SELECT RAISE(ABORT, 'The audit is only ever added to.'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS\n"
            "$$ BEGIN RAISE EXCEPTION 'The audit is only ever added to.'; END $$"
        ),
        (
            "CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit\n"
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("seq > 0", name="ck_audit_seq"),
        sa.CheckConstraint("length(kind) > 0", name="ck_audit_kind"),
        sa.CheckConstraint("length(prev_hash) = 64", name="ck_audit_prev_hash"),
        sa.CheckConstraint("length(hash) = 64", name="ck_audit_hash"),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_audit_head_id"),
        sa.CheckConstraint("seq >= 0", name="ck_audit_head_seq"),
        sa.CheckConstraint("length(hash) = 64", name="ck_audit_head_hash"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sqlite_strict=True,
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
