"""Photos of the sheets that results are read from: files in a folder beside the database, named by what they hold.

A file is on the disk before its row is: a row never names one that is not there.
"""

import os
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Row, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from app.store import audit
from app.store.audit import Actor, Kind
from app.store.backup import sync
from app.store.tables import PHOTO
from app.store.times import stored_time

ON_ITS_WAY = 3600.0
"""Seconds in which a file may be there whose row is not committed yet."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a contest's sheet."""

    photo_id: int
    ballot_id: str
    digest: str
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class PhotoFiles:
    """The folder of the files, JPEGs all of them. It is made when the first is kept."""

    folder: Path

    @classmethod
    def of(cls, database: Path | None, folder: str) -> Self | None:
        """In ``folder``, else beside a SQLite ``database``; None on PostgreSQL where no folder is set."""
        if folder:
            return cls(Path(folder))
        return cls(database.with_name(f"{database.name}.photos")) if database is not None else None

    def keep(self, content: bytes) -> str:
        """Returns the digest once ``content`` is on the disk under it, whole; raises OSError."""
        digest = sha256(content).hexdigest()
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700, exist_ok=True)
            sync(self.folder.parent)
        unfinished = self.folder / f".{digest}.{secrets.token_hex(4)}.unfinished"
        try:
            with unfinished.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self._file(digest))
        finally:
            unfinished.unlink(missing_ok=True)
        sync(self.folder)
        return digest

    def read(self, digest: str) -> bytes:
        """What was kept; raises OSError."""
        return self._file(digest).read_bytes()

    def drop(self, digest: str) -> None:
        """Removes a file, where it is still there."""
        self._file(digest).unlink(missing_ok=True)

    def digests(self, *, older_than: float = 0.0) -> set[str]:
        """What is there, as long as it has been there for so many seconds."""
        latest = time.time() - older_than
        return {file.stem for file in self.folder.glob("*.jpg") if file.stat().st_mtime <= latest}

    def copy_to(self, other: "PhotoFiles") -> int:
        """Copies what the other folder does not have yet, each file whole; how many those were. Raises OSError."""
        missing = self.digests() - other.digests()
        for digest in missing:
            other.keep(self.read(digest))
        return len(missing)

    def _file(self, digest: str) -> Path:
        return self.folder / f"{digest}.jpg"


def photos(connection: Connection, slug: str, ballot_id: str) -> list[Photo]:
    """Those of a contest, oldest first."""
    wanted = PHOTO.c.slug == slug, PHOTO.c.ballot_id == ballot_id
    return [_photo(row) for row in connection.execute(select(PHOTO).where(*wanted).order_by(PHOTO.c.id))]


def find(connection: Connection, slug: str, photo_id: int) -> Photo | None:
    """The photo of that number."""
    row = connection.execute(select(PHOTO).where(PHOTO.c.slug == slug, PHOTO.c.id == photo_id)).one_or_none()
    return None if row is None else _photo(row)


def add(connection: Connection, slug: str, ballot_id: str, digest: str, *, by: Actor, at: datetime) -> None:
    """Notes a photo whose file is kept, in the audit too; the same one sent again is there already."""
    row = {"slug": slug, "ballot_id": ballot_id, "digest": digest, "at": stored_time(at), "author": by.who}
    try:
        with connection.begin_nested():
            connection.execute(insert(PHOTO), row)
    except IntegrityError:
        return
    audit.record(connection, Kind.PHOTO_ADDED, by, subject=ballot_id, slug=slug, details={"photo": digest})


def remove(connection: Connection, slug: str, photo: Photo, *, by: Actor) -> bool:
    """Forgets a photo, which the audit notes; whether its file is of no other row and can go after the commit."""
    connection.execute(delete(PHOTO).where(PHOTO.c.id == photo.photo_id))
    details = {"photo": photo.digest, "author": photo.author}
    audit.record(connection, Kind.PHOTO_REMOVED, by, subject=photo.ballot_id, slug=slug, details=details)
    return connection.scalar(select(PHOTO.c.id).where(PHOTO.c.digest == photo.digest).limit(1)) is None


def forget(connection: Connection, slug: str, *, by: Actor) -> int:
    """Forgets every photo of an election; how many those were."""
    number = connection.scalar(select(func.count()).select_from(PHOTO).where(PHOTO.c.slug == slug)) or 0
    connection.execute(delete(PHOTO).where(PHOTO.c.slug == slug))
    audit.record(connection, Kind.PHOTOS_FORGOTTEN, by, slug=slug, details={"photos": number})
    return number


def sweep(connection: Connection, files: PhotoFiles) -> int:
    """Removes the files that no row names, nor one that may be on its way; how many those were."""
    named = set(connection.scalars(select(PHOTO.c.digest)))
    left = files.digests(older_than=ON_ITS_WAY) - named
    for digest in left:
        files.drop(digest)
    for unfinished in files.folder.glob(".*.unfinished"):
        if unfinished.stat().st_mtime < time.time() - ON_ITS_WAY:
            unfinished.unlink(missing_ok=True)
    return len(left)


def _photo(row: Row[tuple[object, ...]]) -> Photo:
    return Photo(row.id, row.ballot_id, row.digest, datetime.fromisoformat(row.at), row.author)
