"""The bundled night of Kent, read and put into the log's form once for all tests of it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from app.bundles.reading import Bundle, read_bundle
from app.domain.declarations import Entry, declaration_from
from app.domain.night import Night

KENT = Path(__file__).parents[2] / "elections" / "kent-2023"


@pytest.fixture(scope="session")
def kent() -> Bundle:
    return read_bundle(KENT)


@pytest.fixture(scope="session")
def kent_log(kent: Bundle) -> Sequence[Entry]:
    """The recorded night as entries 1, 2, 3 …"""
    entries = []
    for seq, body in enumerate(kent.night or (), start=1):
        contest = kent.election.contest(body["ballot_id"])
        declaration = declaration_from(body, about=body["kind"], ballot_id=contest.ballot_id)
        entries.append(
            Entry(seq, datetime.fromisoformat(body["at"]), declaration, contest.council_id, contest.ballot_id)
        )
    return entries


@pytest.fixture(scope="session")
def kent_night(kent: Bundle, kent_log: Sequence[Entry]) -> Night:
    """The night after its last declaration."""
    return Night.before_first(kent.election).fold(kent_log)
