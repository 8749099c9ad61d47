"""Tests of the statistics against R, SAS, published figures, and laws they must obey."""
