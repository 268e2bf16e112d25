"""Public reads as bytes in memory: made once per sequence and variant.

- ``public_reads`` which addresses are public reads, and what they take
- ``reading``      answers them before anything is routed
- ``kept``         what is made of an election for all who ask
- ``pieces``       long texts in pieces, one a council
- ``pieced``       an answer that is made of such pieces
"""
