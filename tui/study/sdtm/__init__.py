"""SDTM: its domains under ADaM's names, which are the only ones that queries know.

The second pass of opening a study: what a domain means can only be said beside the subjects.
"""
