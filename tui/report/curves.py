"""The answer that is drawn as step curves: times to an event."""

from __future__ import annotations

from dataclasses import dataclass

from tui.analyses.answer import Answer
from tui.report.charts.line_chart import ASCII_GLYPHS, GLYPHS
from tui.report.charts.step_curves import Curve, step_curves

HEIGHT = 16


@dataclass(frozen=True)
class Curves:
    """What is drawn: the arms' curves, the times of the axis, and what time is counted in."""

    curves: tuple[Curve, ...]
    ticks: tuple[float, ...]
    x_label: str


def survival(answer: Answer, width: int, ascii_only: bool) -> list[list[str]]:
    """One chart: the curve of each arm, its name at the end, the numbers at risk below."""
    mark = "+" if ascii_only else "a dot above the curve"
    made = curves(answer, ASCII_GLYPHS if ascii_only else GLYPHS)
    drawn = step_curves(
        made.curves,
        made.ticks,
        width=width,
        height=HEIGHT,
        ascii=ascii_only,
        y_label=f"S(t), % without the event; {mark}: censored",
        x_label=made.x_label,
    )
    return [drawn]


def curves(answer: Answer, glyphs: str = GLYPHS) -> Curves:
    """The curves of an answer, in percent."""
    landmarks = [row for row in answer.rows if row.section == "landmark"]
    counts = {row.arm: row.n for row in answer.rows if row.section == "arm"}
    drawn = []
    for arm in answer.arms:
        steps = [row for row in answer.rows if row.section == "curve" and row.arm == arm.label]
        drawn.append(
            Curve(
                label=arm.label,
                glyph=glyphs[arm.order % len(glyphs)],
                steps=tuple((row.time, 100 * row.survival) for row in steps),
                censored=tuple(row.time for row in steps if row.censored),
                at_risk=(
                    counts[arm.label],
                    *(row.at_risk for row in landmarks if row.arm == arm.label),
                ),
            )
        )
    ticks = (0.0, *dict.fromkeys(row.time for row in landmarks))
    return Curves(tuple(drawn), ticks, answer.unit or "time (AVAL)")
