"""The pictures of an answer as lines of text: sparklines on one scale, and the chart of means."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui.analyses.answer import Answer
from tui.analyses.rows import TrendRow
from tui.report.charts.line_chart import ASCII_GLYPHS, GLYPHS, Chart, Point, Series, chart
from tui.report.charts.sparkline import sparkline
from tui.report.numbers import Precision, fixed
from tui.report.visible import visible

CHART_HEIGHT = 18


def pictures(answer: Answer, width: int, ascii_only: bool) -> list[list[str]]:
    """The pictures that stand above an answer's tables; most answers have none."""
    if answer.question.kind != "trends":
        return []
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
    names = _names(answer, ascii_only)
    label = max(map(cell_len, names))
    figure = max(len(fixed(mean, decimals)) for mean in means)
    room = max(8, width - label - 2 * figure - 6)
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
            width=room,
            ascii=ascii_only,
        )
        lines.append(
            f"{name}{' ' * (label - cell_len(name))}  {fixed(first, decimals):>{figure}} {spark} "
            f"{fixed(last, decimals):>{figure}}"
        )
    lines.append(
        f"{'':<{label}}  one scale for all arms: {fixed(low, decimals)} to {fixed(high, decimals)}"
        f"{' ' + visible(answer.unit) if answer.unit else ''}, by week {min(weeks):g} to {max(weeks):g}"
    )
    return lines


def trend_chart(answer: Answer, width: int, height: int, ascii_only: bool) -> Chart:
    """Means with their intervals by visit number, labelled on the lines."""
    of_change = answer.selection.value == "CHG"
    glyphs = ASCII_GLYPHS if ascii_only else GLYPHS
    orders = {arm.label: arm.order for arm in answer.arms}
    series = [
        Series(
            label=label,
            glyph=glyphs[orders[label] % len(glyphs)],
            points=tuple(
                Point(row.visit_number, row.mean, row.lower, row.upper) for row in members
            ),
        )
        for label, members in by_arm(answer).items()
    ]
    level = f"{100 * (1 - (answer.selection.alpha or 0.05)):g}% CI"
    unit = f" ({visible(answer.unit)})" if answer.unit else ""
    what = "change from baseline" if of_change else "value"
    return chart(
        series,
        width=width,
        height=height,
        ascii=ascii_only,
        y_label=f"{answer.selection.endpoint}{unit}, mean {what} with {level}",
        reference_lines=((0.0, ""),) if of_change else (),
        y_decimals=Precision(answer.decimals).mean,
    )


def _names(answer: Answer, ascii_only: bool) -> Sequence[str]:
    glyphs = ASCII_GLYPHS if ascii_only else GLYPHS
    return [f"{glyphs[arm.order % len(glyphs)]} {visible(arm.label)}" for arm in answer.arms]
