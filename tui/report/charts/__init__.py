"""Charts as text: pure functions from values to lines, with no terminal in sight."""
