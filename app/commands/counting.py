"""The count of an exercise: it tells the desk what counts tell on the night, through the API as anybody does."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from app.addresses import API_LOG
from app.exercise.evidence import evidence_of
from app.exercise.happened import Happened, OccurrenceKind
from app.exercise.progress import Telling, to_tell
from app.exercise.report import MishapOutcome, mishaps_of
from app.exercise.running import Exercise
from app.exercise.sheets import CountSheet, Mishap
from app.store.engine import Store
from app.store.errors import StoreError

PAUSE = 0.5
"""Seconds between two looks at what the desk has done."""

SAID_EVERY = 15.0
"""Seconds between two lines of progress, at least."""


@dataclass(slots=True)
class Count:
    """Tells ``exercise`` on the server at ``url`` until ``is_over``; ``stop`` ends the server once all is done."""

    exercise: Exercise
    store: Store
    url: str
    token: str
    say: Callable[[str], None]
    is_over: Callable[[], bool]
    stop: Callable[[], None]
    until_done: bool = False
    until: float | None = None
    """The time, in seconds since the epoch, at which it ends by itself."""
    _said: str = ""
    _said_at: float = field(default=float("-inf"))

    def begin(self) -> None:
        """In a thread of its own."""
        threading.Thread(target=self.run, name="declared-count", daemon=True).start()

    def run(self) -> None:
        """Until it is over."""
        council_of = self.exercise.council_of()
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx2.Client(base_url=self.url, headers=headers, trust_env=False) as client:
            while not self.is_over():
                try:
                    happened = self.happened()
                    for telling in to_tell(self.exercise.plan, happened, council_of):
                        self._tell(client, telling)
                    self._progress(happened)
                    if self._is_time(happened):
                        self.stop()
                except (httpx2.HTTPError, StoreError, OSError) as error:
                    self.say(f"The count waits: {error}")
                time.sleep(min(PAUSE, self.exercise.plan.later / 8))

    def happened(self) -> Happened:
        """Everything up to now."""
        with self.store.reading() as connection:
            return self.exercise.happened(evidence_of(connection, self.exercise.election.slug))

    def _tell(self, client: httpx2.Client, telling: Telling) -> None:
        note, sheet = self.exercise.note, telling.sheet
        if sheet is None:
            self._post(client, {"kind": "status", "council_id": telling.council_id, "status": "counting"})
            note(OccurrenceKind.TOLD, council=telling.council_id)
        elif telling.is_void:
            note(OccurrenceKind.VOID, sheet.number)
        elif sheet.mishap is Mishap.RECOUNT:
            body = {"kind": "status", "ballot_id": sheet.subject.identity, "status": "recount"}
            is_taken = self._post(client, {**body, "note": "TEST: the agents have asked for a recount."})
            note(OccurrenceKind.TOLD if is_taken else OccurrenceKind.VOID, sheet.number)
        else:
            note(OccurrenceKind.TOLD, sheet.number)

    def _post(self, client: httpx2.Client, body: dict[str, Any]) -> bool:
        """Whether the desk took it; what it asks about is confirmed, as a count would."""
        path = API_LOG.to(slug=self.exercise.election.slug)
        response = client.post(path, json=body)
        if response.status_code == 422:
            codes = [error["code"] for error in response.json().get("errors", [])]
            response = client.post(path, json={**body, "confirm": codes})
        return response.status_code == 201

    def _progress(self, happened: Happened) -> None:
        sheets, waiting = self.exercise.plan.sheets, sum(kept.is_open for kept in happened.evidence.kept)
        came_in = sum(sheet.due <= happened.seconds for sheet in sheets)
        words = (
            f"{came_in} of {len(sheets)} sheets came in, {len(_declared(happened, sheets))} declared, {waiting} wait."
        )
        now = time.monotonic()
        if words != self._said and now - self._said_at >= SAID_EVERY:
            self._said, self._said_at = words, now
            self.say(words)

    def _is_time(self, happened: Happened) -> bool:
        if self.until is not None and time.time() >= self.until:
            return True
        return self.until_done and is_done(self.exercise, happened)


def is_done(exercise: Exercise, happened: Happened) -> bool:
    """Whether every sheet is declared, and what the officers said of it afterwards was seen to."""
    sheets = exercise.plan.sheets
    if len(_declared(happened, sheets)) < len(sheets):
        return False
    corrections = [it for it in mishaps_of(exercise.plan, happened) if it.mishap is Mishap.CORRECTION]
    return not any(it.outcome in {MishapOutcome.OPEN, MishapOutcome.NOT_TRIED} for it in corrections)


def _declared(happened: Happened, sheets: Sequence[CountSheet]) -> list[CountSheet]:
    return [sheet for sheet in sheets if happened.evidence.standing(sheet.subject) is not None]
