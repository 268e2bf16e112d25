"""For readers and spreadsheets: the Atom feed of the log, and everything declared as CSV and JSON."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.bundles.exporting import export_csv, export_dc_csv, export_json
from app.pages.feed import FeedEntry, feed_entries
from app.pages.publication import Publication
from app.web.api import PROBLEMS
from app.web.parts import Asked, AskedFor, own_address

feeds = APIRouter(prefix="/api/v1", tags=["results"])

ATOM = "http://www.w3.org/2005/Atom"
CSV = "text/csv; charset=utf-8"


@feeds.get("/elections/{slug}/export.csv", response_class=Response, responses=PROBLEMS)
async def csv_file(asked: AskedFor) -> Response:
    """Everything declared, a row a candidacy."""
    text = export_csv(asked.publication.night, rehearsal=asked.parts.settings.rehearsal)
    return _file(asked, text, CSV, ".csv")


@feeds.get("/elections/{slug}/export.dc.csv", response_class=Response, responses=PROBLEMS)
async def democracy_club_file(asked: AskedFor) -> Response:
    """Results in Democracy Club's columns, a row a candidacy of every contest whose winners are known."""
    text = export_dc_csv(asked.publication.night, rehearsal=asked.parts.settings.rehearsal)
    return _file(asked, text, CSV, "-results.csv")


@feeds.get("/elections/{slug}/export.json", response_class=Response, responses=PROBLEMS)
async def json_file(asked: AskedFor) -> Response:
    """The whole election: parties, scoreboard and every council with its contests, compared by `convention`."""
    publication = asked.publication
    text = export_json(
        publication.night,
        epoch=publication.epoch,
        convention=asked.convention,
        rehearsal=asked.parts.settings.rehearsal,
    )
    return _file(asked, text, "application/json", ".json")


def _file(asked: Asked, text: str, media_type: str, ending: str) -> Response:
    name = f"{asked.publication.election.slug}{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=media_type, headers=headers)


@feeds.get("/elections/{slug}/feed.atom", response_class=Response, responses=PROBLEMS)
async def atom_feed(
    request: Request,
    asked: AskedFor,
    council: str | None = None,
    flips: Annotated[bool, Query(description="Only entries with which a gain appeared or vanished.")] = False,  # noqa: FBT002  # a query has no positions
) -> Response:
    """The newest hundred entries of the public log; corrections and withdrawals are entries of their own."""
    entries = feed_entries(asked.publication, council_id=council, flips=flips)
    place = f"{asked.publication.election.slug}/feed.atom{_query(council, flips=flips)}"
    rehearsal = asked.parts.settings.rehearsal
    xml = atom(asked.publication, entries, base=own_address(request), place=place, rehearsal=rehearsal)
    return Response(xml, media_type="application/atom+xml")


def _query(council: str | None, *, flips: bool) -> str:
    asked = {**({"council": council} if council else {}), **({"flips": "1"} if flips else {})}
    return f"?{urlencode(asked)}" if asked else ""


def atom(
    publication: Publication, entries: list[FeedEntry], *, base: str, place: str, rehearsal: bool = False
) -> bytes:
    """A feed as XML (RFC 4287). ``base`` is the address of this server, ``place`` that of the feed below the API's."""
    election, mark = publication.election, "TEST: " if rehearsal else ""
    home = f"{base}/elections/{election.slug}"
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    begun = datetime.combine(election.polling_date, datetime.min.time(), UTC)
    # Ids are of the log and not of the address it is read at, so that a reader knows an entry again behind any name.
    tag = f"tag:{election.slug},{election.polling_date}:{publication.epoch}"
    _add(root, "id", f"{tag}/{place}")
    _add(root, "title", f"{mark}{election.name}: declarations")
    _add(root, "updated", max((entry.at for entry in entries), default=begun).isoformat())
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": home})
    SubElement(
        root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{base}/api/v1/elections/{place}"}
    )
    _add(SubElement(root, "author"), "name", "Declared")
    for entry in entries:
        _add_entry(root, entry, tag, home, mark)
    xml: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return xml


def _add_entry(root: Element, entry: FeedEntry, tag: str, home: str, mark: str) -> None:
    node = SubElement(root, "entry")
    _add(node, "id", f"{tag}/{entry.seq}")
    _add(node, "title", f"{mark}{entry.title}")
    _add(node, "updated", entry.at.isoformat())
    link = home
    if entry.ballot_id is not None:
        link = f"{home}/contests/{entry.ballot_id}"
    elif entry.council_id is not None:
        link = f"{home}/councils/{entry.council_id}"
    SubElement(node, "link", {"rel": "alternate", "type": "text/html", "href": link})
    SubElement(node, "category", {"term": entry.kind})
    _add(node, "content", mark + " ".join(_full_stopped(text) for text in entry.sentences or (entry.title,)))


def _full_stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _add(parent: Element, name: str, text: str) -> None:
    """Text without what an XML document may not hold; spaces at its ends mean nothing."""
    SubElement(parent, name).text = "".join(filter(_is_xml, text)).strip()


def _is_xml(letter: str) -> bool:
    return letter in "\t\n\r" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter >= "\U00010000"
