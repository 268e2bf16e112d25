"""What all tables are made of: the base of every row, the types of columns, and constraints."""

from typing import Annotated

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.schema import SchemaItem
from sqlmodel import Field, SQLModel

Key = Annotated[str, Field(sa_type=Text, primary_key=True)]
Words = Annotated[str, Field(sa_type=Text)]
MaybeWords = Annotated[str | None, Field(sa_type=Text)]
Number = int
MaybeNumber = int | None

DIGEST_LENGTH = 64
"""Hexadecimal digits of a SHA-256."""

OPEN = "state IN ('waiting', 'disputed')"
"""Which rows of ``keyed`` still wait for somebody."""

HELD_OPEN = "state = 'held'"
"""Which rows of ``held`` are still to go into the log."""


class StoredRow(SQLModel):
    """The base of every table. Its constraints have the same names in both databases, for migrations to find."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
        }
    )


TableArguments = tuple[SchemaItem | dict[str, bool], ...]


def strict(*constraints: SchemaItem) -> TableArguments:
    """The arguments of a table: ``constraints``, and on SQLite its types held to."""
    # A plain SQLite table would keep the text '12abc' in an INTEGER column.
    return (*constraints, {"sqlite_strict": True})


def check(name: str, condition: str) -> CheckConstraint:
    """What must never be stored, by a name for migrations to find."""
    return CheckConstraint(condition, name=name)


def one_of(column: str, *values: str) -> CheckConstraint:
    """``column`` holds one of ``values``."""
    return check(column, f"{column} IN ({', '.join(repr(value) for value in values)})")


def checked_by_another() -> CheckConstraint:
    """Whoever keyed an entry never checks it."""
    return check("checker", "checker IS NULL OR checker <> author")


def refers_to(table: str, *columns: str, key: tuple[str, ...] | None = None) -> ForeignKeyConstraint:
    """``columns`` are the key of a row of ``table``, whose key columns are called ``key`` where not the same."""
    return ForeignKeyConstraint(columns, [f"{table}.{column}" for column in key or columns])


def table_of(row: type[StoredRow]) -> Table:
    """The table of a class of rows."""
    table: Table = row.metadata.tables[str(row.__tablename__)]
    return table
