"""The forms of Dataset-JSON and what their columns hold."""
