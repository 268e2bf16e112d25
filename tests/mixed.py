"""A bundle with an election of every kind: preferences, by-elections, an office, a collection of others."""

from pathlib import Path

SLUG = "kinds-2025"
HILL, SECOND = "local.ordinary.hill.2025-05-01", "local.ordinary.hill.by.2025-05-01"
DALE, MAYOR = "local.apart.dale.by.2025-05-01", "mayor.mayor.2025-05-01"

HEAD = """\
slug = "kinds-2025"
id = "local.2025-05-01"
name = "Kinds of elections 2025"
polling_date = 2025-05-01
timezone = "Europe/London"
convention = "pa"
polls_close = "20:00"
[conventions.pa]
label = "PA"
control = ["eve"]
seats = ["eve"]
"""
TABLES = {
    "parties.csv": """\
party_id,name,short,group,umbrella
PP52,Conservative Party,CON,,
PP53,Labour Party,LAB,,0
others,Others not up,OTH,,1
""",
    "councils.csv": """\
council_id,name,gss,kind,region,cycle,total_seats,expected_at,note,created
ordinary,Ordinary,,,,all,4,,,1974
apart,Apart,,,,,30,,,
mayor,Northmoor mayor,,mayor,,single,1,,,
""",
    "controls.csv": "council_id,basis,control,note\nordinary,eve,NOC,\nmayor,eve,PP53,\n",
    "seats.csv": "council_id,basis,party_id,seats\nordinary,eve,others,3\n",
    "history.csv": "council_id,since,control\nordinary,2003-05-01,PP52\n",
    "contests.csv": """\
ballot_id,council_id,ward,gss,seats_up,electorate,cancelled,voting_system,holder,expected_at,label
local.ordinary.hill.2025-05-01,ordinary,Hill,,3,,,stv,PP52 PP53 PP52,2025-05-02T03:00:00+01:00,
local.ordinary.hill.by.2025-05-01,ordinary,Hill,,1,,POSTPONED,,,,second poll
local.apart.dale.by.2025-05-01,apart,Dale,,1,,,,PP52,,
mayor.mayor.2025-05-01,mayor,Northmoor,,1,,,plurality,,,
""",
    "candidacies.csv": """\
ballot_id,candidacy_id,name,party_id,description,note,position
local.apart.dale.by.2025-05-01,1,Ann Archer,PP52,,,2
local.apart.dale.by.2025-05-01,2,Bob Butt,PP53,,,
local.apart.dale.by.2025-05-01,3,Cat Cole,others,,,1
local.ordinary.hill.2025-05-01,1,Dan Dyer,PP52,,,
local.ordinary.hill.2025-05-01,2,Eve Eason,PP53,,,
local.ordinary.hill.2025-05-01,3,Fay Ford,others,,,
local.ordinary.hill.2025-05-01,4,Guy Gray,PP52,,,
mayor.mayor.2025-05-01,1,Hal Hood,PP52,,,
mayor.mayor.2025-05-01,2,Ida Innes,PP53,,,
""",
}


def write_bundle(folder: Path) -> Path:
    """The same folder, with the bundle in it."""
    (folder / "election.toml").write_text(HEAD, "utf-8")
    for file, text in TABLES.items():
        (folder / file).write_text(text, "utf-8")
    return folder
