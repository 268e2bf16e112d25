"""Which letters may be typed, kept and shown."""

from app.domain.letters import NEVER_IN_A_LINE, in_xml, is_control, legible, printable, unturned


def test_what_nobody_can_have_typed_is_a_control_character():
    assert [letter for letter in "A é\t\n\x00\x85\x9f" if is_control(letter)] == ["\x00", "\x9f"]


def test_what_no_page_may_hold_is_a_question_mark_in_a_diamond() -> None:
    assert legible("a\x00\x0b\x1b\x85\ud800\ufffe\U0010ffffb") == "a" + 7 * "\ufffd" + "b"
    assert legible("é “Łódź”\t\r\n\x0c\U0001f5f3") == "é “Łódź”\t\r\n\x0c\U0001f5f3"


def test_what_no_feed_may_hold_is_left_out() -> None:
    assert in_xml("a\x00\x0b\x1b\ud800\ufffe\uffffb") == "ab"
    assert in_xml("é “Łódź”\t\r\n\x85\U0001f5f3") == "é “Łódź”\t\r\n\x85\U0001f5f3"


def test_a_line_has_no_break_of_any_kind() -> None:
    assert NEVER_IN_A_LINE.search("St Mary’s, the “Old” Ward") is None
    assert all(map(NEVER_IN_A_LINE.search, ("a\nb", "a\rb", "a\u2028b", "a\u2029b", "a\x85b", "a\x00b")))


def test_nothing_turns_the_rest_of_a_page_around() -> None:
    assert unturned("a\u202eb\u2066c\u2069") == "a\ufffdb\ufffdc\ufffd"
    assert unturned("שלום") == "שלום"


def test_what_is_drawn_has_composed_letters_single_spaces_and_nothing_that_cannot_be_seen() -> None:
    assert printable("A\x00b\x1bc\n d\ufffe") == "Abc d"
    assert printable("W\u0302yr") == "Ŵyr"
