"""The page of all changes of control, in order; what is held stands apart, and more quietly."""

from collections.abc import Mapping

from jinja2 import Environment
from markupsafe import Markup

from app.domain.election import Convention
from app.domain.night import Night
from app.pages.addresses import flips_url
from app.pages.drawn import DRAWN
from app.pages.environment import rendering
from app.pages.flips.items import decision_items
from app.pages.frame import PageFrame
from app.process.turns import Steps
from app.wording.alerts import FEED_HEADINGS
from app.wording.flips import changes_so_far, no_change

FLIPS_FRAGMENTS = ("flips-page", DRAWN)
"""What of the page changes as the night goes on: element ids."""

ORDERS = {"newest": "Newest first", "oldest": "Oldest first"}


def flips_page(
    environment: Environment,
    night: Night,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    *,
    order: str = "",
) -> Steps[str]:
    """The page; ``oldest`` is the night as it went, any other ``order`` has the newest first.

    ``fragments`` are those of the dashboard.
    """
    order = order if order in ORDERS else "newest"
    items = decision_items(night, convention, night.decisions[convention.key])
    yield
    flips = [item for item in items if item.decision.is_flip]
    held = sorted((item for item in items if not item.decision.is_flip), key=lambda item: item.name)
    values = {
        "frame": frame,
        "election": night.election,
        "convention": convention,
        "conventions": [
            (each, flips_url(night.election, each, order=order)) for each in night.election.conventions.values()
        ],
        "orders": [(key, label, flips_url(night.election, convention, order=key)) for key, label in ORDERS.items()],
        "order": order,
        "flips": flips[::-1] if order == "oldest" else flips,
        "held": held,
        "so_far": changes_so_far(night.election, night.decisions[convention.key]),
        "no_change": no_change(night.election),
        "feeds": FEED_HEADINGS,
        "drawn": Markup(fragments[DRAWN]),
    }
    return (yield from rendering(environment, "flips/page.html", values))
