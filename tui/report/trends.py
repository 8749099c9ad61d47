"""The course of each arm as pictures: sparklines on one scale, and the chart of means."""

from __future__ import annotations

from collections.abc import Sequence

from tui.analyses.answer import Answer
from tui.analyses.rows.trends import TrendRow
from tui.report.charts.line_chart import ASCII_GLYPHS, GLYPHS, Chart, chart
from tui.report.charts.sparkline import sparkline
from tui.report.charts.text import cells, clean, fit
from tui.report.courses import axis, course
from tui.report.numbers import Precision, fixed
from tui.report.visible import visible

CHART_HEIGHT = 18
LEAST_SPARK = 12
"""Cells that a sparkline needs; a long arm label is cut to leave them."""
GAPS = 4
"""Blanks of a sparkline's line: two after the label, one on each side of the sparkline."""


def trends(answer: Answer, width: int, ascii_only: bool) -> list[list[str]]:
    """The sparklines, and the chart below them."""
    drawn = trend_chart(answer, width, CHART_HEIGHT, ascii_only)
    return [
        spark_lines(answer, width, ascii_only),
        ["".join(run.text for run in line) for line in drawn.lines],
    ]


def by_arm(answer: Answer) -> dict[str, list[TrendRow]]:
    """The rows of each arm, in the order of the arms."""
    return {arm.label: [row for row in answer.rows if row.arm == arm.label] for arm in answer.arms}


def spark_lines(answer: Answer, width: int, ascii_only: bool) -> list[str]:
    """One sparkline an arm: `● Placebo  0.00 ▄▄▅▅▆  0.05`, all on the scale in the last line."""
    rows = by_arm(answer)
    means = [row.mean for row in answer.rows if row.mean is not None]
    weeks = [row.visit_number for row in answer.rows]
    if not means:
        return ["no data"]
    low, high = min(means), max(means)
    decimals = Precision(answer.decimals).mean
    figure = max(len(fixed(mean, decimals)) for mean in means)
    taken = 2 * figure + GAPS
    names = _names(answer, ascii_only)
    label = min(max(map(cells, names)), max(3, width - taken - LEAST_SPARK))
    lines = []
    for name, members in zip(names, rows.values(), strict=True):
        known = [row.mean for row in members if row.mean is not None]
        first, last = (known[0], known[-1]) if known else (None, None)
        spark = sparkline(
            [(row.visit_number, row.mean) for row in members],
            low=low,
            high=high,
            x_low=min(weeks),
            x_high=max(weeks),
            width=max(LEAST_SPARK, width - label - taken),
            ascii=ascii_only,
        )
        lines.append(
            f"{fit(name, label, ascii=ascii_only)}  {fixed(first, decimals):>{figure}} {spark} "
            f"{fixed(last, decimals):>{figure}}"
        )
    unit = f" {visible(answer.unit)}" if answer.unit else ""
    scale = f"{fixed(low, decimals)} to {fixed(high, decimals)}{unit}"
    lines.append(f"one scale: {scale}, {axis(answer).lower()} {min(weeks):g} to {max(weeks):g}")
    return lines


def trend_chart(answer: Answer, width: int, height: int, ascii_only: bool) -> Chart:
    """Means with their intervals by visit number, labelled on the lines."""
    drawn = course(answer, ASCII_GLYPHS if ascii_only else GLYPHS)
    return chart(
        drawn.series,
        width=width,
        height=height,
        ascii=ascii_only,
        y_label=drawn.y_label,
        x_label=drawn.x_label,
        reference_lines=((0.0, ""),) if drawn.zero else (),
        y_decimals=Precision(answer.decimals).mean,
    )


def _names(answer: Answer, ascii_only: bool) -> Sequence[str]:
    glyphs = ASCII_GLYPHS if ascii_only else GLYPHS
    return [
        clean(f"{glyphs[arm.order % len(glyphs)]} {arm.label}", ascii=ascii_only)
        for arm in answer.arms
    ]
