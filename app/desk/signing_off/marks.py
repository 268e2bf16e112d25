"""What the board says of councils that were signed off."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.night import Night
from app.domain.signing_off import lifted_by
from app.store.signed_off import SignedOff
from app.wording import sentences


@dataclass(frozen=True, slots=True)
class SignOffMark:
    """``text`` in words; ``is_lifted`` where something of the council was declared or corrected since."""

    text: str
    is_lifted: bool


def sign_off_marks(night: Night, signed: Mapping[str, SignedOff]) -> dict[str, SignOffMark]:
    """By council_id, of those that were signed off once; one that is not there any more is left out."""
    return {council_id: _mark(night, one) for council_id, one in signed.items() if council_id in night.councils}


def _mark(night: Night, one: SignedOff) -> SignOffMark:
    alone = ", alone" if one.is_alone else ""
    signed = f"Signed off by {one.signer}{alone}, {sentences.clock(night.election, one.at)}"
    lifting = lifted_by(night.councils[one.council_id], one.since_seq)
    if lifting is None:
        return SignOffMark(f"{signed}.", is_lifted=False)
    since = sentences.clock(night.election, lifting.at)
    return SignOffMark(f"Sign-off lifted by entry {lifting.seq:,}, {since}: compare again. {signed}.", is_lifted=True)
