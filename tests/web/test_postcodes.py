"""The postcodes that a server knows: as the database has them, and while it is away as it had them."""

import asyncio
from pathlib import Path

import pytest

from app.domain.postcodes import Postcodes
from app.store import loading
from app.store.engine import Store
from app.store.postcodes import save_postcodes
from app.web import postcodes
from app.web.postcodes import KnownPostcodes
from tests.builders import an_election

SOME, OTHERS = Postcodes({"CT1": "barton 2AB"}), Postcodes({"CT1": "westgate 2AB"})
SLUG = "test-2023"


def test_others_are_known_once_they_are_due_and_the_last_ones_while_the_database_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "night.db"

    async def look(store: Store) -> None:
        known = KnownPostcodes(store)
        assert [await known.of(SLUG), await known.of("nowhere")] == [SOME, Postcodes()]
        with store.writing() as connection:
            save_postcodes(connection, SLUG, OTHERS)
        assert await known.of(SLUG) == SOME
        monkeypatch.setattr(postcodes, "AGAIN_SECONDS", 0.0)
        again = KnownPostcodes(store)
        assert await asyncio.gather(*(again.of(SLUG) for _ in range(3))) == [OTHERS] * 3
        file.unlink()
        assert await again.of(SLUG) == OTHERS

    with Store.open(f"sqlite:///{file}") as store:
        store.migrate()
        with store.writing() as connection:
            loading.save_election(connection, an_election(), "digest")
            save_postcodes(connection, SLUG, SOME)
        asyncio.run(look(store))
