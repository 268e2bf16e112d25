"""What all tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.drawing.drawer import Drawer
from app.store import staff
from tests import running
from tests.counts import count
from tests.forked import Forked
from tests.promises import pytest_addoption, pytest_configure, reached, trials

__all__ = ["pytest_addoption", "pytest_configure", "reached", "trials"]

# A busy machine is no fault of the code: nothing is timed.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=count("DECLARED_TORTURE_EXAMPLES"),
)
settings.load_profile("house")

# Hundreds of processes are started: each would compile the whole application anew where this is set.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

running.start = Forked


def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


# Argon2id as ever, but at no cost: hundreds of tests sign in. What processes of their own make costs what it has to.
staff._hasher = _hasher

LONGEST = (
    "browser/test_desk.py",
    "browser/test_desk_board.py",
    "browser/test_reporter.py",
    "browser/test_layout.py",
    "browser/test_engines.py",
    "browser/test_flips.py",
    "publishing/test_publishing.py",
    "browser/test_embeds.py",
    "browser/test_public_pages.py",
    "browser/test_pill.py",
    "commands/test_cli.py",
    "bench/test_benchmarks.py",
    "connections/test_socket.py",
    "api/test_routes.py",
    "browser/test_country.py",
    "store/test_silence.py",
    "nodes/test_workers.py",
    "browser/test_share.py",
    "desk/people/test_sign_in.py",
    "browser/test_published.py",
    "hooks/test_sending.py",
    "nights/test_replayed.py",
    "browser/test_two_persons.py",
    "browser/test_figures_and_names.py",
    "browser/test_asking.py",
    "test_wheel.py",
    "browser/test_loader.py",
    "web/test_harm.py",
    "commands/test_rehearsing.py",
    "browser/test_tiles.py",
    "browser/test_room.py",
    "wording/test_everything_told.py",
    "browser/test_broadcast.py",
    "store/test_catalogue.py",
    "nodes/test_behind_nginx.py",
    "web/test_past.py",
    "store/test_restoring.py",
    "pages/cards/test_routes.py",
    "browser/test_finder.py",
    "desk/holding/test_killed.py",
    "browser/test_story.py",
    "desk/entry/test_entry.py",
    "store/test_away.py",
    "desk/test_two_persons.py",
)
"""The files that take longest, begun first: so that in the end no core waits for the last of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def drawer() -> Iterator[Drawer]:
    """Draws each document once: most of what tests publish has the same cards."""
    from app.pages.cards.typesetting import font_files
    from tests.drawing_once import DrawnOnce

    made = DrawnOnce(font_files())
    yield made
    made.close()
