"""The catalogue, the log with its head, answers given before, tokens and staff."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "election",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("election_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("polling_date", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("convention", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("length(slug) > 0", name="ck_election_slug"),
        sa.PrimaryKeyConstraint("slug", name="pk_election"),
        sqlite_strict=True,
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.Text(), nullable=True),
        sa.CheckConstraint("role IN ('keyer', 'checker', 'editor')", name="ck_staff_role"),
        sa.CheckConstraint("length(name) > 0", name="ck_staff_name"),
        sa.PrimaryKeyConstraint("name", name="pk_staff"),
        sqlite_strict=True,
    )
    op.create_table(
        "token",
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
    op.create_table(
        "convention",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("control", sa.Text(), nullable=False),
        sa.Column("seats", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_convention_election"),
        sa.PrimaryKeyConstraint("slug", "key", name="pk_convention"),
        sqlite_strict=True,
    )
    op.create_table(
        "council",
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
    op.create_table(
        "head",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.CheckConstraint("length(epoch) > 0", name="ck_head_epoch"),
        sa.CheckConstraint("length(hash) = 64", name="ck_head_hash"),
        sa.CheckConstraint("seq >= 0", name="ck_head_seq"),
        sa.ForeignKeyConstraint(["slug"], ["election.slug"], name="fk_head_election"),
        sa.PrimaryKeyConstraint("slug", name="pk_head"),
        sqlite_strict=True,
    )
    op.create_table(
        "party",
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
    op.create_table(
        "baseline",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("control", sa.Text(), nullable=True),
        sa.Column("has_seats", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("has_seats IN (0, 1)", name="ck_baseline_has_seats"),
        sa.ForeignKeyConstraint(
            ["slug", "council_id"], ["council.slug", "council.council_id"], name="fk_baseline_council"
        ),
        sa.PrimaryKeyConstraint("slug", "council_id", "basis", name="pk_baseline"),
        sqlite_strict=True,
    )
    op.create_table(
        "contest",
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
    op.create_table(
        "continuing_seats",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats >= 0", name="ck_continuing_seats_seats"),
        sa.ForeignKeyConstraint(
            ["slug", "council_id"], ["council.slug", "council.council_id"], name="fk_continuing_seats_council"
        ),
        sa.ForeignKeyConstraint(
            ["slug", "party_id"], ["party.slug", "party.party_id"], name="fk_continuing_seats_party"
        ),
        sa.PrimaryKeyConstraint("slug", "council_id", "party_id", name="pk_continuing_seats"),
        sqlite_strict=True,
    )
    op.create_table(
        "control_history",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("control", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["slug", "council_id"], ["council.slug", "council.council_id"], name="fk_control_history_council"
        ),
        sa.PrimaryKeyConstraint("slug", "council_id", "position", name="pk_control_history"),
        sqlite_strict=True,
    )
    op.create_table(
        "entry",
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
        sa.CheckConstraint(
            "(replaces IS NOT NULL) = (kind IN ('correction', 'withdrawal')) AND replaces < seq",
            name="ck_entry_replaces",
        ),
        sa.CheckConstraint("checker IS NULL OR checker <> author", name="ck_entry_checker"),
        sa.CheckConstraint("about IN ('ward', 'tally', 'status', 'note')", name="ck_entry_about"),
        sa.CheckConstraint("kind = about OR kind IN ('correction', 'withdrawal')", name="ck_entry_about_kind"),
        sa.CheckConstraint(
            "kind IN ('ward', 'tally', 'status', 'note', 'correction', 'withdrawal')", name="ck_entry_kind"
        ),
        sa.CheckConstraint("length(hash) = 64", name="ck_entry_hash"),
        sa.CheckConstraint("length(prev_hash) = 64", name="ck_entry_prev_hash"),
        sa.CheckConstraint("seq > 0", name="ck_entry_seq"),
        sa.ForeignKeyConstraint(["slug", "replaces"], ["entry.slug", "entry.seq"], name="fk_entry_entry"),
        sa.ForeignKeyConstraint(["slug"], ["head.slug"], name="fk_entry_head"),
        sa.PrimaryKeyConstraint("slug", "seq", name="pk_entry"),
        sqlite_strict=True,
    )
    op.create_table(
        "idempotency",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("length(body_hash) > 0", name="ck_idempotency_body_hash"),
        sa.CheckConstraint("status > 0", name="ck_idempotency_status"),
        sa.ForeignKeyConstraint(["slug"], ["head.slug"], name="fk_idempotency_head"),
        sa.PrimaryKeyConstraint("slug", "key", name="pk_idempotency"),
        sqlite_strict=True,
    )
    op.create_table(
        "baseline_seats",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats >= 0", name="ck_baseline_seats_seats"),
        sa.ForeignKeyConstraint(
            ["slug", "council_id", "basis"],
            ["baseline.slug", "baseline.council_id", "baseline.basis"],
            name="fk_baseline_seats_baseline",
        ),
        sa.ForeignKeyConstraint(["slug", "party_id"], ["party.slug", "party.party_id"], name="fk_baseline_seats_party"),
        sa.PrimaryKeyConstraint("slug", "council_id", "basis", "party_id", name="pk_baseline_seats"),
        sqlite_strict=True,
    )
    op.create_table(
        "candidacy",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("ballot_id", sa.Text(), nullable=False),
        sa.Column("candidacy_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["slug", "ballot_id"], ["contest.slug", "contest.ballot_id"], name="fk_candidacy_contest"
        ),
        sa.ForeignKeyConstraint(["slug", "party_id"], ["party.slug", "party.party_id"], name="fk_candidacy_party"),
        sa.PrimaryKeyConstraint("slug", "ballot_id", "candidacy_id", name="pk_candidacy"),
        sqlite_strict=True,
    )
