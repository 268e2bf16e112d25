"""An exercise: a night to practise on, with mishaps planted in it, and how the desk did.

- ``sheets``    what a sheet says, at first and in the end
- ``results``   the results of the night: the real ones, and plausible ones where there are none
- ``mishaps``   what goes wrong, and how a sheet tells it
- ``planning``  a bundle and a seed become the plan: every sheet, with its time and its mishap
- ``happened``  what has happened so far, in the exercise and in the database
- ``progress``  what follows from it: who gets which sheet, what it says by now, what the count tells next
- ``report``    how fast and how right the desk was
- ``telling``   the report as text, CSV and JSON
- ``evidence``  what of it the database has
- ``folder``    the exercise's own folder
- ``running``   an exercise as it runs, for its pages and its count
"""
