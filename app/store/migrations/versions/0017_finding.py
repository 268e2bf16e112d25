"""What councils are found by beside their names, and postcodes; of those that are there already nobody has said it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "council_alias",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["slug", "council_id"], ["council.slug", "council.council_id"], name="fk_council_alias_council"
        ),
        sa.PrimaryKeyConstraint("slug", "council_id", "position", name="pk_council_alias"),
        sqlite_strict=True,
    )
    op.create_table(
        "postcode_district",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_postcode_district_election"),
        sa.PrimaryKeyConstraint("slug", "district", name="pk_postcode_district"),
        sqlite_strict=True,
    )
