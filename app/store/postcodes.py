"""The postcodes of an election, a row for each district: of a country three thousand."""

from sqlalchemy import Connection, delete, insert, select

from app.domain.postcodes import Postcodes
from app.store.catalogue import ROWS_AT_ONCE
from app.store.tables import POSTCODE_DISTRICT


def load_postcodes(connection: Connection, slug: str) -> Postcodes:
    """Those of an election; none where there are none."""
    table = POSTCODE_DISTRICT
    statement = select(table.c.district, table.c.units).where(table.c.slug == slug)
    return Postcodes({row.district: row.units for row in connection.execute(statement)})


def save_postcodes(connection: Connection, slug: str, postcodes: Postcodes) -> bool:
    """Put ``postcodes`` in the place of those that an election has; whether these are others."""
    if load_postcodes(connection, slug) == postcodes:
        return False
    connection.execute(delete(POSTCODE_DISTRICT).where(POSTCODE_DISTRICT.c.slug == slug))
    rows = [{"slug": slug, "district": district, "units": units} for district, units in postcodes.districts.items()]
    for first in range(0, len(rows), ROWS_AT_ONCE):
        connection.execute(insert(POSTCODE_DISTRICT), rows[first : first + ROWS_AT_ONCE])
    return True
