"""Addresses that are told of the night, how far each has been told, and who of several servers does so."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "hook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("rehearsals", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("failing_since", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.Text(), nullable=True),
        sa.CheckConstraint("form IN ('json', 'slack', 'teams', 'discord')", name="ck_hook_form"),
        sa.CheckConstraint("rehearsals IN (0, 1)", name="ck_hook_rehearsals"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_hook_election"),
        sa.PrimaryKeyConstraint("id", name="pk_hook"),
        sqlite_strict=True,
    )
    op.create_table(
        "hook_place",
        sa.Column("hook_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hook_id"], ["hook.id"], name="fk_hook_place_hook"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_hook_place_election"),
        sa.PrimaryKeyConstraint("hook_id", "slug", name="pk_hook_place"),
        sqlite_strict=True,
    )
    op.create_table(
        "hook_delivery",
        sa.Column("hook_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hook_id"], ["hook.id"], name="fk_hook_delivery_hook"),
        sa.PrimaryKeyConstraint("hook_id", "message_id", name="pk_hook_delivery"),
        sqlite_strict=True,
    )
    op.create_index("ix_hook_delivery_first_at", "hook_delivery", ["hook_id", "first_at"])
    op.create_table(
        "hook_lease",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_hook_lease_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hook_lease"),
        sqlite_strict=True,
    )
