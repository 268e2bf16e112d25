"""What is said of a change of control that waits at the desk."""

from app.domain.second_check import AwaitsAnother


def held_already(person: str) -> AwaitsAnother:
    """Of what cannot be keyed or declared while something is held of the same result."""
    return AwaitsAnother(
        f"What {person} has declared of this is held for a moment: undo that first, or wait until it is out."
    )


def rules_of_hold(seconds: int) -> str:
    """``a change of control is held for 30 seconds``."""
    return f"a change of control is held for {seconds} seconds" if seconds else "a change of control is not held"
