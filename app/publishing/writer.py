"""Writes what is not there yet: nothing that is the same is written, or drawn, twice."""

import hashlib
import math
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from app.addresses import FRESH_ENOUGH
from app.drawing.drawer import Drawer
from app.publishing.kept import KeptFiles
from app.publishing.parts import SitePart
from app.publishing.site import CardFile
from app.publishing.targets import File, Mark, Target


class FileWriter:
    """Puts files to a target, and has what it put there remembered."""

    def __init__(self, target: Target, drawer: Drawer, kept: KeptFiles) -> None:
        self._target = target
        self._drawer = drawer
        self._kept = kept

    def write(self, part: SitePart, files: Iterable[File | CardFile], until: float = math.inf) -> int:
        """Write those of ``files`` that are not there already, and no more once it is ``until``; how many that were."""
        changed: list[tuple[File, str]] = []
        written = 0
        for file in files:
            if isinstance(file, CardFile):
                changed += self._drawn(file)
            elif not self._kept.has(file):
                changed.append((file, ""))
            if len(changed) >= 4 * self._target.writers:
                written += self._put(part, changed)
                changed = []
            # Something is done each time, however slowly.
            if (changed or written) and time.monotonic() > until:
                break
        return written + self._put(part, changed)

    def note(self, file: File) -> int:
        """Write what is another one every time, so that nobody has to remember it."""
        self._target.write(file)
        return 1

    def enter(self, path: str, entered: Callable[[bytes | None], File]) -> None:
        """Make a file out of what is there of it. Others write it as well, so it is not remembered."""
        before = self._target.read(path)
        file = entered(before)
        if file.content != before:
            self._target.write(file)

    def _drawn(self, card: CardFile) -> list[tuple[File, str]]:
        """The picture, unless it is there and of the same document."""
        document = card.card.svg
        digest = hashlib.blake2b(document.encode(), digest_size=16).hexdigest()
        known = self._kept.files.get(card.path)
        if known is not None and known.drawn == digest:
            return []
        file = File(card.path, self._drawer.draw(document), "image/png", FRESH_ENOUGH)
        return [(file, digest)]

    def _put(self, part: SitePart, files: list[tuple[File, str]]) -> int:
        """Write ``files``, but for those of which the target is seen to have the very same."""
        unknown = [file.path for file, _ in files if file.path not in self._kept.files]
        there = self._target.marks(unknown) if unknown else {}
        wanted: list[tuple[File, str]] = []
        for file, drawn in files:
            if self._kept.has(file):
                self._kept.remember(part, file, self._kept.files[file.path].mark, drawn)
            elif file.path in there and self._target.is_same(file, there[file.path]):
                self._kept.remember(part, file, there[file.path], drawn)
            else:
                wanted.append((file, drawn))
        for (file, drawn), mark in zip(wanted, self._written([file for file, _ in wanted]), strict=True):
            self._kept.remember(part, file, mark, drawn)
        return len(wanted)

    def _written(self, files: list[File]) -> Iterator[Mark]:
        if self._target.writers == 1:
            yield from map(self._target.write, files)
        else:
            with ThreadPoolExecutor(self._target.writers) as pool:
                yield from pool.map(self._target.write, files)
