# ruff: noqa: INP001, D103  # a script, whose few functions are their names
"""Makes the typeface of the share cards out of the vendored one: TTF instead of WOFF2, one file a weight.

The program that draws the cards reads no WOFF2, and takes one file for a text. Needs fonttools and brotli, which the
project itself does not: run it in an environment of its own, then bring ``templates/cards/fonts/SOURCES.md`` up to
date.

    PYTHONHASHSEED=0 python scripts/card_fonts.py
"""

import tempfile
from pathlib import Path

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
VENDORED = ROOT / "static" / "vendor" / "fonts"
OURS = ROOT / "templates" / "cards" / "fonts"
VERSION = "5.3.0"
FAMILY = "Public Sans"
STYLES = {400: "Regular", 700: "Bold"}


def main() -> None:
    for weight, style in STYLES.items():
        with tempfile.TemporaryDirectory() as folder:
            parts = [str(unpacked(weight, subset, Path(folder))) for subset in ("latin", "latin-ext")]
            font = Merger(options=Options(drop_tables=["GSUB", "GDEF", "GlyphOrder"])).merge(parts)
        name(font, style)
        close_up(font)
        # The time of the run would make every run another file.
        font.recalcTimestamp = False
        font["head"].created = font["head"].modified = vendored(weight, "latin")["head"].modified
        font.save(OURS / f"public-sans-{VERSION}-{weight}.ttf")


def unpacked(weight: int, subset: str, folder: Path) -> Path:
    font = vendored(weight, subset)
    font.flavor = None
    path = folder / f"{subset}.ttf"
    font.save(path)
    return path


def vendored(weight: int, subset: str) -> TTFont:
    return TTFont(VENDORED / f"public-sans-{VERSION}-{subset}-{weight}.woff2", recalcTimestamp=False)


def close_up(font: TTFont) -> None:
    """Kerning that only ever closes up, so that the sum of its advances is the most a text can be wide."""
    tables = (table for lookup in font["GPOS"].table.LookupList.Lookup for table in lookup.SubTable)
    for table in (getattr(table, "ExtSubTable", table) for table in tables):
        if table.LookupType != 2:
            continue
        if table.Format == 1:
            pairs = [pair.Value1 for pairs in table.PairSet for pair in pairs.PairValueRecord]
        else:
            pairs = [second.Value1 for first in table.Class1Record for second in first.Class2Record]
        for value in pairs:
            if value is not None and getattr(value, "XAdvance", 0) > 0:
                value.XAdvance = 0


def name(font: TTFont, style: str) -> None:
    """The family’s plain name: the vendored files, cut from a variable font, all call themselves Thin."""
    names = {1: FAMILY, 2: style, 4: f"{FAMILY} {style}"}
    for record in list(font["name"].names):
        if record.nameID in {16, 17, 25}:
            font["name"].removeNames(nameID=record.nameID)
        elif record.nameID in names:
            record.string = names[record.nameID]


if __name__ == "__main__":
    main()
