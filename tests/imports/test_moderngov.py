"""ModernGov's XML: what its web service answers, and what is refused of files that only look like it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.bundles.reading import read_bundle
from app.commands.cli import main
from app.domain.election import Cancellation

ELECTION = """<?xml version="1.0" encoding="utf-8"?>
<election>
  <title>{title}</title>
  <electiontype>Local</electiontype>
  <candidates>
    <candidate><electionareaid>1</electionareaid><candidatename>Zoë Archer</candidatename><numvotes>812</numvotes>
      <politicalpartytitle>Labour</politicalpartytitle><iselected>True</iselected></candidate>
    <candidate><electionareaid>1</electionareaid><candidatename>Bilal Butt</candidatename><numvotes>640</numvotes>
      <politicalpartytitle>Conservative Party Candidate</politicalpartytitle><iselected>False</iselected></candidate>
    <candidate><electionareaid>2</electionareaid><candidatename>Clare Cole</candidatename><numvotes>0</numvotes>
      <politicalpartytitle>Mill First</politicalpartytitle><iselected>True</iselected></candidate>
    <candidate><electionareaid>3</electionareaid><candidatename>Dan Dyer</candidatename><numvotes>0</numvotes>
      <politicalpartytitle>Independent</politicalpartytitle><iselected>False</iselected></candidate>
    <candidate><electionareaid>3</electionareaid><candidatename>Dan Dyer</candidatename><numvotes>0</numvotes>
      <politicalpartytitle>Green Party</politicalpartytitle><iselected>False</iselected></candidate>
  </candidates>
  <electionareas>
    <electionarea><electionareaid>1</electionareaid><title>Abbey</title><electorate>4000</electorate>
      <numballotpapersissued>1460</numballotpapersissued><numseats>1</numseats><status>Published</status>
      <endofcountingdatetime>03/05/2024, 02:14</endofcountingdatetime>
      <spoiledvotes>
        <spoiledvote><description>Want of official mark</description><numvotes>3</numvotes></spoiledvote>
        <spoiledvote><description>Void for uncertainty</description><numvotes>5</numvotes></spoiledvote>
        <spoiledvote><description>Rejected in part</description><numvotes>9</numvotes></spoiledvote>
      </spoiledvotes></electionarea>
    <electionarea><electionareaid>2</electionareaid><title>Mill</title><electorate>0</electorate>
      <numballotpapersissued>0</numballotpapersissued><numseats>1</numseats><status>Published</status></electionarea>
    <electionarea><electionareaid>3</electionareaid><title>Town</title><electorate>0</electorate>
      <numballotpapersissued>0</numballotpapersissued><numseats>1</numseats><status>Draft</status></electionarea>
  </electionareas>
</election>
"""


def run(folder: Path, *options: str, **files: str) -> Result:
    paths = [folder / f"{name}.xml" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, "utf-8")
    arguments = ["import", "moderngov", *map(str, paths), "--slug", "may-2024", "--into", str(folder / "made")]
    return CliRunner().invoke(main, [*arguments, "--date", "2024-05-02", *options])


def test_areas_candidates_and_figures_are_read_and_what_is_not_published_is_not(tmp_path: Path) -> None:
    done = run(tmp_path, exampleford=ELECTION.format(title="Local Elections 2024"))
    assert done.exit_code == 0, done.stderr
    bundle = read_bundle(tmp_path / "made")
    abbey, mill, town = bundle.election.council("exampleford").contests
    assert [(it.name, it.party_id) for it in abbey.candidacies] == [("Zoë Archer", "PP53"), ("Bilal Butt", "PP52")]
    assert (mill.cancelled, mill.candidacies[0].party_id, mill.electorate) == (
        Cancellation.EQUAL_CANDIDATES,
        "local:mill-first",
        None,
    )
    assert [it.candidacy_id for it in town.candidacies] == ["dan-dyer", "dan-dyer-2"]
    assert list(bundle.night or ()) == [
        {
            "at": "2024-05-03T02:14:00+01:00",
            "kind": "ward",
            "ballot_id": "local.exampleford.abbey.2024-05-02",
            "votes": {"zoe-archer": 812, "bilal-butt": 640},
            "elected": ["zoe-archer"],
            "ballots": 1460,
            "rejected": 8,
        }
    ]


def test_by_elections_are_told_by_their_title_and_parishes_are_left_out(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        exampleford=ELECTION.format(title="Abbey By-Election"),
        otherham=ELECTION.format(title="Parish elections"),
    )
    assert "Left out, as they are not of a council: otherham.xml (Parish elections)." in done.stderr.splitlines()
    assert all(it.by_election for it in read_bundle(tmp_path / "made").election.contests.values())


BOMB = '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n<election>&b;</election>'
OUTSIDE = '<?xml version="1.0"?>\n<!DOCTYPE x SYSTEM "file:///etc/passwd">\n<election/>'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOMB, "2: has a document type (<!DOCTYPE …>), which can make a small file a large one: take it out"),
        (OUTSIDE, "2: has a document type (<!DOCTYPE …>), which can make a small file a large one: take it out"),
        ("<election>\n<title>", "2: is not XML (no element found): "),
        ("", "1: is not XML (no element found): "),
        ("<html><body/></html>", "1: is not an election of ModernGov’s, or one without areas: "),
        ("<a>" * 50, "1: has far more elements than an election, or deeper ones: take it out"),
        (
            ELECTION.replace("<numvotes>640<", "<numvotes>64O<").replace("<title>Mill</title>", ""),
            "8: numvotes “64O” is not a whole number: write digits alone, such as 47",
        ),
    ],
)
def test_each_fault_says_file_line_and_what_to_do(tmp_path: Path, text: str, told: str) -> None:
    done = run(tmp_path, exampleford=text)
    assert (done.exit_code, (tmp_path / "made").exists()) == (1, False)
    assert done.stderr.startswith(f"declared: exampleford.xml:{told}")


def test_the_day_and_the_council_have_to_be_said(tmp_path: Path) -> None:
    (tmp_path / "Results May.xml").write_text(ELECTION, "utf-8")
    command = ["import", "moderngov", str(tmp_path / "Results May.xml"), "--slug", "x"]
    assert CliRunner().invoke(main, command).exit_code == 2
    named = CliRunner().invoke(main, [*command, "--date", "2024-05-02"])
    assert "has a name that is not a council’s id, such as results-may.xml: name it as" in named.stderr
