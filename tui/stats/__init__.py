"""Pure statistics: functions over NumPy arrays that return frozen dataclasses of arrays.

Nothing here knows of data frames, studies or screens, and nothing raises on poor data: a figure
that cannot be had is NaN, and `not_estimable` says why. `scipy.stats` is not used, because
importing it takes longer than everything else the program does at its start.
"""
