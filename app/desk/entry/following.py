"""What is keyed after a result: the next ward of the same council that waits for somebody."""

from collections.abc import Collection
from dataclasses import dataclass

from app.desk.addresses import entry_url
from app.domain.election import Contest
from app.domain.night import Night
from app.domain.second_check import Disputed, Keyed
from app.domain.subject import Subject
from app.pages.contest.view import by_ward


@dataclass(frozen=True, slots=True)
class Following:
    """The next ward and its form, and whether it is to be checked."""

    name: str
    url: str
    is_check: bool = False


def following(
    night: Night, ballot_id: str, free: Contest | None, waiting: Collection[Keyed], *, person: str, checks: bool
) -> Following | None:
    """What ``person`` goes on with after ``ballot_id``; None where nothing of its council waits for them.

    That is ``free``, the next ward that nobody has keyed; else what another keyed, for who checks.
    """
    election = night.election
    if free is not None:
        return Following(free.name, entry_url(election, Subject("ward", free.ballot_id)))
    keyed = {one.subject.identity: one for one in waiting if checks and _may_check(one, person)}
    for contest in by_ward(election.council(election.contest(ballot_id).council_id).contests):
        if contest.ballot_id in keyed and contest.ballot_id != ballot_id:
            return Following(contest.name, entry_url(election, keyed[contest.ballot_id].subject), is_check=True)
    return None


def _may_check(keyed: Keyed, person: str) -> bool:
    return not isinstance(keyed, Disputed) and keyed.of(person) is None
