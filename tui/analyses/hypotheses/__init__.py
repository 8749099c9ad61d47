"""The sections of the answer on tests: one file each."""
