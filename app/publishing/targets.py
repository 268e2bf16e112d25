"""Where files are published: a folder of this machine, or a bucket. Nobody ever reads half a file.

A folder gets a file beside its place, which is then renamed; a bucket shows an object when all of it has come.
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from app.process.failures import CommandFailed

ENDPOINTS = ("AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")
"""Variables by which a store of somebody else's is named that speaks S3."""

IN_THE_MAKING = ".publishing"
"""The ending of a file that is being written. One that is left behind by a kill is written over and gone."""

HTML, CSV, JSON = "text/html; charset=utf-8", "text/csv; charset=utf-8", "application/json"

Mark = tuple[int, str | int | None]
"""What tells a file from another of the same name without reading it: its size, and its time or tag."""


@dataclass(frozen=True, slots=True)
class File:
    """A file at ``path``, relative to the root of the site, and the headers it is to be served with."""

    path: str
    content: bytes
    media_type: str
    cache_control: str

    @property
    def digest(self) -> str:
        digest = hashlib.blake2b(self.content, digest_size=16)
        digest.update(f"{self.media_type}\n{self.cache_control}".encode())
        return digest.hexdigest()


class CannotPublish(CommandFailed):
    """Why nothing can be written there."""


class Target(Protocol):
    """A place for files. Every method raises CannotPublish or OSError where the place cannot be reached."""

    writers: int
    """How many files are worth writing at a time."""

    def marks(self, paths: Iterable[str], *, anew: bool = False) -> Mapping[str, Mark]:
        """Of those of ``paths`` that are there; ``anew``: whatever has been seen before."""

    def is_same(self, file: File, mark: Mark) -> bool:
        """Whether what is there with ``mark`` is known to be ``file``, so that it need not be written."""

    def read(self, path: str) -> bytes | None:
        """What is there; None where nothing is."""

    def write(self, file: File) -> Mark:
        """Put ``file`` there, in the place of what there was."""


def target_of(where: str) -> Target:
    """The target that a command names: a folder, ``file://…``, or a bucket such as ``s3://bucket/prefix``."""
    parts = urlsplit(where)
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.path)))
    if "://" not in where:
        return Folder(Path(where))
    # Who names an endpoint without TLS, such as a store next door, wants it so: the library would be told twice.
    endpoints = (os.environ.get(name, "") for name in ENDPOINTS)
    is_plain = any(it.startswith("http://") for it in endpoints)
    try:
        return Bucket(from_url(where, client_options={"allow_http": True} if is_plain else None))
    except BaseError as error:
        raise CannotPublish(f"“{where}” is no place to publish to: {_first_line(error)}") from None


class Folder:
    """A folder of this machine."""

    writers = 1

    def __init__(self, root: Path) -> None:
        self._root = root

    def marks(self, paths: Iterable[str], *, anew: bool = False) -> Mapping[str, Mark]:
        del anew  # A folder is looked at each time.
        found: dict[str, Mark] = {}
        for path in paths:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                found[path] = _mark(self._root / path)
        return found

    def is_same(self, file: File, mark: Mark) -> bool:
        return mark[0] == len(file.content) and (self._root / file.path).read_bytes() == file.content

    def read(self, path: str) -> bytes | None:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return (self._root / path).read_bytes()
        return None

    def write(self, file: File) -> Mark:
        place = self._root / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        making = place.with_name(f".{place.name}{IN_THE_MAKING}")
        making.write_bytes(file.content)
        making.replace(place)
        return _mark(place)


class Bucket:
    """A bucket of an object store, with the headers of each file as its attributes."""

    writers = 16

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._seen: dict[str, Mark] | None = None
        """What the bucket held when it was last listed, and what has been put there since."""

    def marks(self, paths: Iterable[str], *, anew: bool = False) -> Mapping[str, Mark]:
        if self._seen is None or anew:
            self._seen = self._listed()
        return {path: self._seen[path] for path in paths if path in self._seen}

    def _listed(self) -> dict[str, Mark]:
        found: dict[str, Mark] = {}
        try:
            for objects in obstore.list(self._store, chunk_size=1000):
                found |= {it["path"]: (it["size"], it["e_tag"]) for it in objects}
        except BaseError as error:
            raise _failed(error) from error
        return found

    def is_same(self, file: File, mark: Mark) -> bool:
        """An object that was put whole and not encrypted by a key of one's own is tagged with its MD5."""
        md5 = hashlib.md5(file.content, usedforsecurity=False).hexdigest()
        return mark == (len(file.content), f'"{md5}"')

    def read(self, path: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            return None
        except BaseError as error:
            raise _failed(error) from error

    def write(self, file: File) -> Mark:
        headers = {"Content-Type": file.media_type, "Cache-Control": file.cache_control}
        try:
            put = obstore.put(self._store, file.path, file.content, attributes=headers, use_multipart=False)
        except BaseError as error:
            raise _failed(error) from error
        mark = len(file.content), put["e_tag"]
        if self._seen is not None:
            self._seen[file.path] = mark
        return mark


def _mark(path: Path) -> Mark:
    told = path.stat()
    return told.st_size, told.st_mtime_ns


def _failed(error: BaseError) -> CannotPublish:
    """What the store itself says of it, where it says anything."""
    said = re.search(r"<Code>(?P<code>[^<]*)</Code>\s*<Message>(?P<message>[^<]*)</Message>", str(error))
    told = f"{said['message']} ({said['code']})" if said is not None else _first_line(error)
    return CannotPublish(f"The bucket could not be used: {told}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
