"""Kent's night under names that are as long as real ones are, and one word that no line can hold."""

import csv
import shutil
from pathlib import Path

from tests.running import KENT

LONG_ELECTION = "Local government elections in the South East, 4 May 2023"
LONGEST_ELECTION = "Elections to the principal councils of Kent and of the Medway Towns, and by-elections, 4 May 2023"
LONG_PARTY = "East Hampshire Independents Whitehill & Bordon Community Party"
LONG_SHORT = "TUNBWELLS"
LONG_COUNCIL = "Bournemouth, Christchurch and Poole with Kingston upon Hull"
UNBROKEN = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"

RENAMED = {
    "councils.csv": ("council_id", {"thanet": {"name": LONG_COUNCIL}, "swale": {"name": UNBROKEN}}),
    "parties.csv": ("party_id", {"PP6711": {"name": LONG_PARTY, "short": LONG_SHORT}}),
    "contests.csv": ("ballot_id", {"local.medway.watling.2023-05-04": {"ward": UNBROKEN}}),
}


def awkward_bundle(folder: Path, election: str = LONG_ELECTION) -> Path:
    """A bundle in ``folder`` that differs from Kent's in nothing but names; the ids stay."""
    bundle = folder / "awkward"
    shutil.copytree(KENT, bundle)
    about = bundle / "election.toml"
    about.write_text(about.read_text("utf-8").replace("Kent council elections 2023", election), "utf-8")
    for file, (key, changes) in RENAMED.items():
        with (bundle / file).open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            columns, rows = reader.fieldnames or (), list(reader)
        with (bundle / file).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, columns)
            writer.writeheader()
            writer.writerows(row | changes.get(row[key], {}) for row in rows)
    return bundle
