"""Share cards: a council, or the whole night, as a picture."""
