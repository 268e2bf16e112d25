"""The feed of the log as XML (Atom, RFC 4287)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from app.addresses import CONTEST, COUNCIL, OVERVIEW
from app.domain.election import Election
from app.domain.letters import in_xml
from app.feeds.entries import FeedEntry
from app.process.turns import Steps, collected
from app.wording.figures import stopped
from app.wording.marks import TEST_MARK

ATOM = "http://www.w3.org/2005/Atom"


def atom(  # the parts of a feed's head, each by its name
    election: Election,
    epoch: str,
    entries: Iterable[FeedEntry],
    *,
    base: str,
    place: str,
    heading: str = "declarations",
    rehearsal: bool = False,
    own: str = "",
) -> Steps[bytes]:
    """A feed as XML (RFC 4287). ``base`` is the address of this server, ``place`` that of the feed below the API's.

    ``heading`` says which entries it has. ``own`` is where a copy is, of the same feed, that is somewhere else.
    """
    told = yield from collected(entries)
    mark = TEST_MARK if rehearsal else ""
    home = base + OVERVIEW.to(slug=election.slug)
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    begun = datetime.combine(election.polling_date, datetime.min.time(), UTC)
    # Ids are of the log and not of the address it is read at, so that a reader knows an entry again behind any name.
    tag = f"tag:{election.slug},{election.polling_date}:{epoch}"
    _add(root, "id", f"{tag}/{place}")
    _add(root, "title", f"{mark}{election.name}: {heading}")
    _add(root, "updated", max((entry.at for entry in told), default=begun).isoformat())
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": home})
    SubElement(
        root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{base}/api/v1/elections/{own or place}"}
    )
    _add(SubElement(root, "author"), "name", "Declared")
    for entry in told:
        _add_entry(root, entry, tag, base + _page_of(election, entry), mark)
        yield
    xml: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return xml


def _add_entry(root: Element, entry: FeedEntry, tag: str, link: str, mark: str) -> None:
    node = SubElement(root, "entry")
    _add(node, "id", f"{tag}/{entry.seq}")
    _add(node, "title", f"{mark}{entry.title}")
    _add(node, "updated", entry.at.isoformat())
    SubElement(node, "link", {"rel": "alternate", "type": "text/html", "href": link})
    SubElement(node, "category", {"term": entry.kind})
    _add(node, "content", mark + " ".join(stopped(text) for text in entry.sentences or (entry.title,)))


def _page_of(election: Election, entry: FeedEntry) -> str:
    if entry.ballot_id is not None:
        return CONTEST.to(slug=election.slug, ballot_id=entry.ballot_id)
    if entry.council_id is not None:
        return COUNCIL.to(slug=election.slug, council_id=entry.council_id)
    return OVERVIEW.to(slug=election.slug)


def _add(parent: Element, name: str, text: str) -> None:
    """Text without what an XML document may not hold; spaces at its ends mean nothing."""
    SubElement(parent, name).text = in_xml(text).strip()
