"""The one door into the log.

- ``bodies``       what may be posted
- ``door``         checks and one transaction
- ``second_check`` what one person keys waits until another keys the same
"""
