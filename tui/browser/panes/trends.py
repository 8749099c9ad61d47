"""The trends: sparklines on one scale and, where there is room, the chart of means."""

from __future__ import annotations

from tui.analyses.answer import Answer
from tui.browser.lines import Run
from tui.browser.palette import Palette
from tui.report.trends import spark_lines, trend_chart

LEAST_CHART = 10
"""Lines below which a chart of means says less than the sparklines alone."""


def lines(answer: Answer, width: int, height: int, palette: Palette) -> list[list[Run]]:
    """Sparklines, then a chart if it fits, in the arms' colors."""
    orders = [arm.order for arm in answer.arms]
    shown: list[list[Run]] = []
    for place, text in enumerate(spark_lines(answer, width, palette.ascii)):
        shown.append([(text, palette.arm(orders[place]) if place < len(orders) else palette.dim)])
    room = height - len(shown) - 1
    if room < LEAST_CHART:
        return shown
    shown.append([("", None)])
    for line in trend_chart(answer, width, room, palette.ascii).lines:
        shown.append(
            [
                (run.text, None if run.series is None else palette.arm(orders[run.series]))
                for run in line
            ]
        )
    return shown
