"""A file of results on its way to a server: looked at there, shown, asked about, and posted ward by ward."""

import json
import sys
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import click
import httpx2

from app.addresses import API_LOG, API_RESULTS
from app.bundles.spreadsheets import LARGEST
from app.commands.replaying import GO_ON, MAY_DECLARE, ServerAway, TargetServer, answered, warnings_of
from app.commands.shared import say
from app.process.failures import CommandFailed
from app.wording.figures import plural

T = TypeVar("T")

QUESTION = "Is this right, and to be declared?"


def waited_for(steps: Generator[ServerAway, None, T]) -> T:
    """What ``steps`` come to, with every wait for the server told."""
    while True:
        try:
            away = next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        say(f"{away.trouble}; trying again in {away.seconds:.1f} s")


Ward = Mapping[str, Any]
"""One of the ``wards`` that the server answers with; docs/results-files.md says what it holds."""


def _is_a_terminal() -> bool:
    return sys.stdin.isatty()


@dataclass(slots=True)
class FilePosting:
    """One file on its way to a server. ``confirm`` are the warnings that are confirmed for all of it."""

    target: TargetServer
    slug: str
    file: Path
    council: str
    confirm: frozenset[str]
    is_partly: bool
    asks: Callable[[], bool] = _is_a_terminal
    """Whether somebody can be asked."""
    declined: int = 0
    _agreed: set[str] = field(default_factory=set)
    """The ballots whose warnings somebody has confirmed one by one."""

    def run(self, *, is_check: bool) -> bool:
        """Look at the file, and declare what is in it; whether nothing of it is left."""
        forecast = self._forecast()
        wards, unplaced = forecast["wards"], forecast["unplaced"]
        if not wards and not unplaced:
            raise CommandFailed(f"{self.file} holds no result yet: fill in the votes, and run this again.")
        self._show(forecast)
        faults = len(unplaced) + sum(len(ward["errors"]) for ward in wards)
        if not is_check and (self.is_partly or not faults) and self.asks():
            self._ask(wards)
        ready = [ward for ward in wards if ward["prospect"] in {"ready", "asks"}]
        open_ = [ward for ward in ready if not self._is_confirmed(ward)]
        if is_check:
            say("Nothing was declared: --check only looks.")
            return not open_ and not faults
        if (faults or len(open_) > self.declined) and not self.is_partly:
            raise CommandFailed(f"Nothing was declared. {self._remedy(faults, open_)}")
        left = self._post([ward for ward in ready if ward not in open_], forecast["seq"])
        return not (left or open_ or faults)

    def _forecast(self) -> Mapping[str, Any]:
        query = urlencode({"council": self.council, "source": self.file.name})
        path = f"{API_RESULTS.to(slug=self.slug)}?{query}"
        content, headers = _read(self.file), {"Content-Type": "application/octet-stream"}
        response = waited_for(self.target.ask("POST", path, content=content, headers=headers))
        if response.status_code != 200:
            remedy = f" {MAY_DECLARE}" if response.status_code in {401, 403} else ""
            raise CommandFailed(f"{self.file}: {answered(response)}{remedy}")
        told: Mapping[str, Any] = response.json()
        return told

    def _is_confirmed(self, ward: Ward) -> bool:
        codes = {warning["code"] for warning in ward["warnings"]}
        return ward["ballot_id"] in self._agreed or codes <= self.confirm

    # what is told

    def _show(self, forecast: Mapping[str, Any]) -> None:
        wards = forecast["wards"]
        seq = f"{forecast['seq']:,}"
        click.echo(f"{self.file.name}: {plural(len(wards), 'result')}, looked at after entry {seq} of the log.")
        kept = [ward for ward in wards if ward["prospect"] == "kept"]
        faults = [*forecast["unplaced"], *(error for ward in wards for error in ward["errors"])]
        self._list("To be declared", [ward for ward in wards if ward["prospect"] == "ready"], self._line)
        self._list("Asked about", [ward for ward in wards if ward["prospect"] == "asks"], self._question)
        if kept:
            click.echo(f"There already, with these figures: {plural(len(kept), 'result')}.")
        self._list("Wrong", sorted(faults, key=lambda it: (it["sheet"], it["row"])), lambda it: [self._fault(it)])

    def _list(self, heading: str, items: Sequence[T], lines: Callable[[T], Sequence[str]]) -> None:
        if items:
            click.echo(f"{heading} ({len(items):,}):")
        for item in items:
            for line in lines(item):
                click.echo(f"  {line}")

    def _line(self, ward: Ward) -> list[str]:
        return [f"{_name(ward)}: {ward['told']}"]

    def _question(self, ward: Ward) -> list[str]:
        asked = [f"  {self._fault(warning)}" for warning in ward["warnings"]]
        return [*self._line(ward), *([f"  {ward['flip']}."] if ward["flip"] else []), *asked]

    def _fault(self, it: Mapping[str, Any]) -> str:
        sheet = f", {it['sheet']}" if it["sheet"] else ""
        code = f"{it['code']}: " if it["code"] else ""
        return f"{self.file.name}{sheet}, row {it['row']}: “{it['found']}”: {code}{it['detail']}"

    def _ask(self, wards: Sequence[Ward]) -> None:
        """Ask a person about each ward that has a warning which is not confirmed."""
        for ward in wards:
            if ward["prospect"] != "asks" or self._is_confirmed(ward):
                continue
            say("\n".join(self._question(ward)))
            if click.confirm(QUESTION, default=False, err=True):
                self._agreed.add(ward["ballot_id"])
            else:
                self.declined += 1

    def _remedy(self, faults: int, open_: Sequence[Ward]) -> str:
        told = []
        if faults:
            told.append(f"Put right what is wrong in {plural(faults, 'place')} of {self.file.name}.")
        codes = sorted({warning["code"] for ward in open_ for warning in ward["warnings"]} - self.confirm)
        if codes and len(open_) > self.declined:
            told.append(f"If what is asked about is right, add --confirm {','.join(codes)}.")
        return " ".join([*told, "To declare the rest without it, add --partly."])

    # what is declared

    def _post(self, wards: Sequence[Ward], seq: int) -> int:
        """Post ``wards`` in turn; how many were not taken."""
        taken = left = 0
        try:
            for ward in wards:
                response = self._taken(ward, seq)
                if response.status_code in {201, 202}:
                    taken += 1
                    if flash := response.json().get("flash"):
                        click.echo(flash)
                else:
                    left += 1
                    say(f"{_name(ward)} was not taken: {answered(response)}")
        except (KeyboardInterrupt, click.Abort):
            raise CommandFailed(f"Stopped after {taken} of {len(wards)} results. {GO_ON}") from None
        click.echo(f"{plural(taken, 'result')} taken." if wards else "There was nothing to declare.")
        return left

    def _taken(self, ward: Ward, seq: int) -> httpx2.Response:
        """The answer to a ward, after somebody was asked about what the night has come to mean since."""
        codes = self.confirm | {warning["code"] for warning in ward["warnings"]}
        while True:
            response = self._posted(ward, seq, codes)
            warnings = warnings_of(response)
            if not warnings or not self.asks():
                return response
            say(f"{_name(ward)}, as the night is now: {answered(response)}")
            if not click.confirm(QUESTION, default=False, err=True):
                return response
            codes |= {*warnings}

    def _posted(self, ward: Ward, seq: int, codes: Collection[str]) -> httpx2.Response:
        """The answer to a ward: 201 or 202, or 409 or 422 where the night is another one by now."""
        confirm = {"confirm": sorted(codes)} if codes else {}
        content = json.dumps({**ward["body"], **confirm}, ensure_ascii=False).encode()
        headers = {"Idempotency-Key": result_key(self.slug, seq, ward["body"]), "Content-Type": "application/json"}
        path = API_LOG.to(slug=self.slug)
        response = waited_for(self.target.ask("POST", path, content=content, headers=headers))
        if response.status_code in {201, 202, 409, 422}:
            return response
        remedy = MAY_DECLARE if response.status_code in {401, 403} else GO_ON
        raise CommandFailed(f"{_name(ward)}: {answered(response)} {remedy}")


def result_key(slug: str, seq: int, body: Mapping[str, Any]) -> str:
    """The idempotency key of a result that was looked at after entry ``seq``.

    What was declared from this file before and withdrawn since is declared anew, and not answered as it was then.
    """
    content = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"results\n{slug}\n{seq}\n{content}".encode()).hexdigest()


def _name(ward: Ward) -> str:
    return f"{ward['ward']} ({ward['council']})"


def _read(file: Path) -> bytes:
    """The file; raises CommandFailed, before it is read, for one that no server would take."""
    if file.exists() and not file.is_file():
        raise CommandFailed(f"{file} is not a file: give the CSV, XLSX or ODS itself.")
    if file.stat().st_size > LARGEST:
        most = f"{LARGEST // 1024**2} MB"
        raise CommandFailed(f"{file} is larger than {most}: take out what is no result, or make several files of it.")
    return file.read_bytes()
