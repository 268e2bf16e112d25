"""Parties that are well known, and the party that is meant where a file has its name alone."""

import re
from collections.abc import Iterable, Mapping

from app.domain.election import INDEPENDENTS, Party
from app.imports.ids import apart, slug

LABOUR = "PP53"

WELL_KNOWN: Mapping[str, Party] = {
    party.party_id: party
    for party in (
        Party("PP52", "Conservative and Unionist Party", "CON", "#0087DC"),
        Party(LABOUR, "Labour Party", "LAB", "#E4003B"),
        Party("joint-party:53-119", "Labour and Co-operative Party", "LAB", "#E4003B", group=LABOUR),
        Party("PP90", "Liberal Democrats", "LD", "#FAA61A"),
        Party("PP63", "Green Party", "GRN", "#02A95B"),
        Party("PP7931", "Reform UK", "REF", "#12B6CF"),
        Party("PP102", "Scottish National Party (SNP)", "SNP", "#FDF38E"),
        Party("PP77", "Plaid Cymru - The Party of Wales", "PC", "#005B54"),
        Party("PP70", "Democratic Unionist Party - D.U.P.", "DUP", "#D46A4C"),
        Party("PP39", "Sinn Féin", "SF", "#326760"),
        Party("PP103", "Alliance - Alliance Party of Northern Ireland", "APNI", "#F6CB2F"),
        Party("PP55", "SDLP (Social Democratic & Labour Party)", "SDLP", "#2AA82C"),
        Party("PP83", "Ulster Unionist Party", "UUP", "#48A5EE"),
        Party(INDEPENDENTS, "Independent", "IND", "#DCDCDC"),
        Party("PP85", "UK Independence Party (UKIP)", "UKIP", "#70147A"),
        Party("PP804", "Trade Unionist and Socialist Coalition", "TUSC", "#EC008C"),
        Party("PP11382", "Workers Party of Britain", "WPB", "#780021"),
        Party("PP2055", "Yorkshire Party", "YP", "#00AEEF"),
        Party("PP243", "Social Democratic Party", "SDP", "#D25469"),
        Party("PP12550", "Heritage Party", "HER", "#1E3A5F"),
        Party("PP79", "Christian Peoples Alliance", "CPA", "#813887"),
        Party("PP2755", "Women's Equality Party", "WEP", "#432360"),
        Party("PP66", "The Official Monster Raving Loony Party", "OMRLP", "#FFF000"),
    )
}
"""By the Electoral Commission's id. Colours are those that they are commonly shown in."""

_ALSO_CALLED: Mapping[str, str] = {
    "conservative": "PP52",
    "conservatives": "PP52",
    "con": "PP52",
    "labour": LABOUR,
    "lab": LABOUR,
    "labour and co-operative": "joint-party:53-119",
    "labour and cooperative": "joint-party:53-119",
    "labour co-op": "joint-party:53-119",
    "liberal democrat": "PP90",
    "lib dem": "PP90",
    "green": "PP63",
    "reform": "PP7931",
    "ukip": "PP85",
    "uk independence": "PP85",
    "snp": "PP102",
    "scottish national": "PP102",
    "plaid cymru": "PP77",
    "trade unionist and socialist coalition (tusc)": "PP804",
    "ind": INDEPENDENTS,
    "independents": INDEPENDENTS,
    "no affiliation": INDEPENDENTS,
    "no description": INDEPENDENTS,
    "non-affiliated": INDEPENDENTS,
    "": INDEPENDENTS,
}
"""What councils write, without “the” and “party”."""


def _plain(name: str) -> str:
    """A name without what councils add to it or leave out of it."""
    words = re.sub(r"\bcandidate\b|\bparty\b|^the\b", " ", name.casefold().replace("&", "and").replace("’", "'"))
    return " ".join(words.split())


class PartyNames:
    """Ids of parties by their names; one that nobody knows gets an id of its own, which starts with ``local:``."""

    def __init__(self, known: Iterable[Party] = ()) -> None:
        self._ids = {_plain(party.name): party.party_id for party in WELL_KNOWN.values()}
        self._ids |= _ALSO_CALLED
        self._ids |= {_plain(party.name): party.party_id for party in known}
        self._taken: set[str] = set()

    def id_of(self, name: str) -> str:
        plain = _plain(name)
        if plain not in self._ids:
            self._ids[plain] = f"local:{apart(slug(name)[:60] or 'party', self._taken)}"
        return self._ids[plain]
