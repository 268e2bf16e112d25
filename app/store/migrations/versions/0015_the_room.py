"""Who covers which count, times that the desk moved, calls, the handover note, and how long keying took."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "cover",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("telephones", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_cover_election"),
        sa.PrimaryKeyConstraint("slug", "council_id", name="pk_cover"),
        sqlite_strict=True,
    )
    op.create_table(
        "moved_time",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("expected_at", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.CheckConstraint("subject_kind IN ('council', 'contest')", name="ck_moved_time_subject_kind"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_moved_time_election"),
        sa.PrimaryKeyConstraint("slug", "subject_kind", "subject_id", name="pk_moved_time"),
        sqlite_strict=True,
    )
    op.create_table(
        "call_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("expected_at", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.CheckConstraint("length(said) > 0", name="ck_call_note_said"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_call_note_election"),
        sa.PrimaryKeyConstraint("id", name="pk_call_note"),
        sa.UniqueConstraint("slug", "key", name="uq_call_note_slug_key"),
        sqlite_strict=True,
    )
    op.create_index("ix_call_note_council", "call_note", ["slug", "council_id"])
    op.create_table(
        "handover",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name="ck_handover_version"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_handover_election"),
        sa.PrimaryKeyConstraint("slug", "version", name="pk_handover"),
        sqlite_strict=True,
    )
    op.create_table(
        "keying_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.CheckConstraint("subject_kind IN ('ward', 'tally')", name="ck_keying_time_subject_kind"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_keying_time_election"),
        sa.PrimaryKeyConstraint("id", name="pk_keying_time"),
        sqlite_strict=True,
    )
    op.create_index("ix_keying_time_subject", "keying_time", ["slug", "subject_kind", "subject_id"])
