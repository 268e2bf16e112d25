"""What tests of a council's spreadsheet share."""

import pytest

from app.bundles.reading import read_bundle
from app.domain.election import Election
from app.process.folders import ELECTIONS


@pytest.fixture(scope="session")
def kent_election() -> Election:
    return read_bundle(ELECTIONS / "kent-2023").election
