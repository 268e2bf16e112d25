"""The night in time: seats over it as a chart and a table, its moments, and what has come since one of them."""
