"""What commands do about the photos of sheets: they go along with a backup, come back, and are removed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.store import photos
from app.store.audit import Actor
from app.store.engine import Store
from app.store.photos import PhotoFiles
from tests import running
from tests.builders import an_election
from tests.running import load

ELECTION = an_election()
BALLOT = next(iter(ELECTION.contests))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """With one photo, beside it."""
    file = tmp_path / "night.db"
    url = f"sqlite:///{file}"
    load(url, ELECTION)
    digest = PhotoFiles(tmp_path / "night.db.photos").keep(b"a sheet")
    with Store.open(url) as store, store.writing() as connection:
        photos.add(connection, ELECTION.slug, BALLOT, digest, by=Actor("reporter"), at=datetime.now(UTC))
    return file


def photo_in(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.glob("*.jpg")]


def test_a_backup_takes_the_photos_along_and_a_restore_puts_them_back(database: Path, tmp_path: Path) -> None:
    backup, other = tmp_path / "backup.db", tmp_path / "other.db"
    told = running.declared("backup", backup, database=f"sqlite:///{database}")
    assert "1 photo beside it" in told.stderr
    assert photo_in(tmp_path / "backup.db.photos") == [b"a sheet"]
    told = running.declared("restore", backup, database=f"sqlite:///{other}")
    assert "1 photo put into" in told.stderr
    with Store.open(f"sqlite:///{other}") as store, store.reading() as connection:
        (photo,) = photos.photos(connection, ELECTION.slug, BALLOT)
    assert PhotoFiles(tmp_path / "other.db.photos").read(photo.digest) == b"a sheet"


def test_photos_are_copied_from_the_folder_that_is_set(database: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "night.db.photos").rename(elsewhere)
    running.declared("backup", tmp_path / "copy.db", "--photos", elsewhere, database=f"sqlite:///{database}")
    assert photo_in(tmp_path / "copy.db.photos") == [b"a sheet"]


def test_the_photos_of_an_election_are_removed_and_that_is_audited(database: Path, tmp_path: Path) -> None:
    told = running.declared("photos", "forget", ELECTION.slug, database=f"sqlite:///{database}")
    assert f"1 photo of “{ELECTION.slug}” removed" in told.stderr
    with Store.open(f"sqlite:///{database}") as store, store.reading() as connection:
        assert photos.photos(connection, ELECTION.slug, BALLOT) == []
