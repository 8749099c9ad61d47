"""trialdeck: a study browser for clinical-trial data in the terminal.

Importing this package costs nothing; everything else is loaded where it is used.
"""

__version__ = "0.1.0"
