"""An exercise's own folder: its bundle, its database, what it was begun with, and what has happened.

What happened is a file that only grows, a line of JSON for each thing: a server that is killed goes on where it was.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.exercise.happened import Occurrence, OccurrenceKind
from app.exercise.planning import Wishes
from app.process.failures import CommandFailed

BUNDLE, DATABASE, BEGUN, HAPPENED = "bundle", "exercise.db", "exercise.json", "happened.jsonl"


@dataclass(frozen=True, slots=True)
class ExerciseFolder:
    """The folder at ``path``."""

    path: Path

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.path / DATABASE}"

    @property
    def bundle(self) -> Path:
        return self.path / BUNDLE

    @property
    def is_begun(self) -> bool:
        return (self.path / BEGUN).is_file()

    def make(self, bundle: Path) -> None:
        """A folder with a copy of ``bundle``. Raises CommandFailed where there is anything in it already."""
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise CommandFailed(
                f"{self.path} is no exercise, and not empty: an exercise has a folder of its own. Name a new one."
            )
        self.path.mkdir(parents=True, exist_ok=True)
        self.bundle.mkdir()
        for file in bundle.iterdir():
            if file.suffix in {".toml", ".csv", ".jsonl"} and file.is_file():
                shutil.copyfile(file, self.bundle / file.name)

    def begin(self, wishes: Wishes, source: str) -> None:
        """Keep what it was begun with; from here on it is an exercise."""
        kept = json.dumps({**asdict(wishes), "bundle": source}, indent=1)
        unfinished = self.path / f"{BEGUN}.new"
        unfinished.write_text(kept + "\n", encoding="utf-8")
        unfinished.replace(self.path / BEGUN)

    def refuse_other(self, source: str) -> None:
        """Raises CommandFailed where it was begun with another bundle than ``source``."""
        begun_with = str(self._begun().get("bundle", ""))
        if begun_with != source:
            raise CommandFailed(
                f"{self.path} is an exercise of {begun_with}: leave the bundle out, or name a new folder."
            )

    def wishes(self) -> Wishes:
        """What it was begun with. Raises CommandFailed."""
        kept = self._begun()
        try:
            return Wishes(seed=int(kept["seed"]), speed=float(kept["speed"]), wards=int(kept["wards"]))
        except (ValueError, KeyError, TypeError) as error:
            raise self._unreadable(error) from error

    def _begun(self) -> dict[str, Any]:
        try:
            kept = json.loads((self.path / BEGUN).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error
        return kept if isinstance(kept, dict) else {}

    def _unreadable(self, error: Exception) -> CommandFailed:
        return CommandFailed(f"{self.path / BEGUN} cannot be read ({error!r}): begin another exercise.")

    def occurrences(self) -> Iterator[Occurrence]:
        """What has happened. A last line that was cut off when the machine stopped is left out."""
        file = self.path / HAPPENED
        if not file.exists():
            return
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                yield _read(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue

    def note(self, occurrence: Occurrence) -> None:
        """Keep something that happened. Raises OSError."""
        told = {**asdict(occurrence), "at": occurrence.at.isoformat()}
        line = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        # One write to the end: a kill leaves the line whole, or not there.
        descriptor = os.open(self.path / HAPPENED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)


def _read(kept: Mapping[str, object]) -> Occurrence:
    at, details = datetime.fromisoformat(str(kept["at"])), kept["details"]
    assert isinstance(details, dict)  # as note() writes it
    seconds, number = float(str(kept["seconds"])), int(str(kept["number"]))
    return Occurrence(at, seconds, OccurrenceKind(str(kept["kind"])), number, str(kept["person"]), details)
