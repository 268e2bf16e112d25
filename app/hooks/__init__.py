"""Alerts for machines: what the log, or the clock, gives to tell, sent to the addresses that asked for it.

Of all servers of a database one sends, that which holds the lease (``store.hook_lease``); of each hook one message at a
time, in order, noted once it is answered.
"""
