"""For readers and spreadsheets: the Atom feed of the log, and everything declared as CSV and JSON."""
