"""An article's own colours on a widget: what an editor gives is taken where it can be read, and moved until it can.

A stylesheet of its own carries them, as nothing is inline here. On a ground that is not ours everything that is text
has to be computed anew, the parties' colours too: 4.5:1 for text, 3:1 for what only has a shape (WCAG 2.2).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from app.addresses import WIDGET_COLOURS
from app.domain.election import NO_CONTROL_COLOUR, NO_OVERALL_CONTROL, Election
from app.pages.colours import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    SHAPE_CONTRAST,
    TEXT_CONTRAST,
    contrast,
    label_on,
    mixed,
    party_class,
    readable,
    themed,
)

INKS = ("#14171c", "#000000", "#eceef0", "#ffffff")
"""Text, the first of them that can be read; on every colour one of them can."""

MUTED, RULE, STRONG_RULE, RAISED, WASH = 0.3, 0.84, 0.5, 0.95, 0.88
"""How far second text, rules, raised parts and the wash of news lie from the ink towards the ground."""

WARNINGS = {"#000000": "#9a3412", "#ffffff": "#fdba74"}
"""The colour of a warning by where it is moved to: on a light ground to black, on a dark one to white."""

_WRITTEN = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def read_colour(written: str) -> str:
    """``#fff1e5`` of that, of ``fff1e5`` and of ``#FFF1E5``, and so of three digits; ValueError for anything else."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"“{written[:40]}” is no colour; write six hexadecimal digits, such as fff1e5")
    digits = found[1].lower()
    return f"#{digits if len(digits) == 6 else ''.join(2 * digit for digit in digits)}"


@dataclass(frozen=True, slots=True)
class Accent:
    """An accent as it is used on a ground, and on what is raised from that; ``given`` is what the editor wrote."""

    given: str
    used: str
    grounds: tuple[str, str]

    @property
    def contrast(self) -> float:
        """The least that it has there."""
        return min(contrast(self.used, ground) for ground in self.grounds)

    @property
    def contrast_given(self) -> float:
        """What it would have had."""
        return min(contrast(self.given, ground) for ground in self.grounds)


@dataclass(frozen=True, slots=True)
class ArticleColours:
    """The ground and the accent that an editor wants, ``#rrggbb`` each; empty where they are ours."""

    background: str = ""
    accent: str = ""

    @classmethod
    def read(cls, background: str, accent: str) -> Self:
        """From an address; ValueError, with the name of the field, for what is no colour."""
        found = []
        for name, written in (("background", background), ("accent", accent)):
            try:
                found.append(read_colour(written) if written else "")
            except ValueError as error:
                raise ValueError(f"{name}: {error}.") from None
        return cls(*found)

    def __bool__(self) -> bool:
        return bool(self.background or self.accent)

    @property
    def query(self) -> dict[str, str]:
        """As an address has them."""
        return {"background": self.background.removeprefix("#"), "accent": self.accent.removeprefix("#")}

    @property
    def theme(self) -> str:
        """``light`` or ``dark`` by the ground; empty where that is ours, and so the reader's or the editor's choice."""
        if not self.background:
            return ""
        return "light" if contrast(self.background, "#000000") >= contrast(self.background, "#ffffff") else "dark"

    @property
    def ink(self) -> str:
        """The text on the ground."""
        return next(it for it in self._inks() if contrast(it, self.background) >= TEXT_CONTRAST)

    def accents(self) -> tuple[Accent, ...]:
        """The accent on each ground that it may stand on: that of the article, or ours in the light and in the dark."""
        if not self.accent:
            return ()
        grounds = (self._grounds(),) if self.background else (LIGHT_GROUNDS, DARK_GROUNDS)
        return tuple(Accent(self.accent, _text(self.accent, it), it) for it in grounds)

    def stylesheet(self, election: Election) -> str:
        """The rules; after them those of the parties, if the ground is the article's."""
        own = {**self._of_ground(), **self._of_accent()}
        rule = "".join(f"{name}:{value};" for name, value in own.items())
        parties = self._of_parties(election) if self.background else ""
        # On paper it is black on white; three times the root outweighs the themes of tokens.css.
        return f"@media screen{{:root:root:root{{{rule}}}\n{parties}}}\n"

    def _inks(self) -> Iterable[str]:
        dark, light = INKS[:2], INKS[2:]
        return (*dark, *light) if self.theme == "light" else (*light, *dark)

    def _grounds(self) -> tuple[str, str]:
        """The ground, and what is raised from it as far as the text on that can be read."""
        raised = mixed(self.ink, self.background, RAISED)
        return self.background, raised if contrast(self.ink, raised) >= TEXT_CONTRAST else self.background

    def _of_ground(self) -> dict[str, str]:
        if not self.background:
            return {}
        grounds, ink = self._grounds(), self.ink
        end = _end(grounds)
        return {
            "--ground": grounds[0],
            "--ground-raised": grounds[1],
            "--to-come": grounds[0],
            "--ink": ink,
            "--rule-strong": ink,
            "--ink-2": _text(mixed(ink, grounds[0], MUTED), grounds),
            "--rule": mixed(ink, grounds[0], RULE),
            "--rule-2": readable(mixed(ink, grounds[0], STRONG_RULE), grounds, towards=end, at_least=SHAPE_CONTRAST),
            "--to-come-hatch": mixed(ink, grounds[0], RULE),
            "--warn": _text(WARNINGS[end], grounds),
            **(self._accented(ink, grounds) if not self.accent else {}),
        }

    def _of_accent(self) -> dict[str, str]:
        used = self.accents()
        if not used:
            return {}
        if self.background:
            return {**self._accented(used[0].used, self._grounds()), "--brand": used[0].used}
        light, dark = (
            self._accented(it.used, grounds) for it, grounds in zip(used, (LIGHT_GROUNDS, DARK_GROUNDS), strict=True)
        )
        return {name: themed(light[name], dark[name]) for name in light} | {"--brand": "var(--accent)"}

    @staticmethod
    def _accented(accent: str, grounds: tuple[str, ...]) -> dict[str, str]:
        return {
            "--accent": accent,
            "--accent-ink": label_on(accent),
            "--accent-ground": mixed(accent, grounds[0], WASH),
        }

    def _of_parties(self, election: Election) -> str:
        grounds = self._grounds()
        end = _end(grounds)
        fills = {NO_OVERALL_CONTROL: NO_CONTROL_COLOUR} | {key: it.colour for key, it in election.parties.items()}
        rules = []
        for party_id, fill in fills.items():
            stands_out = all(contrast(fill, it) >= SHAPE_CONTRAST for it in grounds)
            edge = readable(fill, grounds, towards=end, at_least=SHAPE_CONTRAST)
            text = f"--party-text:{_text(fill, grounds)};--party-edge:{'transparent' if stands_out else edge}"
            rules.append(f":root .{party_class(party_id)}{{{text}}}\n")
        return "".join(rules)


def colours_url(election: Election, colours: ArticleColours) -> str:
    """Where their stylesheet is; empty where there are none."""
    query = urlencode({name: value for name, value in colours.query.items() if value})
    return f"{WIDGET_COLOURS.to(slug=election.slug)}?{query}" if query else ""


def _text(colour: str, grounds: tuple[str, ...]) -> str:
    return readable(colour, grounds, towards=_end(grounds), at_least=TEXT_CONTRAST)


def _end(grounds: tuple[str, ...]) -> str:
    """Black or white, whichever can be read on all of them."""
    black, white = (min(contrast(end, it) for it in grounds) for end in ("#000000", "#ffffff"))
    return "#000000" if black >= white else "#ffffff"
