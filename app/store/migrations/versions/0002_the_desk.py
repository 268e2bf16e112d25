"""Logins, what is keyed for a second check, drafts, and how many persons it takes to declare."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

OPEN = "state IN ('waiting', 'disputed')"


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("last_seen_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.CheckConstraint("length(token_hash) = 64", name="ck_session_token_hash"),
        sa.ForeignKeyConstraint(["staff_name"], ["staff.name"], name="fk_session_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("token_hash", name="uq_session_token_hash"),
        sqlite_strict=True,
    )
    op.create_table(
        "election_rules",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.CheckConstraint("persons IN (1, 2)", name="ck_election_rules_persons"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_election_rules_election"),
        sa.PrimaryKeyConstraint("slug", name="pk_election_rules"),
        sqlite_strict=True,
    )
    op.create_table(
        "keyed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("keyed_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("checker", sa.Text(), nullable=True),
        sa.Column("checked_body", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.Text(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.CheckConstraint("subject_kind IN ('ward', 'tally')", name="ck_keyed_subject_kind"),
        sa.CheckConstraint("state IN ('waiting', 'declared', 'disputed', 'dropped')", name="ck_keyed_state"),
        sa.CheckConstraint("(seq IS NOT NULL) = (state = 'declared')", name="ck_keyed_seq"),
        sa.CheckConstraint("checker IS NULL OR checker <> author", name="ck_keyed_checker"),
        sa.ForeignKeyConstraint(["slug"], ["head.slug"], name="fk_keyed_head"),
        sa.ForeignKeyConstraint(["slug", "seq"], ["entry.slug", "entry.seq"], name="fk_keyed_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_keyed"),
        sa.UniqueConstraint("slug", "key", name="uq_keyed_slug_key"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_keyed_open",
        "keyed",
        ["slug", "subject_kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_table(
        "draft",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.CheckConstraint("subject_kind IN ('ward', 'tally')", name="ck_draft_subject_kind"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_draft_election"),
        sa.ForeignKeyConstraint(["staff_name"], ["staff.name"], name="fk_draft_staff"),
        sa.PrimaryKeyConstraint("slug", "subject_kind", "subject_id", "staff_name", name="pk_draft"),
        sqlite_strict=True,
    )
