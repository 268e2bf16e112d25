"""Which version of what it shows a public read has just now: kept answers are good as long as that is the same."""

from app.addresses import Parsed, Shows
from app.domain.errors import Harmed, NotKnown
from app.projection.newsroom import Newsroom
from app.web.reads.reading import Version


def version_of(parsed: Parsed, newsroom: Newsroom, *, release: str) -> Version | None:
    """Epoch and sequence of its council's last entry, of the night's, or of everything; of static files ``release``.

    Of the past it is the entry that is asked for. None where there is nothing of that name.
    """
    if parsed.slug is None:
        return release if parsed.address.shows is Shows.RELEASE else _of_everything(newsroom)
    try:
        publication = newsroom.publication(parsed.slug)
        if parsed.at is not None:
            return publication.version(parsed.at) if parsed.at <= publication.seq else None
        # A page that is not current says so, and is another one than it was.
        mark = "" if newsroom.is_current(parsed.slug) else "~"
        if parsed.address.shows is Shows.NIGHT:
            return f"{publication.version()}{mark}"
        council_id = parsed.council_id
        if parsed.ballot_id is not None:
            council_id = publication.election.contest(parsed.ballot_id).council_id
        assert council_id is not None
        publication.election.council(council_id)
    except (NotKnown, Harmed):
        return None
    last = publication.night.councils[council_id].last
    return f"{publication.version(last.seq if last else 0)}{mark}"


def _of_everything(newsroom: Newsroom) -> Version:
    return "-".join(publication.version() for publication in newsroom.publications) or "0"
