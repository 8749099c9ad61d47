"""What acts on a terminal, if it is let."""

from __future__ import annotations

import re

ESCAPE, BELL, C1, OVERRIDE, ISOLATE = "\x1b", "\x07", "\x9b", "\u202e", "\u2066"
HOSTILE_ARM = f"{ESCAPE}[31mRed{ESCAPE}[0m [bold]|<b>`{OVERRIDE}21"
ACTS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
