"""``/openapi.json`` and the server: requests made from what it says are answered as it says, whatever is in them."""

from collections.abc import Iterator

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import BaseSchema, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.main import create_app
from app.settings import Settings
from tests.counts import count
from tests.nights.test_replayed import NIGHT
from tests.promises import Reached
from tests.running import Server, declare

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = sorted(
    f"{method.upper()} {path}"
    for path, methods in create_app(Settings()).openapi()["paths"].items()
    for method in methods
)
KNOWN = {"slug": "kent-2023", "council_id": "medway"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(f"sqlite:///{tmp_path_factory.mktemp('schema') / 'night.db'}") as server:
        with server.client() as client:
            for body in NIGHT[:30]:
                declare(client, body)
        yield server


@pytest.fixture(scope="module")
def schema(server: Server) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


@pytest.mark.promise(
    "What /openapi.json says is how it is: statuses, media types and shapes, whatever is sent", wanted="0 that differ"
)
@pytest.mark.parametrize("label", OPERATIONS)
def test_what_the_schema_says_is_how_it_is(server: Server, schema: BaseSchema, label: str, reached: Reached) -> None:
    operation = schema.find_operation_by_label(label)
    asked = 0
    known = {name: value for name, value in KNOWN.items() if f"{{{name}}}" in label}
    strategies = [
        operation.as_strategy(mode, path_parameters=path or None)
        for mode in GenerationMode
        for path in ((known, None) if known else (None,))
    ]

    @settings(
        max_examples=count("DECLARED_TORTURE_CASES"),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.one_of(strategies))
    def ask(case: schemathesis.Case) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(session=session, headers=authorization, checks=CHECKS)

    authorization = {"Authorization": f"Bearer {server.token}"} if label.startswith("POST") else {}
    with requests.Session() as session:
        session.trust_env = False
        ask()
    reached(f"{asked} requests: 0 that differ")
