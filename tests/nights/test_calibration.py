"""The checks on a real night: they ask little enough to be read, and refuse nothing that was declared."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from app.domain.checks import hard_findings
from app.domain.night import Night
from app.domain.proposal import Proposal
from app.domain.soft_checks import soft_findings
from app.domain.superseding import refuse_superseded

KNOWN_TO_BE_WRONG = {
    "local.thanet.birchington-north.2023-05-04",
    "local.maidstone.boxley.2023-05-04",
    "local.maidstone.east.2023-05-04",
    "local.maidstone.loose.2023-05-04",
    "local.maidstone.south.2023-05-04",
    "local.maidstone.staplehurst.2023-05-04",
}
"""The turnouts that were published too low for the votes of their own ward; see the bundle’s SOURCES.md."""

TOO_HIGH = {
    "local.maidstone.bearsted.2023-05-04",
    "local.maidstone.coxheath-and-hunton.2023-05-04",
    "local.maidstone.marden-and-yalding.2023-05-04",
    "local.maidstone.shepway-north.2023-05-04",
}
"""Turnouts of the same council that were published too high: one seat, and a vote on 86 to 96.7% of the papers."""


def asked(election, log):
    """The soft findings on every entry of ``log``, but for W07, by ballot id; there must be no hard ones."""
    night, found = Night.before_first(election), {}
    for entry in log:
        refuse_superseded(night, entry)
        assert hard_findings(night, entry) == []
        after, change = night.apply(entry)
        soft = [finding.code for finding in soft_findings(Proposal(night, entry, change)) if finding.code != "W07"]
        if soft:
            found[entry.ballot_id] = soft
        night = after
    return found


@pytest.fixture(scope="session")
def kent_asked(kent, kent_log):
    return asked(kent.election, kent_log)


def test_no_more_than_three_in_a_hundred_real_declarations_are_asked_about(kent_asked, kent_log):
    assert len(kent_log) == 277
    wrongly_asked = set(kent_asked) - KNOWN_TO_BE_WRONG - TOO_HIGH
    assert len(wrongly_asked) <= 0.03 * len(kent_log), kent_asked


def test_the_six_turnouts_that_are_known_to_be_wrong_are_asked_about_and_no_other(kent_asked):
    assert {ballot_id for ballot_id, found in kent_asked.items() if "W10" in found} == KNOWN_TO_BE_WRONG


def test_the_four_turnouts_that_are_too_high_are_asked_about_and_no_other(kent_asked):
    assert {ballot_id for ballot_id, found in kent_asked.items() if "W13" in found} == TOO_HIGH


def test_real_results_are_not_taken_for_mistakes(kent_asked):
    """Two have a turnout that is far from the others, one of them among the six; and in one running mates are apart."""
    assert Counter(code for found in kent_asked.values() for code in found) == {"W10": 6, "W13": 4, "W02": 2, "W15": 1}
    assert kent_asked["local.ashford.stanhope.2023-05-04"] == ["W02"], "14.9%, where a third is usual"
    assert kent_asked["local.dartford.swanscombe.2023-05-04"] == ["W15"]


def test_in_whatever_order_the_wards_declare_little_is_asked(kent, kent_log):
    for seed in range(3):
        shuffled = list(kent_log)
        Random(seed).shuffle(shuffled)
        found = asked(kent.election, [replace(entry, seq=seq) for seq, entry in enumerate(shuffled, start=1)])
        assert len(set(found) - KNOWN_TO_BE_WRONG - TOO_HIGH) <= 0.02 * len(kent_log), f"seed {seed}: {found}"
