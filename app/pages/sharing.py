"""What a page says of itself where somebody shares its address: a title, a line, and a picture with words for it."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from app.addresses import COUNCIL_CARD, NIGHT_CARD, PARTY_CARD
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.party_night import PartyNight
from app.pages.addresses import contest_url, council_url, election_url, flips_url, party_url, to_watch_url
from app.pages.cards.figures import night_rows
from app.pages.cards.view import MEASURES, CardSize
from app.pages.past import at_moment
from app.wording import sentences
from app.wording.as_at import council_stands, night_stands
from app.wording.cards import alt_of_council, alt_of_night, alt_of_party, night_line
from app.wording.figures import sentence, together
from app.wording.flips import changes_so_far
from app.wording.marks import TEST_MARK, TEST_SENTENCE
from app.wording.night import how_far
from app.wording.party_night import party_line, party_sentences
from app.wording.past import past_mark
from app.wording.ticker import newest_flash

SITE = "Declared"


@dataclass(frozen=True, slots=True)
class Share:
    """The ``og:`` and ``twitter:`` tags of a page; its addresses are absolute.

    ``canonical`` is that of the page as it stands, for which one of the past is no more than another view. ``title`` is
    the page's name, ``news`` what it has to tell: it is that which is read where the address is shared.
    """

    title: str
    news: str
    description: str
    url: str
    canonical: str
    image: str
    width: int
    height: int
    alt: str
    site: str = SITE


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: our own address, without a slash at its end, and the epoch of the log it is made from.

    ``at`` is the entry after which it shows the night, None where it shows it as it stands; ``time`` when the newest
    entry that it shows was announced, None before the first.
    """

    address: str
    epoch: str
    rehearsal: bool = False
    at: int | None = None
    time: datetime | None = None


def card_url(
    election: Election, council_id: str | None, convention: Convention, *, seq: int, epoch: str, size: CardSize
) -> str:
    """A card of one sequence, under an address whose picture never changes; without a council that of the night."""
    slug = election.slug
    path = COUNCIL_CARD.to(slug=slug, council_id=council_id) if council_id is not None else NIGHT_CARD.to(slug=slug)
    return _card_url(path, election, convention, seq, epoch, size)


def _card_url(
    path: str, election: Election, convention: Convention, seq: int, epoch: str, size: CardSize = CardSize.WIDE
) -> str:
    asked: dict[str, str | int] = {"seq": seq, "epoch": epoch}
    if convention.key != election.convention:
        asked["convention"] = convention.key
    if size is not CardSize.WIDE:
        asked["size"] = size.value
    return f"{path}?{urlencode(asked)}"


def council_share(night: Night, council_id: str, convention: Convention, place: Place) -> Share:
    """Of a council's page."""
    election, state = night.election, night.councils[council_id]
    return _share_of_council(
        night,
        council_id,
        convention,
        title=f"{state.council.name}: {election.name}",
        news=sentences.council_news(election, state, state.comparisons[convention.key]),
        description=sentences.council_seats(election, state, state.comparisons[convention.key]),
        path=council_url(election, council_id, convention),
        place=place,
    )


def contest_share(night: Night, ballot_id: str, convention: Convention, place: Place) -> Share:
    """Of a contest's page: its own title and line, with its council's card."""
    election = night.election
    contest = election.contest(ballot_id)
    council = election.council(contest.council_id)
    return _share_of_council(
        night,
        council.council_id,
        convention,
        title=f"{contest.name}, {council.name}: {election.name}",
        news=sentences.contest_news(election, council, night.result(ballot_id)),
        description=sentences.contest_details(election, night.result(ballot_id)),
        path=contest_url(election, ballot_id, convention),
        place=place,
    )


def night_share(night: Night, at: datetime | None, convention: Convention, place: Place) -> Share:
    """Of the dashboard; ``at`` is the time of the last entry."""
    election, only = night.election, night.only_state
    if only is None:
        rows = night_rows(night, convention, MEASURES[CardSize.WIDE].table_rows)
        told, alt = night_line(night), alt_of_night(night, convention, rows, at)
    else:
        comparison = only.comparisons[convention.key]
        told, alt = (
            sentences.council_line(election, only, comparison),
            alt_of_council(election, only, comparison),
        )
    standing = night_stands(night, at, is_past=place.at is not None)
    return _share(
        title=f"{election.name}: {'live results' if place.at is None else 'results'}",
        news=how_far(night),
        description=together([newest_flash(night, convention), told, standing]),
        path=election_url(election, convention),
        card=card_url(election, None, convention, seq=night.seq, epoch=place.epoch, size=CardSize.WIDE),
        alt=alt,
        place=place,
    )


