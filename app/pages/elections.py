def elections_page(*a, **k): return "<html>elections"
def error_page(environment, status, detail): return f"<html>{status} {detail}"
def patterns_page(environment): return "<html>"
