"""The log, the catalogue, the tokens and the staff, in SQLite or PostgreSQL.

- ``engine``       ``Store``: connections that read and connections that write
- ``answering``    PostgreSQL connections that do not wait for ever
- ``pooled``       PostgreSQL connections that may be lent to others in between
- ``tables``       what is kept, and what the database itself refuses to keep
- ``migrating``    the schema brought up to date
- ``catalogue``    elections as they were loaded
- ``log``          the append-only declarations, their sequence and their chain of hashes
- ``passing``      getting past an entry that cannot be read
- ``replica``      reading the log elsewhere, as far as it is there
- ``idempotency``  answers given before
- ``writer``       the one thread that writes, many declarations to a transaction
- ``locks``        having a purpose for oneself until the end of a transaction
- ``notifying``, ``listening``  a wake-up for the other processes, where the database has one
- ``tokens``, ``staff``  who may post
- ``sessions``     who is signed in at the desk
- ``attempts``     how often somebody tried to sign in lately
- ``audit``        who did what beside declaring, append-only and chained as the log is
- ``backup``       a consistent copy of a live database

Functions take a Connection inside somebody else's transaction; they never commit.
"""
