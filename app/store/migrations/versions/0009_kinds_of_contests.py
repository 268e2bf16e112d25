"""Voting systems, who holds a ward, polls that are told apart or put off, offices, umbrellas, and when polls close."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MADE_ANEW: dict[str, dict[str, Any]] = {
    "party": {"umbrella": 0},
    "council": {},
    "contest": {"voting_system": "plurality", "held_by": "[]", "label": ""},
    "baseline": {},
    "candidacy": {},
    "baseline_seats": {},
    "continuing_seats": {},
    "control_history": {},
}
"""The tables that change with those that refer to them, each after what it refers to, and what their rows get."""


def upgrade() -> None:
    op.create_table(
        "election_hours",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("polls_close", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_election_hours_election"),
        sa.PrimaryKeyConstraint("slug", name="pk_election_hours"),
        sqlite_strict=True,
    )
    # SQLite makes a table anew to change it, and drops none that rows refer to: they stand aside meanwhile.
    rows = {table: _taken_out(table) for table in reversed(MADE_ANEW)}
    _change_party()
    _change_council()
    _change_contest()
    for table, added in MADE_ANEW.items():
        if rows[table]:
            filled = [row | added for row in rows[table]]
            op.bulk_insert(sa.table(table, *map(sa.column, filled[0])), filled)


def _taken_out(table: str) -> list[dict[str, Any]]:
    connection = op.get_bind()
    rows = [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}")).mappings()]  # noqa: S608
    connection.execute(sa.delete(sa.table(table)))
    return rows


def _change_party() -> None:
    with op.batch_alter_table("party", copy_from=_party()) as party:
        party.add_column(sa.Column("umbrella", sa.Integer(), nullable=False))
        party.create_check_constraint("ck_party_umbrella", "umbrella IN (0, 1)")


def _change_council() -> None:
    with op.batch_alter_table("council", copy_from=_council()) as council:
        council.add_column(sa.Column("created", sa.Integer(), nullable=True))
        council.drop_constraint("ck_council_cycle", type_="check")
        council.create_check_constraint("ck_council_cycle", "cycle IN ('all', 'thirds', 'halves', 'by', 'single')")


def _change_contest() -> None:
    with op.batch_alter_table("contest", copy_from=_contest()) as contest:
        contest.add_column(sa.Column("voting_system", sa.Text(), nullable=False))
        contest.add_column(sa.Column("held_by", sa.Text(), nullable=False))
        contest.add_column(sa.Column("expected_at", sa.Text(), nullable=True))
        contest.add_column(sa.Column("label", sa.Text(), nullable=False))
        contest.drop_constraint("ck_contest_cancelled", type_="check")
        contest.create_check_constraint(
            "ck_contest_cancelled",
            "cancelled IN ('NO_CANDIDATES', 'EQUAL_CANDIDATES', 'UNDER_CONTESTED', 'CANDIDATE_DEATH', 'POSTPONED')",
        )
        contest.create_check_constraint("ck_contest_voting_system", "voting_system IN ('plurality', 'stv')")


# The tables as they stand: of those that it finds, Alembic would lose the constraints.


def _party() -> sa.Table:
    return sa.Table(
        "party",
        sa.MetaData(),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_party_election"),
        sa.PrimaryKeyConstraint("slug", "party_id", name="pk_party"),
        sqlite_strict=True,
    )


def _council() -> sa.Table:
    return sa.Table(
        "council",
        sa.MetaData(),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gss", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("total_seats", sa.Integer(), nullable=False),
        sa.Column("boundary_change", sa.Integer(), nullable=False),
        sa.Column("expected_at", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("cycle IN ('all', 'thirds', 'halves')", name="ck_council_cycle"),
        sa.CheckConstraint("boundary_change IN (0, 1)", name="ck_council_boundary_change"),
        sa.CheckConstraint("total_seats > 0", name="ck_council_total_seats"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_council_election"),
        sa.PrimaryKeyConstraint("slug", "council_id", name="pk_council"),
        sqlite_strict=True,
    )


def _contest() -> sa.Table:
    return sa.Table(
        "contest",
        sa.MetaData(),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("ballot_id", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ward", sa.Text(), nullable=False),
        sa.Column("gss", sa.Text(), nullable=False),
        sa.Column("seats_up", sa.Integer(), nullable=False),
        sa.Column("electorate", sa.Integer(), nullable=True),
        sa.Column("cancelled", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "cancelled IN ('NO_CANDIDATES', 'EQUAL_CANDIDATES', 'UNDER_CONTESTED', 'CANDIDATE_DEATH')",
            name="ck_contest_cancelled",
        ),
        sa.CheckConstraint("electorate >= 0", name="ck_contest_electorate"),
        sa.CheckConstraint("seats_up > 0", name="ck_contest_seats_up"),
        sa.ForeignKeyConstraint(
            ["slug", "council_id"], ["council.slug", "council.council_id"], name="fk_contest_council"
        ),
        sa.PrimaryKeyConstraint("slug", "ballot_id", name="pk_contest"),
        sqlite_strict=True,
    )
