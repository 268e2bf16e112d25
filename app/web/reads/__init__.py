"""Public reads as bytes in memory: made once per sequence and variant.

- ``reading``  answers what the table of addresses says is kept, before anything is routed
- ``queries``  what of a query such an answer depends on
- ``versions`` until when it is good
- ``kept``     what is made of an election for all who ask
- ``pieces``   long texts in pieces, one a council
- ``pieced``   an answer that is made of such pieces
"""
