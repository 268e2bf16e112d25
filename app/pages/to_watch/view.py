"""The page of councils to watch: what each party needs in which wards, and before the count what it defends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.domain.council import CouncilState
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.to_watch import CouncilToWatch, WatchOrder, leads, to_watch
from app.pages.addresses import to_watch_url
from app.pages.components.seating import SeatBar, seat_bar
from app.pages.drawn import DRAWN
from app.pages.environment import rendering
from app.pages.frame import PageFrame
from app.pages.overview.board import regions
from app.pages.story.linked import linked
from app.process.turns import Steps
from app.wording.figures import clock
from app.wording.progress import progress
from app.wording.story.text import Sentence, together
from app.wording.to_watch import (
    defence_told,
    lead_told,
    nearness_told,
    needs_told,
    nobody_told,
    watched_so_far,
)
from app.wording.why import before

TO_WATCH_FRAGMENTS = ("to-watch", DRAWN)
"""What of the page changes as the night goes on: element ids."""

ORDERS = {WatchOrder.CERTAIN: "Nearest to certain", WatchOrder.HANDS: "Nearest to changing hands"}


@dataclass(frozen=True, slots=True)
class ItemToWatch:
    """A council as it is shown; ``needs`` are who can still control it, each with a sentence.

    ``due`` is empty where nobody knows when more is expected, ``defences`` once the count is on.
    """

    state: CouncilState
    progress: str
    due: str
    bar: SeatBar
    nearness: Markup
    needs: list[tuple[str, Markup]]
    otherwise: str
    defences: list[str]
    copied: str


def to_watch_page(
    environment: Environment,
    night: Night,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    region: str = "",
    order: WatchOrder = WatchOrder.CERTAIN,
) -> Steps[str]:
    """The page, of all councils or those of a ``region``, in an ``order``; ``fragments`` are the dashboard's."""
    election, known = night.election, regions(night.councils.values())
    region, is_file = region if region in known else "", frame.static_page is not None
    watched = to_watch(night, convention, region, order)
    yield
    items = []
    for it in watched:
        items.append(_item(night, convention, it, is_file=is_file))
        yield
    told = [lead_told(election, it) for it in leads(night, region)]
    values = {
        "frame": frame,
        "election": election,
        "convention": convention,
        **_links(election, convention, region, order),
        "order": order,
        "regions": known,
        "region": region,
        "so_far": watched_so_far(election, watched),
        "items": items,
        "leads": _shown(night, convention, told, is_file=is_file),
        "drawn": Markup(fragments[DRAWN]),
    }
    return (yield from rendering(environment, "to_watch/page.html", values))


def _links(election: Election, convention: Convention, region: str, order: WatchOrder) -> dict[str, Any]:
    """To the same under the other conventions, and in the other orders."""
    conventions = election.conventions.values()
    return {
        "conventions": [(it, to_watch_url(election, it, region=region, order=_asked(order))) for it in conventions],
        "orders": [
            (it, label, to_watch_url(election, convention, region=region, order=_asked(it)))
            for it, label in ORDERS.items()
        ],
    }


def _asked(order: WatchOrder) -> str:
    return "" if order is WatchOrder.CERTAIN else order


def _item(night: Night, convention: Convention, watched: CouncilToWatch, *, is_file: bool) -> ItemToWatch:
    election, state, at = night.election, watched.state, watched.state.next_expected_at
    needs = [needs_told(election, watched, it) for it in watched.contenders]
    nearness, nobody = nearness_told(election, watched), nobody_told(watched)
    defences = list(defence_told(election, watched))
    held = f"{before(election, watched.comparison)}."
    (near, _), *shown = _shown(night, convention, [nearness, *needs], is_file=is_file)
    copied = f"{state.council.name}: {progress(election, state)}. {together([nearness, *needs, nobody])} {held}"
    return ItemToWatch(
        state=state,
        progress=progress(election, state),
        due=f"due {clock(election, at)}" if at is not None and state.last is None else "",
        bar=seat_bar(election, state),
        nearness=near,
        needs=[(it.group, html) for it, (html, _) in zip(watched.contenders, shown, strict=True)],
        otherwise=f"{nobody.text} {held}",
        defences=[it.text for it in defences],
        copied=" ".join(filter(None, [copied, together(defences)])),
    )


def _shown(
    night: Night, convention: Convention, sentences: Iterable[Sentence], *, is_file: bool
) -> list[tuple[Markup, str]]:
    """Each as HTML and as text."""
    return [(linked(night.election, convention, it, is_file=is_file), it.text) for it in sentences]
