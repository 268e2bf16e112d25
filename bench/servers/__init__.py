"""What the benchmarks compare: small servers, each run as ``python -m bench.servers.NAME PORT …``.

A POST to ``/publish`` sends its body to every websocket of ``/watch``, or of whatever path the contestant has.
"""
