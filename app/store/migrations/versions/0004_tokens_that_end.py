"""Tokens for one election, tokens that expire, and when a token was last used."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # SQLite makes the table anew: of one that it finds, Alembic would lose the checks.
    before = sa.Table(
        "token",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.CheckConstraint("scope IN ('declare', 'key')", name="ck_token_scope"),
        sa.CheckConstraint("length(token_hash) = 64", name="ck_token_token_hash"),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("token_hash", name="uq_token_token_hash"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("token", copy_from=before) as token:
        for name in ("slug", "expires_at", "last_used_at"):
            token.add_column(sa.Column(name, sa.Text(), nullable=True))
        token.create_foreign_key("fk_token_election", "election", ["slug"], ["slug"])
