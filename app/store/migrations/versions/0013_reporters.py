"""Reporters with their councils, internal notes, and photos of the sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("staff", copy_from=_staff()) as staff:
        staff.drop_constraint("ck_staff_role", type_="check")
        staff.create_check_constraint("ck_staff_role", "role IN ('keyer', 'checker', 'editor', 'reporter')")
    op.create_table(
        "reporter_council",
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff_name"], ["staff.name"], name="fk_reporter_council_staff"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_reporter_council_election"),
        sa.PrimaryKeyConstraint("staff_name", "slug", "council_id", name="pk_reporter_council"),
        sqlite_strict=True,
    )
    op.create_table(
        "internal_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("ballot_id", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("struck_at", sa.Text(), nullable=True),
        sa.Column("struck_by", sa.Text(), nullable=True),
        sa.CheckConstraint("length(content) > 0", name="ck_internal_note_content"),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_by IS NULL)", name="ck_internal_note_struck"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_internal_note_election"),
        sa.PrimaryKeyConstraint("id", name="pk_internal_note"),
        sa.UniqueConstraint("slug", "key", name="uq_internal_note_slug"),
        sqlite_strict=True,
    )
    op.create_index("ix_internal_note_council", "internal_note", ["slug", "council_id"])
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("ballot_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="ck_photo_digest"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_photo_election"),
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
        sa.UniqueConstraint("slug", "ballot_id", "digest", name="uq_photo_slug"),
        sqlite_strict=True,
    )


def _staff() -> sa.Table:
    """The table as it stands. SQLite makes it anew: of one that it finds, Alembic would lose the constraints."""
    return sa.Table(
        "staff",
        sa.MetaData(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.Text(), nullable=True),
        sa.CheckConstraint("", name="ck_staff_role"),
        sa.CheckConstraint("length(name) > 0", name="ck_staff_name"),
        sa.PrimaryKeyConstraint("name", name="pk_staff"),
        sqlite_strict=True,
    )
