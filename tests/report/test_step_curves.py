from __future__ import annotations

from dataclasses import replace

import pytest

from tui.report.charts.step_curves import Curve, step_curves
from tui.report.charts.text import cells

HIGH = Curve("Placebo", "●", ((10.0, 90.0), (40.0, 80.0), (100.0, 80.0)), (40.0, 100.0), (10, 8, 2))
LOW = Curve("Drug", "■", ((5.0, 50.0), (50.0, 0.0)), (), (10, 1, 0))
TICKS = (0.0, 50.0, 100.0)


def drawn(*curves, width=60, height=11, ascii=False):
    return step_curves(
        curves, TICKS, width=width, height=height, ascii=ascii, y_label="S(t), %", x_label="days"
    )


def plot(lines, height=11):
    return lines[1 : 1 + height]


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("width", [50, 80, 120])
def test_no_line_is_wider_than_asked(width, ascii):
    lines = drawn(HIGH, LOW, width=width, ascii=ascii)
    assert max(map(cells, lines)) <= width


def test_in_ascii_there_is_nothing_else():
    curves = [replace(one, glyph=glyph) for one, glyph in ((HIGH, "o"), (LOW, "x"))]
    assert all(line.isascii() for line in drawn(*curves, ascii=True))


def test_a_curve_ends_at_its_last_time_with_its_glyph_and_name():
    lines = plot(drawn(HIGH, LOW))
    placebo = next(line for line in lines if "● Placebo" in line)
    drug = next(line for line in lines if "■ Drug" in line)
    assert lines.index(placebo) == 2  # 80 of 100, ten lines apart
    assert lines.index(drug) == 10
    assert drug.index("■") < placebo.index("●")


def test_numbers_at_risk_stand_below_their_ticks():
    lines = drawn(HIGH, LOW)
    ruler, times = lines[12], lines[13]
    at = [place for place, character in enumerate(ruler) if character == "┬"]
    assert [times[place] for place in at[:2]] == ["0", "5"]  # of 50 the first digit
    assert lines[15] == "At risk"
    placebo, drug = lines[16:]
    assert placebo.split() == ["●", "10", "8", "2", "Placebo"]
    assert drug.split() == ["■", "10", "1", "0", "Drug"]
    assert placebo[at[1]] == "8"
    assert drug[at[1]] == "1"


def test_censorings_are_marked_on_the_curve():
    marked = "\n".join(plot(drawn(HIGH, ascii=True)))
    unmarked = "\n".join(plot(drawn(Curve("Placebo", "o", HIGH.steps, (), (10, 8, 2)), ascii=True)))
    assert marked.count("+") == unmarked.count("+") + 1  # the end has the curve's own glyph


def test_many_names_at_one_place_move_apart():
    curves = [Curve(f"Arm {place}", "●", ((9.0, 50.0),), (), (1, 0, 0)) for place in range(4)]
    lines = plot(drawn(*curves))
    rows = [row for row, line in enumerate(lines) if "Arm" in line]
    assert len(rows) == 4
    assert rows == list(range(rows[0], rows[0] + 4))


def test_labels_of_the_data_cannot_act_on_the_terminal():
    bad = Curve("a\x1b[31mb\nc", "●", ((9.0, 50.0),), (), (1, 0, 0))
    assert all(line.isprintable() for line in drawn(bad))


def test_an_arm_without_subjects_is_named_and_nobody_is_no_chart():
    empty = Curve("Drug", "■", (), (), (0, 0, 0))
    assert any("■ Drug (no data)" in line for line in drawn(HIGH, empty, width=80))
    assert drawn(empty) == ["no data"]
    assert drawn(Curve("Drug", "■", ((0.0, 50.0),), (), (1, 0, 0))) == ["no data"]
