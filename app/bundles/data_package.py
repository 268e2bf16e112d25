"""A night as a Frictionless Data Package: what its tables are, column by column, and how they hang together."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from app.api.citing import NOWHERE, Cited, cited_view
from app.api.values import JsonObject
from app.bundles.columns import CONTESTS, COUNCIL_GROUPS, COUNCILS, PARTIES, RESULTS, ExportColumn
from app.bundles.councils_export import group_names
from app.bundles.forms import FORMS, ExportOf
from app.domain.election import Election
from app.process.strict_json import compact_json

DESCRIPTOR = "datapackage.json"


class PackagedTable(NamedTuple):
    """A table of the package: the form it is made in, and its file.

    ``key`` is the column that names a row. ``refers`` has the columns that name a row of another table, or of the same
    one (an empty name).
    """

    form: str
    file: str
    title: str
    columns: tuple[ExportColumn, ...]
    key: str | None
    refers: Mapping[str, str]


TABLES: Mapping[str, PackagedTable] = {
    "parties": PackagedTable("parties-csv", "parties.csv", "Parties", PARTIES, "party_id", {"group": ""}),
    "councils": PackagedTable("councils-csv", "councils.csv", "Councils", COUNCILS, "council_id", {}),
    "contests": PackagedTable(
        "contests-csv",
        "contests.csv",
        "Contests",
        CONTESTS,
        "ballot_id",
        {"council_id": "councils", "winner": "parties"},
    ),
    "results": PackagedTable(
        "csv",
        "export.csv",
        "Results",
        RESULTS,
        None,
        {"council_id": "councils", "ballot_id": "contests", "party_id": "parties", "group": "parties"},
    ),
}
"""By their names in the package, each after those that it refers to."""

Place = Callable[[str], str]
"""Where a file of the package is: a path beside the descriptor, or an address."""


def data_package(of: ExportOf, place: Place = str, *, where: Cited = NOWHERE) -> JsonObject:
    """The descriptor of a package whose tables are at ``place``; ``where`` it is itself, if that is known."""
    resources = [_resource(name, table, of, place) for name, table in TABLES.items()]
    head = cited_view(of.night.election, of.moment, where, rehearsal=of.rehearsal)
    return {**head, "resources": resources}


def write_data_package(of: ExportOf, folder: Path) -> Path:
    """The package as files in ``folder``, which is made; its descriptor, with the size and the hash of every table."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = data_package(of)
    for resource, table in zip(descriptor["resources"], TABLES.values(), strict=True):
        content = FORMS[table.form].make(of).whole(of.night).encode()
        (folder / table.file).write_bytes(content)
        resource |= {"bytes": len(content), "hash": f"sha256:{sha256(content).hexdigest()}"}
    written = folder / DESCRIPTOR
    written.write_text(compact_json(descriptor) + "\n", encoding="utf-8")
    return written


def _resource(name: str, table: PackagedTable, of: ExportOf, place: Place) -> JsonObject:
    return {
        "name": name,
        "title": table.title,
        "path": place(table.file),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(table, of),
    }


def _schema(table: PackagedTable, of: ExportOf) -> JsonObject:
    columns = [*_mark(of), *table.columns, *(_of_groups(of.night.election) if table.columns is COUNCILS else ())]
    schema: JsonObject = {"fields": [_field(column) for column in columns], "missingValues": [""]}
    if table.key is not None:
        schema["primaryKey"] = [table.key]
    if table.refers:
        schema["foreignKeys"] = [_reference(*it) for it in table.refers.items()]
    return schema


def _mark(of: ExportOf) -> Iterable[ExportColumn]:
    return (ExportColumn("rehearsal", "`TEST`: this is a rehearsal, and no result"),) if of.rehearsal else ()


def _of_groups(election: Election) -> Iterable[ExportColumn]:
    for column in COUNCIL_GROUPS:
        for group, name in group_names(election).items():
            party = election.party(group).name
            yield ExportColumn(f"{column.name}_{name}", f"{party}: {column.holds}", column.type)


def _field(column: ExportColumn) -> JsonObject:
    is_flag = column.type == "boolean"
    written = {"trueValues": ["yes"], "falseValues": ["no"]} if is_flag else {}
    return {"name": column.name, "type": column.type, "description": column.holds, **written}


def _reference(column: str, other: str) -> JsonObject:
    key = TABLES[other or "parties"].key
    return {"fields": [column], "reference": {"resource": other, "fields": [key]}}
