"""Who is at the desk and on which form, and who checks what."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.CheckConstraint("subject_kind IN ('', 'ward', 'tally')", name="ck_presence_subject_kind"),
        sa.CheckConstraint("(subject_kind = '') = (subject_id = '')", name="ck_presence_subject"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_presence_election"),
        sa.ForeignKeyConstraint(["staff_name"], ["staff.name"], name="fk_presence_staff"),
        sa.PrimaryKeyConstraint("slug", "staff_name", name="pk_presence"),
        sqlite_strict=True,
    )
    op.create_table(
        "claim",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.CheckConstraint("subject_kind IN ('ward', 'tally')", name="ck_claim_subject_kind"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_claim_election"),
        sa.ForeignKeyConstraint(["staff_name"], ["staff.name"], name="fk_claim_staff"),
        sa.PrimaryKeyConstraint("slug", "subject_kind", "subject_id", name="pk_claim"),
        sqlite_strict=True,
    )
