"""Bundles with bytes changed: read, or refused with every fault in a file of theirs; and none takes squares of time."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bundles.reading import read_bundle
from app.bundles.survey import survey_of
from app.bundles.tables import BundleError
from app.commands.checking import text_of
from app.process.strict_json import NotJson, strict_json
from tests import nasty
from tests.bundles.test_reading import GOOD
from tests.counts import count
from tests.promises import Reached, Trials

REFUSED = "A bundle with anything wrong in it is refused by file, line and reason"
MUTATIONS = count("DECLARED_TORTURE_MUTATIONS")
NIGHT = """\
{"kind":"ward","ballot_id":"local.medway.north.2023-05-04","at":"2023-05-05T02:20:01+01:00","votes":{"1":5,"2":4,"3":3}}
{"kind":"note","council_id":"dover","at":"2023-05-05T02:21:00+01:00","text":"Counting."}
"""
WHOLE: Mapping[str, bytes] = {**{file: text.encode() for file, text in GOOD.items()}, "night.jsonl": NIGHT.encode()}
FILES = sorted(WHOLE)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a whole bundle, that every test leaves as it was."""
    folder = tmp_path_factory.mktemp("bundle")
    for file, content in WHOLE.items():
        (folder / file).write_bytes(content)
    return folder


@contextmanager
def changed(bundle: Path, file: str, content: bytes) -> Iterator[Path]:
    """The bundle with another file in the place of one."""
    (bundle / file).write_bytes(content)
    yield bundle
    (bundle / file).write_bytes(WHOLE[file])


def told(bundle: Path, file: str, content: bytes) -> str:
    """What is said of the bundle with ``content`` as one file; raises whatever is no BundleError."""
    with changed(bundle, file, content):
        try:
            return f"read {read_bundle(bundle).election.slug}"
        except BundleError as error:
            refused = error
            survey = survey_of(bundle, tell=lambda _: None)
    # Whatever is wrong, all else that can be said is said beside it.
    assert survey.faults == refused.faults
    assert "It cannot be loaded" in [*text_of(survey)][-1]
    for fault in refused.faults:
        assert fault.file in FILES
        assert fault.line is None or fault.line >= 1
        assert fault.reason
        assert fault.remedy
    return str(refused)


PIECES = [*nasty.raw_texts().values(), *(token.encode() for token in nasty.TOKENS.values())]


def mutated(content: bytes, random: Random) -> bytes:
    """``content`` with one thing changed: bytes, a line, a cell or a length."""
    at, end = sorted(random.randrange(len(content) + 1) for _ in range(2))
    lines = content.splitlines(keepends=True)
    line = random.randrange(len(lines))
    cells = lines[line].split(b",")
    cells[random.randrange(len(cells))] = random.choice(PIECES)
    changes: list[Callable[[], bytes]] = [
        lambda: content[:at] + content[end:],
        lambda: content[:at] + bytes([random.randrange(256)]) + content[at + 1 :],
        lambda: content[:at] + random.choice(PIECES) + content[at:],
        lambda: content[:end] + content[at:],
        lambda: b"".join([*lines[:line], *lines[line:][::-1]]),
        lambda: b"".join([*lines[:line], b",".join(cells), *lines[line + 1 :]]),
        lambda: b"".join([*lines, lines[line]]),
    ]
    return random.choice(changes)()


@pytest.mark.promise(REFUSED, wanted="0 other errors")
def test_a_bundle_with_bytes_changed_is_read_or_refused_in_words(
    bundle: Path, trials: Trials, reached: Reached
) -> None:
    random = Random(2023)
    refused = 0
    for _ in trials(MUTATIONS):
        file = random.choice(FILES)
        refused += not told(bundle, file, mutated(WHOLE[file], random)).startswith("read ")
    reached(f"{MUTATIONS:,} bundles with something changed: {refused:,} refused in words, 0 other errors")
    assert 0 < refused < MUTATIONS


def test_a_bundle_of_anything_is_refused_in_words(bundle: Path) -> None:
    """Every value as some of the files."""
    values = list({**nasty.raw_texts(), **nasty.json_tokens()}.items())
    for number, file in enumerate(FILES):
        for name, content in values[number % 3 :: 3]:
            assert told(bundle, file, content), f"{name} as {file}"


@pytest.mark.parametrize(
    "value", ["0x" + "F" * 6000, "9" * 6000, "[" * 3000, "{a=" * 900, "[{" + "a." * 900 + "a=1}]", "1e999", "nan", "''"]
)
def test_a_head_with_any_value_is_refused_in_words(bundle: Path, value: str) -> None:
    head = GOOD["election.toml"].split("\n")
    for key in ("slug", "polling_date", "convention", "control", "seats", "label"):
        lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in head]
        assert not told(bundle, "election.toml", "\n".join(lines).encode()).startswith("read ")


@given(file=st.sampled_from(FILES), content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_a_file_of_any_bytes_is_refused_in_words(bundle: Path, file: str, content: bytes) -> None:
    assert told(bundle, file, content)


# What would take squares of time takes minutes then, and is far from every limit there is.

LONG: Mapping[str, tuple[str, bytes]] = {
    "columns of one name": ("parties.csv", b"a," * 50_000 + b"\n"),
    "a chain of groups": (
        "parties.csv",
        WHOLE["parties.csv"]
        + b"".join(b"Q%d,N,S,#000000,%b\n" % (n, b"Q%d" % (n + 1) if n < 19_999 else b"") for n in range(20_000)),
    ),
    "a circle of groups": (
        "parties.csv",
        WHOLE["parties.csv"] + b"".join(b"Q%d,N,S,#000000,Q%d\n" % (n, (n + 1) % 20_000) for n in range(20_000)),
    ),
    "conventions that are none": (
        "election.toml",
        WHOLE["election.toml"] + b"".join(b"\n[conventions.X%d]\nlabel=1" % number for number in range(400)),
    ),
    "brackets and spaces": ("election.toml", WHOLE["election.toml"] + b'a = """\n[' + b" " * 14_000 + b'x\n"""\n'),
    "a name twice among many": (
        "night.jsonl",
        b"{" + b",".join(b'"%d":1' % number for number in [*range(7000), 6999]) + b"}",
    ),
}


@pytest.mark.parametrize("name", LONG)
def test_no_bundle_takes_squares_of_time(bundle: Path, name: str) -> None:
    assert told(bundle, *LONG[name])


def test_no_number_of_offices_takes_squares_of_time(bundle: Path) -> None:
    offices = b"".join(b"office-%d,N,,,,single,1,,,\n" % number for number in range(20_000))
    contests = b"".join(b"local.%d,office-%d,N,,1,,\n" % (number, number) for number in range(20_000))
    with changed(bundle, "councils.csv", WHOLE["councils.csv"] + offices):
        assert told(bundle, "contests.csv", WHOLE["contests.csv"] + contests).startswith("read ")


def test_a_chain_of_groups_of_any_length_is_followed(bundle: Path) -> None:
    with changed(bundle, *LONG["a chain of groups"]):
        assert read_bundle(bundle).election.group("Q0") == "Q19999"


def test_no_body_takes_squares_of_time() -> None:
    with pytest.raises(NotJson, match="“6999” twice"):
        strict_json(b"{" + b",".join(b'"%d":1' % number for number in [*range(7000), 6999]) + b"}")
