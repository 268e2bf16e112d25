"""Where councils stand on the tile map; of those that are there already nobody has said it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "square",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["slug", "council_id"], ["council.slug", "council.council_id"], name="fk_square_council"
        ),
        sa.PrimaryKeyConstraint("slug", "council_id", name="pk_square"),
        sqlite_strict=True,
    )
