"""Getting bytes to everyone who watches: the follower of the log, the channels, the hub, the sockets' wire.

    log -> Follower -> (fold, render) -> Hub.update -> Channel -> one frame -> every Watcher

The standard library only, and no domain: fragments are opaque text under an element id.

- ``follower``   tails a log, whoever wrote it
- ``channels``   the newest copy of each fragment of one topic, and what somebody who was away has missed
- ``frames``     the WebSocket wire, as far as a server needs it that only speaks
- ``watcher``    one open socket
- ``hub``        who watches what; one frame to all of them, and nobody waits for the slow
"""
