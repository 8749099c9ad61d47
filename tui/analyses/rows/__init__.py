"""Rows of answers, a file a kind: a dataclass takes half a millisecond to make, so few are."""
