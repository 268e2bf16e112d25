"""What of a query an answer depends on."""

import pytest

from app.addresses import OVERVIEW
from app.web.reads.queries import what_is_read


@pytest.mark.parametrize(
    ("query", "read"),
    [
        (b"sort=name&sort=line&utm=1", b"sort=line"),
        (b"watch=medway&sort=name&watch=dover", b"sort=name&watch=medway%2Cdover"),
        (b"watch=medway%2Cdover&watch=PP53", b"watch=medway%2Cdover%2CPP53"),
    ],
)
def test_of_a_name_that_is_given_twice_the_last_counts_and_of_the_watch_list_all(query: bytes, read: bytes) -> None:
    assert what_is_read(OVERVIEW, query) == read
