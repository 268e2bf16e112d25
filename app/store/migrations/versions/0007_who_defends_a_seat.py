"""Who sits for the ward now, and what candidates are: a note with the word “leader” used to stand for both."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("candidacy", copy_from=_candidacy()) as candidacy:
        candidacy.add_column(sa.Column("role", sa.Text(), nullable=True))
        candidacy.add_column(sa.Column("defends", sa.Integer(), nullable=True))
    # As a bundle without these columns is read: nobody is known to defend a seat.
    op.execute("UPDATE candidacy SET defends = 0, role = CASE WHEN lower(note) LIKE '%leader%' THEN note ELSE '' END")
    added = (sa.Column("role", sa.Text(), nullable=True), sa.Column("defends", sa.Integer(), nullable=True))
    with op.batch_alter_table("candidacy", copy_from=_candidacy(*added)) as candidacy:
        candidacy.alter_column("role", nullable=False)
        candidacy.alter_column("defends", nullable=False)
        candidacy.create_check_constraint("ck_candidacy_defends", "defends IN (0, 1)")


def _candidacy(*added: sa.Column[str] | sa.Column[int]) -> sa.Table:
    """The table as it stands. SQLite makes it anew: of one that it finds, Alembic would lose the constraints."""
    return sa.Table(
        "candidacy",
        sa.MetaData(),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("ballot_id", sa.Text(), nullable=False),
        sa.Column("candidacy_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *added,
        sa.ForeignKeyConstraint(
            ["slug", "ballot_id"], ["contest.slug", "contest.ballot_id"], name="fk_candidacy_contest"
        ),
        sa.ForeignKeyConstraint(["slug", "party_id"], ["party.slug", "party.party_id"], name="fk_candidacy_party"),
        sa.PrimaryKeyConstraint("slug", "ballot_id", "candidacy_id", name="pk_candidacy"),
        sqlite_strict=True,
    )
