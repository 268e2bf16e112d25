"""What a page of the whole night has to take over, by the entry that it stands at: instead of the page itself.

A file for every entry that pages may stand at, with what has changed since, up to now: the socket's messages, from the
same kind of channel. It is named by the last two digits of the entry, so that there are never more than a hundred, and
says which entry it is for. Whoever finds another one there takes the page.
"""

import json
import time
from collections import OrderedDict
from collections.abc import Iterator

from app.domain.election import Convention
from app.live.channels import Channel
from app.live.lists import Copy, Listed
from app.pages.environment import moment_element
from app.pages.overview.view import LISTS
from app.pages.story.view import STORY, night_story_part
from app.publishing.ground import Ground
from app.publishing.notes import NOTE
from app.publishing.targets import JSON, File

SLOTS = 100
"""Files there are at most, of each convention."""

KEPT_SECONDS = 90.0
"""How long after it is left an entry may still be stood at: pages look every half minute."""


def changes_url(ground: Ground, convention: Convention) -> str:
    """Where the files of a convention are."""
    return f"/{ground.name(convention, ground.overview)}/changes"


class ChangesSince:
    """Of one log and one catalogue, from the first time that its pages were written."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}
        self._left: OrderedDict[int, float] = OrderedDict()
        """Entries that pages stood at, and when they were left, by the monotonic clock."""
        self._seq: int | None = None

    def begin(self, ground: Ground) -> None:
        """The pages have been written already, by somebody before us."""
        self._seq = ground.publication.seq
        for convention in ground.conventions:
            self._gone_on(ground, convention)

    def go_on(self, ground: Ground) -> Iterator[File]:
        """The files after the pages have been written."""
        now, seq = time.monotonic(), ground.publication.seq
        if self._seq not in (None, seq):
            self._left[self._seq] = now
        self._seq = seq
        # The newest stays, however long the next entry takes to come.
        while len(self._left) > 1 and now - next(iter(self._left.values())) > KEPT_SECONDS:
            self._left.popitem(last=False)
        slots = {since % SLOTS: since for since in self._left}
        for convention in ground.conventions:
            channel = self._gone_on(ground, convention)
            for since in slots.values():
                yield _file(ground, convention, channel, since)

    def _gone_on(self, ground: Ground, convention: Convention) -> Channel:
        seq, fragments = ground.publication.seq, _fragments(ground, convention)
        channel = self._channels.get(convention.key)
        if channel is None:
            epoch = ground.publication.epoch
            channel = self._channels[convention.key] = Channel("files", epoch=epoch, seq=seq, fragments=fragments)
        elif channel.seq < seq:
            channel.update(seq, fragments)
        return channel


def _fragments(ground: Ground, convention: Convention) -> dict[str, Copy]:
    """Those of the page, as they are in files."""
    shown = ground.publication.channel(None, convention).fragments
    shown[STORY] = night_story_part(ground.environment, ground.night, convention, is_file=True)
    linked = {element: ground.linked(html, ground.overview) for element, html in shown.items()}
    return {element: Listed.read(html) if element in LISTS else html for element, html in linked.items()}


def _file(ground: Ground, convention: Convention, channel: Channel, since: int) -> File:
    seq = ground.publication.seq
    message = channel.resume(epoch=channel.epoch, since=since, head=seq)
    told = json.loads(message) if message is not None else {"epoch": channel.epoch, "kind": "update", "content": ""}
    told |= {"since": since, "seq": seq, "as_at": _as_at(ground)}
    name = f"{changes_url(ground, convention)[1:]}/{since % SLOTS}.json"
    return File(name, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), JSON, NOTE)


def _as_at(ground: Ground) -> str:
    """As at when that is, in HTML, as a widget says it."""
    at = ground.at
    return "Before the first declaration" if at is None else f"As at {moment_element(at, ground.election)}"
