"""The results of a whole council from a spreadsheet."""
