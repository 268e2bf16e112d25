"""What has been written, file by file, noted beside the files themselves: a restart need not make them again to know.

The note is as old as its last saving, and may be older than the files. That costs time and nothing else: what is not as
it is noted is made again and compared.
"""

import json
from contextlib import suppress
from typing import NamedTuple

from app.addresses import OVERVIEW, REVALIDATE
from app.publishing.parts import SitePart
from app.publishing.targets import JSON, File, Mark, Target
from app.store.log import Head

FORMAT = 1


class Written(NamedTuple):
    """A file as it was written: the digest of its content and headers, and what it is known by where it is.

    ``drawn`` is the digest of the document that a picture was drawn from.
    """

    part: str
    digest: str
    mark: Mark
    drawn: str = ""


class KeptFiles:
    """The files that were written, by path, of which ``site`` they are, and up to which entry (``head``) they tell.

    ``is_complete``: every council is. Without anything that was noted before, there is no head.
    """

    def __init__(self, target: Target, slug: str) -> None:
        self.files: dict[str, Written] = {}
        self.site = ""
        self.head: Head | None = None
        self.is_complete = False
        self._target = target
        self._path = f"{OVERVIEW.to(slug=slug)[1:]}/written.json"
        self._is_saved = True

    def read(self) -> None:
        """Take up what was noted, if that is there and can be understood."""
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            told = json.loads(self._target.read(self._path) or b"{}")
            if told.get("format") != FORMAT:
                return
            head, files = Head(*told["head"]), {path: _written(*row) for path, row in told["files"].items()}
            self.site, self.head, self.is_complete, self.files = told["site"], head, told["complete"], files

    def save(self) -> None:
        """Note what has changed since it was last noted."""
        if self._is_saved or self.head is None:
            return
        told = {
            "format": FORMAT,
            "site": self.site,
            "head": [self.head.seq, self.head.hash, self.head.epoch],
            "complete": self.is_complete,
            "files": {path: [it.part, it.digest, *it.mark, it.drawn] for path, it in self.files.items()},
        }
        content = json.dumps(told, separators=(",", ":")).encode()
        self._target.write(File(self._path, content, JSON, REVALIDATE))
        self._is_saved = True

    def reached(self, site: str, head: Head, *, is_complete: bool) -> None:
        """All files of ``site`` tell of everything up to ``head``."""
        if (site, head, is_complete) != (self.site, self.head, self.is_complete):
            self.site, self.head, self.is_complete, self._is_saved = site, head, is_complete, False

    def remember(self, part: SitePart, file: File, mark: Mark, drawn: str = "") -> None:
        """``file`` is there."""
        self.files[file.path] = Written(str(part), file.digest, mark, drawn)
        self._is_saved = False

    def has(self, file: File) -> bool:
        return file.path in self.files and self.files[file.path].digest == file.digest

    def forget_lost(self) -> list[SitePart]:
        """Look for every file, and forget those that are not as they were written; a part for each of them."""
        there = self._target.marks(self.files, anew=True)
        lost = [path for path, it in self.files.items() if there.get(path) != it.mark]
        return [SitePart.read(self.files.pop(path).part) for path in lost]

    def begin_anew(self, site: str) -> None:
        """Nothing is known to tell of anything yet. What another site drew, this one may draw otherwise."""
        if site != self.site:
            self.files = {path: it._replace(drawn="") for path, it in self.files.items()}
        self.site, self.head = "", None


def _written(part: str, digest: str, size: int, tag: str | int | None, drawn: str) -> Written:
    return Written(str(SitePart.read(part)), digest, (size, tag), drawn)
