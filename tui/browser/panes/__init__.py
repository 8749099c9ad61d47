"""One file for each pane: what it shows of its answer."""
