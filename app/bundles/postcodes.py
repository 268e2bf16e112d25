"""``postcodes.csv`` of a bundle: in which ward a postcode lies. Read row by row, as a country has 1.7 million."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from app.bundles.tables import Columns, Fault, Record, cut, read_rows
from app.domain.postcodes import Postcodes, PostcodesRead, whole_postcode

POSTCODES = "postcodes.csv"

COLUMNS_OF_POSTCODES = Columns(("postcode", "ballot_id"))

MOST_FAULTS = 100
"""After so many nothing more is looked for: it is a file of something else."""

TOLD_EVERY = 250_000
"""Rows."""


@dataclass(frozen=True, slots=True)
class PostcodesFile:
    """What the file held, in so many rows."""

    postcodes: Postcodes
    rows: int


def read_postcodes(
    path: Path,
    ballot_ids: Collection[str] | None,
    faults: list[Fault],
    remarks: list[str],
    *,
    tell: Callable[[str], None],
) -> PostcodesFile:
    """The postcodes in the file ``path``; what is wrong is among the ``faults``.

    ``ballot_ids`` are those that there are (None: that is not known). ``tell`` hears how far it is.
    """
    read, rows, own_faults = PostcodesRead(), 0, list[Fault]()
    try:
        # What is not UTF-8 is no postcode, and is refused where it stands.
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as source:
            for row in read_rows(POSTCODES, source, COLUMNS_OF_POSTCODES, own_faults, remarks, may_be_empty=True):
                _take(row, read, ballot_ids)
                rows += 1
                if len(own_faults) >= MOST_FAULTS:
                    break
                if rows % TOLD_EVERY == 0:
                    tell(f"{POSTCODES}: {rows:,} rows read.")
    except OSError as error:
        own_faults.append(Fault(POSTCODES, None, f"cannot be read ({error.strerror})", "see that you may read it"))
    faults += own_faults
    return PostcodesFile(read.postcodes(), rows)


def _take(row: Record, read: PostcodesRead, ballot_ids: Collection[str] | None) -> None:
    written, ballot_id = row.cells["postcode"], row.reference("ballot_id", ballot_ids, "contests.csv")
    postcode = whole_postcode(written)
    if postcode is None:
        row.refuse(f"postcode “{cut(written)}” is not a whole postcode", "write it like CT1 2AB")
    else:
        read.add(postcode, ballot_id)
