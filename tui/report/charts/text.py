"""Text measured in terminal cells.

Labels come from the data: they may hold wide letters, combining marks, or control characters that
would move the cursor. A chart whose lines differ in width by one cell is a broken chart.
"""

from unicodedata import category, east_asian_width, normalize


def clean(text: str, *, ascii: bool = False) -> str:
    """Keep what prints; show the rest as "?". Marks that do not compose are dropped.

    Terminals disagree about the width of combining marks and of emoji variation selectors.
    """
    letters = (c for c in normalize("NFC", text) if category(c)[0] != "M")
    return "".join(c if c.isprintable() and (c.isascii() or not ascii) else "?" for c in letters)


def cells(text: str) -> int:
    """Width of clean text in terminal cells: East Asian wide letters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def fit(text: str, width: int, *, ascii: bool = False) -> str:
    """Pad clean text to exactly `width` cells, or cut it there with a sign that it was cut."""
    if cells(text) > width:
        sign = ("..." if ascii else "…")[: max(width, 0)]
        while cells(text) + len(sign) > width and text:
            text = text[:-1]
        text += sign
    return text + " " * (width - cells(text))
