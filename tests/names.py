"""The longest real names: what a picture has to have room for."""

import csv

from tests.running import KENT

ENGLISH_NAMES = (
    "Bournemouth, Christchurch and Poole",
    "King's Lynn and West Norfolk",
    "Kingston upon Hull, City of",
    "Bath and North East Somerset",
    "Cumberland and Westmorland and Furness",
    "Blackburn with Darwen",
    "Hammersmith and Fulham",
    "Cheshire West and Chester",
    "Oadby and Wigston",
    "Nuneaton and Bedworth",
    "Newcastle-under-Lyme",
    "Trade Unionist and Socialist Coalition",
    "The Official Monster Raving Loony Party",
    "Labour and Co-operative Party",
    "Liverpool Community Independents Group",
    "Residents for Uttlesford",
    "The Independent Group for Stratford-on-Avon and District",
    "Basingstoke and Deane Independent Group",
    "Llafur a Phlaid Gydweithredol, Ynys Môn a Gŵyr",
    "Rhondda Cynon Taf",
)


def _kent(file: str, column: str) -> list[str]:
    with (KENT / file).open(encoding="utf-8", newline="") as rows:
        return [row[column] for row in csv.DictReader(rows)]


def _longest(names: list[str], number: int) -> list[str]:
    return sorted(set(names), key=lambda name: (-len(name), name))[:number]


LONG_NAMES = [
    *ENGLISH_NAMES,
    *_longest(_kent("parties.csv", "name"), 12),
    *_longest(_kent("councils.csv", "name"), 13),
    *_longest(_kent("contests.csv", "ward"), 12),
]
"""Of English and Welsh councils and parties, and the longest of Kent's parties, councils and wards."""
