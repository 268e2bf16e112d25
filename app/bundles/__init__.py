"""Reading election bundles, and writing what a night declared: CSV, JSON and Democracy Club's columns."""
