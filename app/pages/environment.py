"""The Jinja environment: strict, autoescaping, with the house's filters for numbers, times and parties."""

import logging
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import addresses
from app.domain.election import Election
from app.domain.errors import DomainError
from app.pages.addresses import (
    all_parties_url,
    board_url,
    contest_url,
    council_url,
    election_url,
    element_id,
    flips_url,
    over_time_url,
    party_url,
    rankings_url,
    since_url,
    to_watch_url,
    watch_url,
    why_url,
)
from app.pages.assets import Assets
from app.pages.colours import party_class, party_stylesheet_url
from app.process.folders import STATIC, TEMPLATES
from app.process.turns import Steps
from app.wording import sentences
from app.wording.control import basis_wording
from app.wording.figures import NO_FIGURE, plural, with_article
from app.wording.finder import to_find
from app.wording.marks import TEST_LINE, TEST_MARK
from app.wording.night import all_bodies
from app.wording.progress import but_vacant

logger = logging.getLogger(__name__)


class HouseEnvironment(Environment):
    """An environment whose globals are one dictionary, and complete before the first template is loaded.

    Jinja layers a template's globals over its environment's and looks every name up in both, whenever a template is
    rendered or imports another: that was a tenth of what a fragment cost.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


@cache
def make_environment(
    templates: Path = TEMPLATES, static: Path = STATIC, *, dev: bool = False, stale_after: float = 14.0
) -> Environment:
    """The environment for every template of the house.

    One a process for all who ask for the same: to compile the templates takes a third of a second.
    ``dev`` reloads templates that change, and links static files without a version. ``stale_after``: the seconds of
    silence after which an open page says that it is not live.
    """
    environment = HouseEnvironment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=dev,
        cache_size=-1,
    )
    environment.filters.update(_filters())
    environment.globals.update(_globals(Assets(static, dev=dev), f"{stale_after:g}"))
    return environment


def _filters() -> dict[str, Callable[..., Any]]:
    return {
        "number": number,
        "signed": signed,
        "percentage": percentage,
        "clock": clock,
        "time": time_element,
        "time_briefly": brief_time_element,
        "time_or_day": time_or_day_element,
        "moment": moment_element,
        "day": day,
        "plural": plural,
        "sentence": sentences.sentence,
        "all_bodies": all_bodies,
        "with_article": with_article,
        "basis": basis_wording,
        "party_class": party_class,
        "but_vacant": but_vacant,
    }


def _globals(assets: Assets, stale_after: str) -> dict[str, Any]:
    return {
        "addresses": addresses,
        "assets": assets,
        "asset": assets.url,
        "parties_url": party_stylesheet_url,
        "election_url": election_url,
        "board_url": board_url,
        "element_id": element_id,
        "council_url": council_url,
        "contest_url": contest_url,
        "watch_url": watch_url,
        "flips_url": flips_url,
        "to_watch_url": to_watch_url,
        "rankings_url": rankings_url,
        "all_parties_url": all_parties_url,
        "party_url": party_url,
        "why_url": why_url,
        "over_time_url": over_time_url,
        "since_url": since_url,
        "finder_placeholder": to_find,
        "NO_FIGURE": NO_FIGURE,
        "TEST_LINE": TEST_LINE,
        "TEST_MARK": TEST_MARK,
        "stale_after": stale_after,
    }


def load(environment: Environment) -> None:
    """Compile every template; else whoever is the first to ask for a page waits for it, and everybody with them."""
    for name in environment.list_templates(extensions=("html", "svg")):
        environment.get_template(name)


def assets_of(environment: Environment) -> Assets:
    """The static files that ``environment`` links to."""
    assets = environment.globals["assets"]
    assert isinstance(assets, Assets)
    return assets


class CannotBeShown(Exception):
    """What cannot be made into a page, or a part of one; the text is for whoever mends it, who has been told."""


def _tell(told: str, error: Exception) -> None:
    logger.error("%s", told, exc_info=error)


@contextmanager
def showing(what: str, tell: Callable[[str, Exception], None] = _tell) -> Iterator[None]:
    """Have whatever goes wrong in making ``what`` be CannotBeShown, but for what the domain says by name.

    It is told here, where it is found: whoever gets a CannotBeShown has nothing to log.
    """
    try:
        yield
    except DomainError:
        raise
    except Exception as error:
        told = f"{what} cannot be shown: {type(error).__name__}: {error}"
        tell(told, error)
        raise CannotBeShown(told) from error


def render(environment: Environment, template: str, values: Mapping[str, Any]) -> str:
    """A template rendered, without blank lines around it."""
    return environment.get_template(template).render(values).strip()


def rendering(environment: Environment, template: str, values: Mapping[str, Any]) -> Steps[str]:
    """The same for a long page: may be interrupted wherever the template has put something out."""
    written = []
    for text in environment.get_template(template).generate(values):
        written.append(text)
        yield
    return "".join(written).strip()


def number(value: float | None) -> str:
    """``12,345``; an en dash where the number is not known."""
    return NO_FIGURE if value is None else f"{value:,}"


def signed(value: int | None) -> str:
    """``+4``, ``−7`` with a true minus, ``0``; an en dash where there is nothing to compare with."""
    return NO_FIGURE if value is None else sentences.signed(value)


def percentage(value: float | None) -> str:
    """``34.2%``; ``value`` is a percentage already."""
    return NO_FIGURE if value is None else sentences.percentage(value)


def clock(at: datetime, election: Election) -> str:
    """``06:22 BST``: the time in the election's zone, with the zone's name."""
    return sentences.clock(election, at)


def time_element(at: datetime, election: Election) -> Markup:
    """The time as a ``<time>`` element."""
    return _time_element(at, election, sentences.clock(election, at))


def brief_time_element(at: datetime, election: Election) -> Markup:
    """The time as in a narrow column, as a ``<time>`` element."""
    return _time_element(at, election, sentences.clock_briefly(election, at))


def time_or_day_element(at: datetime, election: Election) -> Markup:
    """The time, or once it takes a date that alone, as a ``<time>`` element."""
    return _time_element(at, election, sentences.clock_or_day(election, at))


def moment_element(at: datetime, election: Election) -> Markup:
    """The time with its date, as a ``<time>`` element."""
    return _time_element(at, election, sentences.moment(election, at))


def _time_element(at: datetime, election: Election, text: str) -> Markup:
    local = at.astimezone(election.zone)
    return Markup('<time datetime="%s">%s</time>') % (local.isoformat(timespec="seconds"), text)


def day(value: date) -> str:
    """``Thursday 4 May 2023``, of a date or of a time."""
    return f"{value:%A} {value.day} {value:%B} {value.year}"