def why_share(share: Share, path: str, place: Place) -> Share:
    """Of a receipt: the picture and the line of what it is about."""
    return replace(
        share,
        title=f"Why? {share.title}",
        news=f"Why? {share.news}",
        url=f"{place.address}{at_moment(path, place.at)}",
        canonical=f"{place.address}{path}",
    )


def flips_share(night: Night, at: datetime | None, convention: Convention, place: Place) -> Share:
    """Of the page of all changes of control: how many there are, with the card of the night."""
    share = night_share(night, at, convention, place)
    path = flips_url(night.election, convention)
    title = f"Changes of control, {share.title}"
    return replace(
        share,
        title=title,
        news=title,
        description=changes_so_far(night.election, night.decisions[convention.key]),
        url=f"{place.address}{at_moment(path, place.at)}",
        canonical=f"{place.address}{path}",
    )


def to_watch_share(night: Night, at: datetime | None, convention: Convention, place: Place) -> Share:
    """Of the page of councils to watch, with the card of the night and what that says."""
    share = night_share(night, at, convention, place)
    path = to_watch_url(night.election, convention)
    title = f"{sentence(night.election.words.bodies)} to watch, {share.title}"
    return replace(
        share,
        title=title,
        news=title,
        url=f"{place.address}{at_moment(path, place.at)}",
        canonical=f"{place.address}{path}",
    )


def page_share(
    night: Night, at: datetime | None, convention: Convention, place: Place, *, title: str, description: str, path: str
) -> Share:
    """Of a page about the night at ``path``, such as a ranking, with the card of the night."""
    share = night_share(night, at, convention, place)
    return replace(
        share,
        title=f"{title}, {share.title}",
        news=f"{title}, {share.title}",
        description=description,
        url=f"{place.address}{at_moment(path, place.at)}",
        canonical=f"{place.address}{path}",
    )


def party_share(night: Night, party: PartyNight, at: datetime | None, convention: Convention, place: Place) -> Share:
    """Of a party's page; ``at`` is the time of the last entry."""
    election, group = night.election, party.group
    standing = night_stands(night, at, is_past=place.at is not None)
    return _share(
        title=f"{election.party(group).name}: {election.name}",
        news=f"{election.party(group).name}, {party_line(night, party)}",
        description=together([*party_sentences(night, party)[:2], election.name, standing]),
        path=party_url(election, group, convention),
        card=_card_url(PARTY_CARD.to(slug=election.slug, party=group), election, convention, night.seq, place.epoch),
        alt=alt_of_party(night, party, at),
        place=place,
    )


def _share_of_council(
    night: Night,
    council_id: str,
    convention: Convention,
    *,
    title: str,
    news: str,
    description: str,
    path: str,
    place: Place,
) -> Share:
    election, state = night.election, night.councils[council_id]
    seq = state.last.seq if state.last else 0
    standing = council_stands(election, state, is_past=place.at is not None)
    return _share(
        title=title,
        news=news,
        description=together([description, election.name, standing]),
        path=path,
        card=card_url(election, council_id, convention, seq=seq, epoch=place.epoch, size=CardSize.WIDE),
        alt=alt_of_council(election, state, state.comparisons[convention.key]),
        place=place,
    )


def _share(*, title: str, news: str, description: str, path: str, card: str, alt: str, place: Place) -> Share:
    measures, test = MEASURES[CardSize.WIDE], TEST_SENTENCE if place.rehearsal else ""
    mark = f"{TEST_MARK if place.rehearsal else ''}{past_mark(place.at) if place.at is not None else ''}"
    return Share(
        title=f"{mark}{title}",
        news=f"{mark}{news}",
        description=f"{test}{description}",
        url=f"{place.address}{at_moment(path, place.at)}",
        canonical=f"{place.address}{path}",
        image=f"{place.address}{card}",
        width=measures.width,
        height=measures.height,
        alt=f"{test}{alt}",
    )
