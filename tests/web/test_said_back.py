"""What an address asks for is said back on pages, and may hold characters that no page may hold."""

from collections.abc import Iterator

import pytest

from tests.desks import Desk, a_desk

NIGHT = "/elections/test-2023"
WIDGETS = "/embed/v1/test-2023"


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    with a_desk(tmp_path_factory.mktemp("said")) as opened:
        yield opened


@pytest.mark.parametrize("odd", ["%00", "%1B", "%EF%BF%BE"])
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/elections/{}", 404),
        (NIGHT + "/councils/{}", 404),
        (NIGHT + "/contests/{}", 404),
        (NIGHT + "?convention={}", 422),
        (NIGHT + "?q={0}&party={0}&region={0}", 200),
        (WIDGETS + "/council/{}", 404),
        (WIDGETS + "/overview?councils={}", 404),
        (WIDGETS + "/overview?region={}", 422),
        ("/desk/{}", 404),
        ("/desk/test-2023/contests/{}", 404),
        ("/desk/test-2023?q={0}&done={0}", 200),
        ("/desk/audit?election={}", 404),
        ("/desk/audit?source={0}&person={0}&council={0}", 200),
        ("/desk/audit?to={}", 422),
        ("/desk/login?next=/{}", 303),
    ],
)
def test_an_address_with_what_nobody_types_is_answered_with_a_page_that_is_html(
    desk: Desk, address: str, status: int, odd: str
) -> None:
    """The client reads it as strictly as every page."""
    answer = desk.signed_in("editor").get(address.format(odd))
    assert answer.status_code == status
    assert status == 303 or answer.headers["Content-Type"].startswith("text/html")
