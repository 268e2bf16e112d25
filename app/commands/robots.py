"""Robots that take part in an exercise where there are too few people: they sign in, take sheets and key them.

They do so over HTTP, as browsers do, and make slips as people do. They look again where a check stops them, ring the
count where a sheet cannot be right, and never see that two wards were exchanged.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import httpx2

PAUSE = 0.3
"""Seconds until a robot that has no sheet asks again."""

FLIP = frozenset({"W07"})
"""What is asked whatever the figures are, and confirmed by whoever sees that control changes."""

AS_A_BROWSER = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}

Fields = dict[str, str | list[str]]
"""What is typed into a form, by the name of its field."""

Sheet = Mapping[str, Any]
"""As ``/desk/exercise/next`` gives it to programs."""


class RobotSent(NamedTuple):
    """What came of handing a form in: it was taken, or these codes stand in its way."""

    is_taken: bool
    codes: Sequence[str]


@dataclass(slots=True)
class Robot:
    """One of them; ``slips`` is how likely it is to make one on a sheet. It notes its slips in the file ``ledger``."""

    name: str
    password: str
    slips: float
    random: Random
    ledger: Path
    is_over: Callable[[], bool]

    def begin(self, url: str) -> None:
        """In a thread of its own."""
        threading.Thread(target=self.run, args=(url,), name=f"declared-{self.name}", daemon=True).start()

    def run(self, url: str) -> None:
        """Sign in, and take one sheet after another until it is over."""
        with httpx2.Client(base_url=url, headers=AS_A_BROWSER, trust_env=False, timeout=30) as client:
            client.post("desk/login", data={"name": self.name, "password": self.password})
            while not self.is_over():
                try:
                    is_busy = self.work(client)
                except (httpx2.HTTPError, ValueError):
                    is_busy = False
                if not is_busy:
                    time.sleep(PAUSE)

    def work(self, client: httpx2.Client) -> bool:
        """One sheet; False where there is none. Raises HTTPError, and ValueError for an answer that is none."""
        sheet = client.post("desk/exercise/next").json().get("sheet")
        if sheet is None:
            return False
        if sheet["purpose"] == "again":
            sheet = self._asked(client, sheet)
        typed, slip = self._typed(sheet)
        sent = self._send(client, sheet, typed)
        if slip and (sent.is_taken or sent.codes):
            self._note(sheet, slip, str(typed[slip]), sent.codes)
        if slip and sent.codes:
            # Stopped by a check, it looks at the sheet again.
            sent = self._send(client, sheet, _fields(sheet))
        if sent.codes:
            self._settle(client, sheet)
        elif not sent.is_taken:
            # Others are at it, or nothing is taken just now: to send it over and over would be all that a server does.
            self._put_aside(client, sheet)
        return True

    def _settle(self, client: httpx2.Client, sheet: Sheet) -> None:
        """What the sheet itself says is stopped: ring the count, and take what that answers."""
        asked = self._asked(client, sheet)
        if not self._send(client, asked, _fields(asked), is_sure=True).is_taken:
            self._put_aside(client, sheet)

    @staticmethod
    def _put_aside(client: httpx2.Client, sheet: Sheet) -> None:
        """For a while it goes to others."""
        client.post(f"desk/exercise/sheets/{sheet['number']}/aside")

    def _typed(self, sheet: Sheet) -> tuple[Fields, str]:
        """What it types, and the field in which it made a slip, if any. The total is not always read out."""
        fields = _fields(sheet)
        if self.random.random() < 0.5:
            fields.pop("total", None)
        may_slip = sheet["purpose"] in {"key", "check"} and not sheet["is_tally"] and not sheet["note"]
        if not may_slip or self.random.random() >= self.slips:
            return fields, ""
        line = self.random.choice(sheet["lines"])
        fields[line["field"]] = _with_another_digit(str(line["number"]), self.random)
        return fields, str(line["field"])

    def _send(self, client: httpx2.Client, sheet: Sheet, typed: Fields, *, is_sure: bool = False) -> RobotSent:
        """Hand a form in. A change of control is confirmed; whatever else is asked, only by who ``is_sure``."""
        form: Fields = {**typed, "action": "key", "key": secrets.token_urlsafe(16)}
        path, _, replaces = sheet["form"].partition("?correct=")
        if replaces:
            form |= {"replaces": replaces, "reason": "The returning officer has corrected the figures."}
        for _ in range(3):
            response = client.post(path.lstrip("/"), data=form)
            told = response.json() if response.status_code == 422 else {}
            codes = [finding["code"] for finding in (*told.get("errors", ()), *told.get("warnings", ()))]
            if told.get("outcome") != "confirm" or not (is_sure or set(codes) <= FLIP):
                return RobotSent(response.status_code in {201, 202}, codes)
            form |= {"confirm": codes, "flip": told.get("flip") or ""}
        return RobotSent(is_taken=False, codes=[])

    def _asked(self, client: httpx2.Client, sheet: Sheet) -> Sheet:
        """The sheet as it is once the count was rung."""
        client.post(f"desk/exercise/sheets/{sheet['number']}/ask")
        again: Sheet | None = client.post("desk/exercise/next").json().get("sheet")
        return again if again is not None and again["number"] == sheet["number"] else sheet

    def _note(self, sheet: Sheet, field: str, typed: str, codes: Sequence[str]) -> None:
        """Keep a slip: what it was in, and the codes of the checks that have stopped it, if any have."""
        slip = {"robot": self.name, "sheet": sheet["number"], "field": field, "typed": typed, "stopped_by": [*codes]}
        line = json.dumps(slip)
        with self.ledger.open("a", encoding="utf-8") as ledger:
            ledger.write(f"{line}\n")


def _with_another_digit(number: str, random: Random) -> str:
    """A slip of a finger, and never the one that a sheet was read out with: that exchanges digits, or has 3 or 8."""
    at = random.randrange(len(number))
    other = random.choice([digit for digit in "12456790" if digit != number[at]])
    return number[:at] + other + number[at + 1 :]


def _fields(sheet: Sheet) -> Fields:
    """The form as a sheet has it."""
    fields: Fields = {name: value for name, value in sheet["facts"].items() if name != "electorate"}
    fields |= {line["field"]: str(line["number"]) for line in sheet["lines"]}
    names = [line["field"].removeprefix("votes.") for line in sheet["lines"] if line["elected"]]
    return {**fields, **({"complete": "1"} if sheet["is_tally"] else {"drawn": names})}
