"""Who has to be told that their keying was declared over, and who has seen both versions of a dispute."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "overruled",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("differing", sa.Integer(), nullable=False),
        sa.CheckConstraint("subject_kind IN ('ward', 'tally')", name="ck_overruled_subject_kind"),
        sa.CheckConstraint("differing > 0", name="ck_overruled_differing"),
        sa.ForeignKeyConstraint(["slug", "seq"], ["entry.slug", "entry.seq"], name="fk_overruled_entry"),
        sa.PrimaryKeyConstraint("slug", "seq", "person", name="pk_overruled"),
        sqlite_strict=True,
    )
    op.create_table(
        "versions_seen",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.CheckConstraint("subject_kind IN ('ward', 'tally')", name="ck_versions_seen_subject_kind"),
        sa.ForeignKeyConstraint(["slug"], ["head.slug"], name="fk_versions_seen_head"),
        sa.PrimaryKeyConstraint("slug", "subject_kind", "subject_id", "person", name="pk_versions_seen"),
        sqlite_strict=True,
    )
