"""What an arm looks like in the charts of files: a color, a dash and a marker of its own.

In the order of the glyphs of the charts in text, so that an arm is the same shape wherever it is
drawn. The colors are those of the theme `light`, chosen for white paper and every kind of color
vision; line and marker tell the arms apart where there is no color.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.report.charts.line_chart import GLYPHS


@dataclass(frozen=True)
class Look:
    """How an arm is drawn.

    Attributes:
        color: Of its line and markers.
        dash: Lengths of strokes and gaps in an SVG; empty for a line without gaps.
        shape: An SVG path around (0, 0), ten wide.
        filled: Whether its marker is.
        excel: What Excel calls its dash and its marker.
    """

    color: str
    dash: str
    shape: str
    filled: bool
    excel: tuple[str, str]


_SHAPES = {
    "circle": "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z",
    "square": "M-4.5 -4.5H4.5V4.5H-4.5Z",
    "triangle": "M0 -5.5L5.5 4.5H-5.5Z",
    "diamond": "M0 -6L6 0L0 6L-6 0Z",
}
_COLORS = ["#005faf", "#875f00", "#303030", "#5f00ff", "#00005f", "#875f87", "#0000af", "#875f5f"]
_DASHES = {
    "solid": "",
    "dash": "9 4",
    "round_dot": "2 3",
    "dash_dot": "9 3 2 3",
    "long_dash": "16 4",
    "long_dash_dot": "16 3 2 3",
    "square_dot": "4 4",
    "long_dash_dot_dot": "16 3 2 3 2 3",
}

LOOKS = {
    glyph: Look(_COLORS[place], dash, _SHAPES[shape], place < len(_SHAPES), (excel, shape))
    for place, (glyph, shape, (excel, dash)) in enumerate(
        zip(GLYPHS, (*_SHAPES, *_SHAPES), _DASHES.items(), strict=True)
    )
}
"""The look of an arm, by the glyph that it has in charts of text."""
