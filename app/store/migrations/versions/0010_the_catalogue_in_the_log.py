"""Changes of the catalogue, and withdrawals of all that came after an entry, are entries of the log."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "catalogue_version",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("since_seq", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("since_seq >= 0", name="ck_catalogue_version_since_seq"),
        sa.ForeignKeyConstraint(["slug"], ["head.slug"], name="fk_catalogue_version_head"),
        sa.PrimaryKeyConstraint("slug", "since_seq", name="pk_catalogue_version"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("entry", copy_from=_entry()) as entry:
        for name in ("kind", "about", "replaces"):
            entry.drop_constraint(f"ck_entry_{name}", type_="check")
        entry.create_check_constraint(
            "ck_entry_kind",
            "kind IN ('ward', 'tally', 'status', 'note', 'correction', 'withdrawal', 'catalogue')",
        )
        entry.create_check_constraint(
            "ck_entry_about", "about IN ('ward', 'tally', 'status', 'note', 'withdrawal', 'catalogue')"
        )
        entry.create_check_constraint(
            "ck_entry_replaces",
            "(replaces IS NOT NULL) = (kind IN ('correction', 'withdrawal') AND kind <> about) AND replaces < seq",
        )


def _entry() -> sa.Table:
    """The table as it stands. SQLite makes it anew: of one that it finds, Alembic would lose the constraints."""
    return sa.Table(
        "entry",
        sa.MetaData(),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=True),
        sa.Column("ballot_id", sa.Text(), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("checker", sa.Text(), nullable=True),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("", name="ck_entry_kind"),
        sa.CheckConstraint("", name="ck_entry_about"),
        sa.CheckConstraint("", name="ck_entry_replaces"),
        sa.CheckConstraint("checker IS NULL OR checker <> author", name="ck_entry_checker"),
        sa.CheckConstraint("kind = about OR kind IN ('correction', 'withdrawal')", name="ck_entry_about_kind"),
        sa.CheckConstraint("length(hash) = 64", name="ck_entry_hash"),
        sa.CheckConstraint("length(prev_hash) = 64", name="ck_entry_prev_hash"),
        sa.CheckConstraint("seq > 0", name="ck_entry_seq"),
        sa.ForeignKeyConstraint(["slug", "replaces"], ["entry.slug", "entry.seq"], name="fk_entry_entry"),
        sa.ForeignKeyConstraint(["slug"], ["head.slug"], name="fk_entry_head"),
        sa.PrimaryKeyConstraint("slug", "seq", name="pk_entry"),
        sqlite_strict=True,
    )
