"""A bundle put into the database, and what is said of that."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.bundles.reading import Bundle
from app.domain.declarations import Alteration
from app.domain.election import Election
from app.process.failures import CommandFailed
from app.store import audit, loading
from app.store.engine import Store
from app.store.errors import ReasonNeeded
from app.store.postcodes import save_postcodes
from app.wording.catalogue import altered
from app.wording.figures import plural

POSTCODES_CHANGED = "The postcodes are others than before; a server that runs finds by them within a minute."

LISTED = 40
"""Alterations that are told one by one."""


def load_bundle(store: Store, bundle: Bundle, folder: Path, reason: str) -> list[str]:
    """Puts ``bundle``, read from ``folder``, into the database; lines about it. Raises CommandFailed and StoreError."""
    election, by = bundle.election, audit.at_the_command_line()
    try:
        with store.writing() as connection:
            loaded = loading.save_election(connection, election, bundle.digest, reason=reason, by=by)
            if loaded.saved is not loading.Saved.UNCHANGED:
                details = {"was": loaded.saved.value, "files": bundle.digest, **({"reason": reason} if reason else {})}
                audit.record(connection, audit.Kind.CATALOGUE_LOADED, by, slug=election.slug, details=details)
            are_others = save_postcodes(connection, election.slug, bundle.postcodes)
    except ReasonNeeded as error:
        raise CommandFailed("\n".join(_what_needs_a_reason(election, error, folder))) from error
    of_postcodes = [POSTCODES_CHANGED] if are_others else []
    return [*_what_was_read(bundle, loaded), *_what_it_changes(election, loaded), *of_postcodes]


def _what_was_read(bundle: Bundle, loaded: loading.Loading) -> Iterator[str]:
    election = bundle.election
    yield f"{election.name} ({election.slug}), {loaded.saved.value}:"
    for file, rows in bundle.rows.items():
        yield f"  {file:<16} {rows:>7,}"
    candidacies = sum(len(contest.candidacies) for contest in election.contests.values())
    yield f"{len(election.councils)} councils, {len(election.contests):,} contests, {candidacies:,} candidacies."
    if bundle.remarks:
        yield "Look at these:"
    for remark in bundle.remarks:
        yield f"  {remark}"


def _what_it_changes(election: Election, loaded: loading.Loading) -> Iterator[str]:
    if loaded.alterations:
        yield "What it changes:"
        yield from _listed(election, loaded.alterations)
    if loaded.seq is not None:
        yield f"It is entry {loaded.seq} of the log."


def _what_needs_a_reason(election: Election, error: ReasonNeeded, folder: Path) -> Iterator[str]:
    yield str(error)
    yield from _listed(election, error.alterations)
    yield "Readers will see why. If this is right, type:"
    yield f"  declared load {shlex.quote(str(folder))} --reason 'what was wrong'"


def _listed(election: Election, alterations: Sequence[Alteration]) -> Iterator[str]:
    for alteration in alterations[:LISTED]:
        yield f"  {altered(election, alteration)}"
    if len(alterations) > LISTED:
        yield f"  and {plural(len(alterations) - LISTED, 'more', 'more')}"
