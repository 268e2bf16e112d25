"""How long is waited between two tries."""

from app.process.pauses import Pauses


def test_pauses_double_up_to_the_last_until_a_try_has_not_failed():
    pauses = Pauses(0.5, 3.0)
    assert [pauses.after_failure() for _ in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    pauses.start_over()
    assert pauses.after_failure() == 0.5
