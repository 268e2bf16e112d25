"""Attempts to sign in, counted by all processes together."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.CheckConstraint("length(key_hash) = 64", name="ck_attempt_key_hash"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sqlite_strict=True,
    )
    op.create_index("ix_attempt_key_hash", "attempt", ["key_hash", "at"])
