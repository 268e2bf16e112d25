"""Councils' rows on the dashboard, kept as they were rendered: a page of the past is made of hundreds of them."""

import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.election import Convention, Election
from app.domain.night import Night
from app.pages.rendering import Rendering

LEVEL = 1
"""Of compressing: a third of the size for a tenth of the time that rendering takes."""

MOST_BYTES = 10 * 1024 * 1024
"""Bytes that are kept, every row of a national night's; those that were asked for longest ago go first."""

AROUND = 600
"""Bytes that a row takes beside its own: measured, of what Python makes around it."""

_Key = tuple[str, int, str]
"""A council, the last entry about it, and the key of a convention: of one log and one catalogue, what a row shows."""


@dataclass(frozen=True, slots=True)
class _RowKept:
    election: Election
    fragments: Mapping[str, bytes]

    @property
    def size(self) -> int:
        return AROUND + sum(map(len, self.fragments.values()))


class RowsKept:
    """Those of one log. For one thread."""

    def __init__(self, rendering: Rendering, *, most_bytes: int = MOST_BYTES) -> None:
        self._rendering = rendering
        self._most_bytes = most_bytes
        self._kept: OrderedDict[_Key, _RowKept] = OrderedDict()
        self.size = 0
        """Bytes kept."""

    def row(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        """That of a council at ``night``, as the rendering gives it; element id -> HTML."""
        last = night.councils[council_id].last
        key = (council_id, last.seq if last is not None else 0, convention.key)
        kept = self._kept.get(key)
        # Of another catalogue it may be another row, though nothing has been declared in between.
        if kept is not None and kept.election is night.election:
            self._kept.move_to_end(key)
            return {element: zlib.decompress(html).decode() for element, html in kept.fragments.items()}
        fragments = self._rendering.row(night, council_id, convention)
        self._keep(
            key,
            _RowKept(night.election, {name: zlib.compress(html.encode(), LEVEL) for name, html in fragments.items()}),
        )
        return fragments

    def _keep(self, key: _Key, row: _RowKept) -> None:
        before = self._kept.pop(key, None)
        self._kept[key] = row
        self.size += row.size - (before.size if before is not None else 0)
        while self.size > self._most_bytes:
            _, forgotten = self._kept.popitem(last=False)
            self.size -= forgotten.size
