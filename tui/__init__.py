"""trialdeck: a study browser for clinical-trial data in the terminal.

Importing this package costs nothing; everything else is loaded where it is used.
"""

__version__ = "0.1.0"

COMMANDS = ("show", "replay", "describe", "prepare", "keys", "validate")
"""The first words that ask for something else than the browser, which has none."""
