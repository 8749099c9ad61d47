"""Polars only: a study and a selection in, small tidy frames out, with the rule of every row."""
