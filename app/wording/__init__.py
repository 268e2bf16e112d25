"""Everything the house says of a night, in words: functions that take values and return text.

British, short, plain. A module for each thing told; nobody else makes prose of the night's values, so that another
language, or the style of another house, is another package beside this one. Nothing is relative to now: the same values
always read the same.
"""
