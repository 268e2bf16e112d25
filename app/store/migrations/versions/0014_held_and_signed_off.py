"""Changes of control that wait at the desk for a moment, and councils that were compared with the officer's totals."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

HELD_OPEN = "state = 'held'"


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("seconds BETWEEN 0 AND 600", name="ck_hold_seconds"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_hold_election"),
        sa.PrimaryKeyConstraint("slug", name="pk_hold"),
        sqlite_strict=True,
    )
    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("posting", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("held_at", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("subject_kind IN ('ward', 'tally')", name="ck_held_subject_kind"),
        sa.CheckConstraint("state IN ('held', 'declared', 'undone', 'refused')", name="ck_held_state"),
        sa.CheckConstraint("(seq IS NOT NULL) = (state = 'declared')", name="ck_held_seq"),
        sa.ForeignKeyConstraint(["slug"], ["head.slug"], name="fk_held_head"),
        sa.ForeignKeyConstraint(["slug", "seq"], ["entry.slug", "entry.seq"], name="fk_held_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_held"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_held_open",
        "held",
        ["slug", "subject_kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text(HELD_OPEN),
        postgresql_where=sa.text(HELD_OPEN),
    )
    op.create_table(
        "signed_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("since_seq", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("is_alone", sa.Integer(), nullable=False),
        sa.CheckConstraint("since_seq >= 0", name="ck_signed_off_since_seq"),
        sa.CheckConstraint("is_alone IN (0, 1)", name="ck_signed_off_is_alone"),
        sa.ForeignKeyConstraint(["slug"], ["head.slug"], name="fk_signed_off_head"),
        sa.PrimaryKeyConstraint("id", name="pk_signed_off"),
        sqlite_strict=True,
    )
