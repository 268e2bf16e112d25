"""Declared: live election-night results.

The append-only declaration log is the only truth. Everything shown is a fold of it, rendered once and pushed as bytes:

    desk, API -> declaring -> log -> follower -> fold per council -> changed fragments -> hub -> watchers

The floors, each of which knows those above it in this list alone, and ``domain`` one module of ``wording``: what its
errors say, which imports nothing (``tests/contracts`` holds them to it):

- ``domain``      the rules of the night: pure values and functions, no I/O, no clock
- ``process``     what surrounds the program: its folders, origins, memory, loop and log lines
- ``addresses``   every address: how it is spelt, what it shows, how long it may be held
- ``wording``     what is said of a night: values in, text out, a module for each thing told
- ``live``        follower, channels and hub: moves opaque bytes, knows no domain
- ``drawing``     share cards as PNG, by a process of its own
- ``connections`` HTTP within bounds, and the live sockets, as bytes
- ``store``       the log, the catalogue and the people in SQLite or PostgreSQL
- ``settings``    every setting, described once
- ``declaring``   the one door into the log: bodies, checks and one transaction; the second check
- ``api``         what programs get: values, and the routes that take declarations
- ``bundles``     reading election bundles, writing exports
- ``imports``     files of others (Democracy Club, ModernGov, the LGA's schema) made into bundles and nights
- ``exercise``    a night to practise on, its mishaps, and how the desk did
- ``pages``       what readers see: templates to fragments and pages, a room for each
- ``projection``  what the log means just now: followed, folded, and rendered once for everybody
- ``feeds``       the Atom feed and the exports
- ``hooks``       alerts for machines: sent to the addresses that asked, by one server of all
- ``web``         what all routes share: a server's parts, who may, what errors mean, reads kept in memory, health
- ``desk``        the results desk, a room for each thing that people do there
- ``publishing``  an election as files for a web server or a CDN, kept current from the database alone
- ``main``        ``create_app(settings)``: the only place where parts are wired
- ``serving``     a server as processes
- ``commands``    the ``declared`` command

The rooms:

- ``pages``: ``overview``, ``council``, ``contest``, ``elections``, ``story`` (the night and its councils
  in sentences), ``receipts`` (what is shown, added up again), ``to_watch`` (what is undecided), ``rankings``,
  ``parties``, ``over_time`` (charts, moments), ``cards``, ``embed``, ``finder``, ``patterns``;
  ``components`` is what several of them show
- ``desk``: ``board``, ``entry`` (the form of a ward), ``paste`` (a result as text), ``files`` (a council's results),
  ``notes`` (internal ones), ``photos`` (of sheets), ``offline``, ``queue``, ``presence`` (who is at what),
  ``disputes`` (both versions, for editors), ``holding``, ``signing_off``, ``acts``, ``room``, ``audit``, ``people``,
  ``help`` (keys and codes), ``exercise`` (the sheets of one, on its server alone)
- ``web``: ``signing_in``, ``reads``, ``health``

A room holds its routes (``routes``) beside what they show (``view``), which knows no HTTP. Its templates, styles and
scripts are in folders of its name: ``templates/council``, ``static/css/council``, ``static/js/desk``.
"""
