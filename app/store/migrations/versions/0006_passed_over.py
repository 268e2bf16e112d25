"""Entries that cannot be read and are passed over: by whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "passed_over",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name="ck_passed_over_reason"),
        sa.ForeignKeyConstraint(["slug", "seq"], ["entry.slug", "entry.seq"], name="fk_passed_over_entry"),
        sa.PrimaryKeyConstraint("slug", "seq", name="pk_passed_over"),
        sqlite_strict=True,
    )
