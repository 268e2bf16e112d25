"""A source for a vision mixer: lower third, ticker and changes of control, over whatever picture is behind them."""
