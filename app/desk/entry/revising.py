"""Corrections and withdrawals that wait for a second person: whose they are, and where another checks them."""

from app.desk.addresses import desk_url, entry_url
from app.desk.entry.form import FormAsked
from app.desk.entry.view import WaitingRevision
from app.domain.election import Election
from app.domain.second_check import Keyed
from app.wording.waiting import waiting_line


def keyed_for(keyed: Keyed | None, replaces: int | None) -> Keyed | None:
    """What waits of the result itself, or of the correction of the entry ``replaces``: of what a form is about."""
    if keyed is None or keyed.author.body["kind"] == "withdrawal" or keyed.author.body.get("replaces") != replaces:
        return None
    return keyed


def waiting_revision(election: Election, keyed: Keyed | None, asked: FormAsked) -> WaitingRevision | None:
    """None where nothing of the kind waits."""
    if keyed is None or not keyed.author.is_revision:
        return None
    is_own = keyed.of(asked.person) is not None
    return WaitingRevision(
        told=waiting_line(keyed),
        url=revision_url(election, keyed),
        is_own=is_own,
        may_check=asked.checks and not is_own,
        may_take_back=asked.edits or keyed.author.is_by(asked.person),
    )


def revision_url(election: Election, keyed: Keyed) -> str:
    """Where a correction is keyed again, or a withdrawal confirmed; empty where it is neither."""
    body = keyed.author.body
    if body["kind"] == "withdrawal":
        return f"{desk_url(election)}/entries/{body['replaces']}/withdraw"
    return f"{entry_url(election, keyed.subject)}?correct={body['replaces']}" if keyed.author.is_revision else ""
