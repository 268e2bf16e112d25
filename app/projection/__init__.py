"""What the log means just now: followed entry by entry, folded, and rendered once for everybody.

- ``newsroom``    every election that this process serves, each kept at the head of its log
- ``projection``  one election: its log read, folded, shown, and told to whoever listens
- ``publication`` what one night publishes: its fold, its public log, its channels
- ``opening``     a channel as it is made first
- ``history``     nights on the way through the log, from which any night of the past is a few entries away
- ``rows``        councils' rows on the dashboard as they were rendered
"""
