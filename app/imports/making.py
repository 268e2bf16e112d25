"""A bundle and its night made of somebody else's files: read whole, checked whole, and then put into its folder.

What is wrong is told where it stands in the files that were read, or in those that people filled in: a bundle that
cannot be loaded is not made.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.bundles.head import HEAD, read_head
from app.bundles.reading import COLUMNS, NIGHT, Bundle, read_bundle
from app.bundles.recorded import read_text
from app.bundles.shapes import SHAPES
from app.bundles.tables import BundleError, Fault
from app.imports.asked import AS_WRITTEN, FOLDER, Answers, answered, asked_files, read_answers, unknown_rows
from app.imports.drafting import Title, completed, head, lines_of
from app.imports.known import known
from app.imports.last import LastTime
from app.imports.night import recorded
from app.imports.polls import Poll, PollSource, of_one_day
from app.imports.rows import KEYS, Rows, bundle_columns, written
from app.process.failures import CommandFailed


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made, and where; ``name`` may be empty, ``day`` is None where the files have only one."""

    slug: str
    folder: Path
    name: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ImportMade:
    """What was made: the bundle as it is read back, the results of its night, and the rows that it was made of."""

    bundle: Bundle
    night: tuple[Mapping[str, Any], ...]
    merged: Rows
    remarks: tuple[str, ...]


def make(source: PollSource, wanted: Wanted, last: LastTime | None) -> ImportMade:
    """Makes the bundle of ``source``. Raises BundleError with all that is wrong, or CommandFailed: nothing is made."""
    polls = of_one_day(source, wanted.day)
    check_ours(wanted)
    answers = read_answers(wanted.folder / FOLDER, source.faults, source.remarks)
    if source.faults:
        raise BundleError(sorted(source.faults, key=lambda fault: (fault.file, fault.line or 0)))
    check_untouched(wanted.folder, answers)
    of_sources = known(polls, last)
    merged = answered(of_sources, answers)
    source.remarks.extend(unknown_rows(of_sources, answers))
    rows = completed(merged, polls)
    files = {file: written(bundle_columns(file), (row.cells for row in rows.get(file, {}).values())) for file in KEYS}
    title = Title(wanted.slug, wanted.name, polls[0].polled_on)
    texts = {HEAD: _head(wanted, title, polls, last), **files, **_shapes(wanted.folder, rows, last)}
    if wanted.name and (wanted.folder / HEAD).exists() and wanted.name not in texts[HEAD]:
        source.remarks.append(f"{HEAD} is yours since it was made: what the election is called is changed there.")
    wanted.folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{wanted.folder.name}-", dir=wanted.folder.parent) as beside:
        whole = Path(beside) / wanted.folder.name
        bundle = _checked(whole, texts, rows)
        night = recorded(polls, bundle.election, source.left_out)
        texts[NIGHT] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in night)
        hashes = {file: _hash(texts[file]) for file in (*files, NIGHT)}
        asked = asked_files(of_sources, merged, answers, hashes)
        _put(whole, texts | {f"{FOLDER}/{file}": text for file, text in asked.items()}, wanted.folder)
    return ImportMade(bundle, tuple(night), merged, tuple(source.remarks))


def check_ours(wanted: Wanted) -> None:
    """Refuses a folder with a bundle that no import has made, or with that of another election."""
    folder = wanted.folder
    if folder.exists() and not folder.is_dir():
        raise CommandFailed(f"{folder} is not a folder. Give another with --into.")
    if not (folder / HEAD).exists():
        return
    if not (folder / FOLDER / AS_WRITTEN).exists():
        raise CommandFailed(f"{folder} has a bundle that was not imported: nothing is written over it. Give --into.")
    faults: list[Fault] = []
    there = read_head(read_text(folder / HEAD, faults), faults, [])
    if faults or there is None:
        raise BundleError(faults)
    if there.slug != wanted.slug:
        raise CommandFailed(f"{folder} is the bundle of {there.slug}, not of {wanted.slug}. Give another with --into.")


def check_untouched(folder: Path, answers: Answers) -> None:
    """Refuses to write over a file of the bundle that somebody has changed since it was made."""
    for file, made in answers.hashes.items():
        path = folder / file
        if path.is_file() and _hash(path.read_text("utf-8", errors="replace")) != made:
            raise CommandFailed(
                f"{path} was changed since it was imported, and would be written over. Put what you changed into"
                f" {folder / FOLDER}, take {file} away, and run this again."
            )


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _head(wanted: Wanted, title: Title, polls: Sequence[Poll], last: LastTime | None) -> str:
    """What is there already is a person's to change."""
    path = wanted.folder / HEAD
    return path.read_text("utf-8-sig") if path.exists() else head(title, polls, last.election if last else None)


def _shapes(folder: Path, rows: Rows, last: LastTime | None) -> Mapping[str, str]:
    """The tile map of last time, where there is none yet."""
    if (folder / SHAPES).exists():
        return {}
    squares = [
        {"council_id": council_id, "column": str(council.square.column), "row": str(council.square.row)}
        for (council_id,) in rows["councils.csv"]
        if last and (council := last.council(council_id)) and council.square
    ]
    return {SHAPES: written(COLUMNS[SHAPES].required, squares)} if squares else {}


def _checked(folder: Path, texts: Mapping[str, str], rows: Rows) -> Bundle:
    """The bundle of ``texts`` as it will be loaded; its faults are told where what is wrong came from."""
    folder.mkdir()
    for file, text in texts.items():
        (folder / file).write_text(text, "utf-8", newline="")
    try:
        return read_bundle(folder)
    except BundleError as error:
        places = {file: lines_of(of_file) for file, of_file in rows.items()}
        raise BundleError(list(_at_its_place(error.faults, places))) from None


def _at_its_place(faults: Sequence[Fault], places: Mapping[str, Mapping[int, object]]) -> Iterator[Fault]:
    for fault in faults:
        row = places.get(fault.file, {}).get(fault.line or 0)
        place = getattr(row, "place", None)
        file, line = place or (fault.file, fault.line)
        yield Fault(file, line, fault.reason, fault.remedy)


def _put(whole: Path, texts: Mapping[str, str], folder: Path) -> None:
    """Every file whole in the folder ``whole``, and then into its place: at once where ``folder`` is new.

    What the election is called is a person's, once it is there.
    """
    (whole / FOLDER).mkdir()
    for file, text in texts.items():
        (whole / file).write_text(text, "utf-8", newline="")
    if not folder.exists():
        whole.rename(folder)
        return
    (folder / FOLDER).mkdir(exist_ok=True)
    for file in texts:
        if file != HEAD or not (folder / HEAD).exists():
            (whole / file).replace(folder / file)
