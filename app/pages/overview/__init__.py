"""The dashboard: the whole night on one page, its scoreboard, its board of councils and its ticker."""
