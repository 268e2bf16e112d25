"""Declared: live election-night results.

The append-only declaration log is the only truth. Everything shown is a fold of it, rendered once and pushed as bytes:

    desk, API -> declaring -> log -> follower -> fold per council -> changed fragments -> hub -> watchers

Where things are:

- ``domain``     the rules of the night: pure values and functions, no I/O, no clock
- ``declaring``  the one door into the log: checks and one transaction
- ``keying``     the second check: what two persons key alike is declared
- ``store``      the log, the catalogue and the tokens in SQLite or PostgreSQL
- ``live``       follower, channels and hub: moves opaque bytes, knows no domain
- ``pages``      templates to fragments and pages, and what a night publishes
- ``bundles``    reading election bundles, writing exports
- ``drawing``    share cards as PNG, by a process of its own
- ``web``        one module per audience: dashboard, API, feeds, sockets, health
- ``publishing`` an election as files for a web server or a CDN, kept current from the database alone
- ``folders``    where templates, static files and the bundled night are
- ``origins``    our own address as readers see it, and others that whoever runs a server gives it
- ``logs``       lines for whoever runs a server, and floods of them summed up
- ``descriptors`` how many connections there may be
- ``turns``      long work on the event loop, a little at a time
- ``lasting``    what lives all night, kept from the garbage collector
- ``main``       ``create_app(settings)``: the only place where parts are wired
- ``cli``        the ``declared`` command; ``people_commands`` is what it does about accounts and tokens,
  ``restoring_commands`` about databases that were put back
"""
