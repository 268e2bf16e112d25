"""For readers and spreadsheets: the Atom feed of the log, and everything declared as CSV."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.bundles.exporting import export_csv
from app.domain.ticker import place_of
from app.pages.publication import LogLine, Publication
from app.web.parts import AskedFor, own_address

feeds = APIRouter(prefix="/api/v1", tags=["results"])

ATOM = "http://www.w3.org/2005/Atom"
FEED_LENGTH = 100
KIND_WORDS = {
    "ward": "Declared",
    "tally": "Tally",
    "correction": "Correction",
    "withdrawal": "Withdrawn",
    "status": "Status",
    "note": "Note",
}


@feeds.get("/elections/{slug}/export.csv", response_class=Response)
async def csv_file(asked: AskedFor) -> Response:
    """Everything declared, a row a candidacy."""
    headers = {"Content-Disposition": f'attachment; filename="{asked.publication.election.slug}.csv"'}
    text = export_csv(asked.publication.night, rehearsal=asked.parts.settings.rehearsal)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@feeds.get("/elections/{slug}/feed.atom", response_class=Response)
async def atom_feed(request: Request, asked: AskedFor) -> Response:
    """The newest entries of the public log; corrections and withdrawals are entries of their own."""
    return Response(feed(asked.publication, own_address(request)), media_type="application/atom+xml")


def feed(publication: Publication, base: str) -> bytes:
    """The feed as XML; ``base`` is the address of this server."""
    election = publication.election
    home = f"{base}/elections/{election.slug}"
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    lines = publication.log[-FEED_LENGTH:]
    updated = lines[-1].entry.at if lines else datetime.combine(election.polling_date, datetime.min.time(), UTC)
    _add(root, "id", home)
    _add(root, "title", f"{election.name}: declarations")
    _add(root, "updated", updated.isoformat())
    SubElement(root, "link", {"rel": "alternate", "href": home})
    SubElement(root, "link", {"rel": "self", "href": f"{base}/api/v1/elections/{election.slug}/feed.atom"})
    SubElement(SubElement(root, "author"), "name").text = "Declared"
    for line in reversed(lines):
        _add_entry(root, publication, line, home)
    xml: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return xml


def _add_entry(root: Element, publication: Publication, line: LogLine, home: str) -> None:
    entry = line.entry
    what = f"{KIND_WORDS[entry.kind]}: {place_of(publication.election, entry)}"
    node = SubElement(root, "entry")
    _add(node, "id", f"tag:{publication.election.slug},{publication.election.polling_date}:{entry.seq}")
    _add(node, "title", line.flash or what)
    _add(node, "updated", entry.at.isoformat())
    link = home
    if entry.ballot_id is not None:
        link = f"{home}/contests/{entry.ballot_id}"
    elif entry.council_id is not None:
        link = f"{home}/councils/{entry.council_id}"
    SubElement(node, "link", {"rel": "alternate", "href": link})
    said = entry.reason or line.body.get("text") or line.body.get("note") or ""
    _add(node, "summary", f"{what}. {said}" if said else what)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")
