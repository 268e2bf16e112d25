"""Finding a council, a ward, a candidate or a party by a few letters: as a page, and for the field on every page."""
