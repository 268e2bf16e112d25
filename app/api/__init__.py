"""The API for programs: ``routes`` takes declarations and answers, ``values`` is what it answers with."""
