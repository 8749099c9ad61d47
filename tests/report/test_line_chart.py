import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.report.charts.line_chart import ASCII_GLYPHS, GLYPHS, Chart, Point, Series, chart
from tui.report.charts.text import cells

WEEKS = (0, 1, 2, 4, 8, 12)
ARMS = {
    "Placebo": (0.28, (0, -0.02, -0.03, -0.05, 0.02, 0.05)),
    "0.3 M/kg": (0.3, (0, -0.02, -0.08, -0.12, -0.1, 0.0)),
    "1.0 M/kg": (0.3, (0, 0.0, -0.1, -0.2, -0.25, -0.15)),
    "2.0 M/kg": (0.3, (0, -0.05, -0.18, -0.3, -0.4, -0.28)),
}
TITLE = "HbA1c (%), change from baseline, mean and 95% CI"


def course(means, half=0.3, label="Arm", number=0, weeks=WEEKS):
    points = tuple(
        Point(week, mean)
        if mean is None or week == 0
        else Point(week, mean, mean - half, mean + half)
        for week, mean in zip(weeks, means, strict=True)
    )
    return Series(label, GLYPHS[number], points)


def four_arms():
    return [course(means, half, label, n) for n, (label, (half, means)) in enumerate(ARMS.items())]


def two_arms_with_gaps():
    return [
        course((0, -0.1, None, -0.2, -0.1, -0.1), label="Placebo"),
        course((0, -0.3, -0.5, None, -0.8, None), label="Active", number=1),
    ]


def one_visit():
    return [
        course((mean,), half, label, n, weeks=(12,))
        for n, (label, half, mean) in enumerate([("Placebo", 0.3, 0.1), ("Active", 0.3, -0.6)])
    ]


@pytest.mark.parametrize("ascii", [False, True], ids=["braille", "ascii"])
@pytest.mark.parametrize(
    ("name", "arms", "width", "height"),
    [
        ("four-arms", four_arms, 76, 18),
        ("four-arms", four_arms, 40, 12),
        ("gaps", two_arms_with_gaps, 60, 14),
        ("one-visit", one_visit, 50, 12),
    ],
)
def test_the_chart_looks_as_it_did_when_a_person_last_looked(
    name, arms, width, height, ascii, golden
):
    drawn = chart(
        arms(),
        width=width,
        height=height,
        ascii=ascii,
        y_label=TITLE,
        reference_lines=[(0, "no change")],
    )
    form = "ascii" if ascii else "braille"
    golden(f"charts/{name}-{width}x{height}-{form}.txt", drawn.plain() + "\n")


def assert_fills(drawn: Chart, width: int, height: int):
    lines = drawn.plain().split("\n")
    assert [cells(line) for line in lines] == [width] * height
    assert not any("nan" in line.lower() or "inf" in line.lower() for line in lines)


numbers = st.none() | st.floats() | st.floats(-10, 10) | st.sampled_from([0.0, 1e6, -1e6, 1e-320])
labels = st.text(alphabet=st.characters(exclude_characters="nfNF"), max_size=30)
any_points = st.lists(
    st.builds(Point, st.floats() | st.sampled_from(WEEKS), numbers, numbers, numbers), max_size=8
)
any_arms = st.lists(
    st.builds(Series, labels, st.sampled_from([*GLYPHS, "", "宽", "\n"]), any_points.map(tuple)),
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(
    any_arms,
    st.integers(30, 130),
    st.integers(8, 50),
    st.booleans(),
    labels,
    labels,
    st.lists(st.tuples(st.floats(), labels), max_size=2),
    st.integers(0, 3),
)
def test_the_chart_fills_its_cells_exactly_whatever_the_data(
    arms, width, height, ascii, y_label, x_label, references, decimals
):
    drawn = chart(
        arms,
        width=width,
        height=height,
        ascii=ascii,
        y_label=y_label,
        x_label=x_label,
        reference_lines=references,
        y_decimals=decimals,
    )
    assert_fills(drawn, width, height)
    assert not ascii or drawn.plain().isascii()


@pytest.mark.parametrize("width", [30, 31, 47, 120, 300])
@pytest.mark.parametrize("height", [8, 9, 13, 100])
def test_the_chart_fills_small_and_large_screens(width, height):
    assert_fills(chart(four_arms(), width=width, height=height, y_label=TITLE), width, height)


@pytest.mark.parametrize(("width", "height"), [(29, 20), (80, 7), (0, 0), (-1, 5)])
def test_a_screen_too_small_says_so_in_one_line(width, height):
    (line,) = chart(four_arms(), width=width, height=height).lines
    assert "too small".startswith(line[0].text)
    assert len(line[0].text) == min(max(width, 0), 9)


@pytest.mark.parametrize("arms", [[], [course((None, math.nan), weeks=(0, 1))]])
def test_a_chart_without_a_single_mean_says_no_data(arms):
    drawn = chart(arms, width=40, height=10)
    assert_fills(drawn, 40, 10)
    assert drawn.plain().split() == ["no", "data"]


def test_an_arm_without_data_is_named_beside_the_others():
    arms = [*two_arms_with_gaps(), course((None,) * 6, label="Late", number=2)]
    assert "▲ Late (no data)" in chart(arms, width=70, height=14).plain()


def test_every_arm_is_named_once_even_where_eight_end_together_on_a_low_screen():
    arms = [course((0, 0), label=f"Arm {n}", number=n, weeks=(0, 1)) for n in range(8)]
    for ascii, glyphs in ((False, GLYPHS), (True, ASCII_GLYPHS)):
        text = chart(arms, width=30, height=8, ascii=ascii, y_label="Change").plain()
        assert all(text.count(f"{glyph} Arm {n}") == 1 for n, glyph in enumerate(glyphs))


def test_a_name_that_is_cut_shows_that_it_is():
    arms = [course((0, 1), label="Metformin 500 mg twice daily", weeks=(0, 1))]
    assert "● Metform…" in chart(arms, width=30, height=8).plain()
    assert "o Metfo..." in chart(arms, width=30, height=8, ascii=True).plain()


def test_every_run_of_an_arm_names_its_series():
    drawn = chart(four_arms(), width=76, height=18)
    for number, arm in enumerate(four_arms()):
        mine = "".join(r.text for line in drawn.lines for r in line if r.series == number)
        assert f"{arm.glyph} {arm.label}" in mine
        others = [r.text for line in drawn.lines for r in line if r.series != number]
        assert not any(arm.glyph in text for text in others)


def test_a_missing_visit_leaves_a_gap_in_the_line():
    whole = chart([course((0, 0, 0), half=0, weeks=(0, 6, 12))], width=60, height=10).plain()
    broken = chart([course((0, None, 0), half=0, weeks=(0, 6, 12))], width=60, height=10).plain()
    braille = [sum("⠀" < c <= "⣿" for c in text) for text in (whole, broken)]
    assert braille[0] > 30
    assert braille[1] == 0


@pytest.mark.parametrize("value", [0.0, 5.4, -1e6, 1e6, 1e99])
def test_equal_values_stand_on_a_scale_around_them(value):
    drawn = chart([course((value, value), half=0, weeks=(0, 12))], width=60, height=11)
    rows = [n for n, line in enumerate(drawn.plain().split("\n")) if "●" in line]
    assert len(rows) == 1
    assert 3 <= rows[0] <= 5


def test_a_reference_line_is_dotted_across_and_named():
    arms = [course((1, 1), half=0, weeks=(0, 12))]
    drawn = chart(arms, width=50, height=12, reference_lines=[(0, "no change")]).plain()
    (line,) = [line for line in drawn.split("\n") if "no change" in line]
    assert line.count("⠄") > 25
    assert " 0.0 ┤" in line


def test_visit_numbers_that_would_collide_are_left_out_but_not_the_last():
    arms = [course([0] * 53, half=0, weeks=range(53))]
    axis = chart(arms, width=50, height=10).plain().split("\n")[-1].split()
    assert axis[0] == "Week"
    assert axis[-1] == "52"
    shown = [int(text) for text in axis[1:]]
    assert shown == sorted(shown)


def test_a_long_x_label_has_a_line_of_its_own():
    text = chart(four_arms(), width=60, height=12, x_label="Days since randomization").plain()
    assert text.split("\n")[-1].strip() == "Days since randomization"


def test_labels_cannot_move_the_cursor():
    arms = [course((0, 1), label="a\x1b[2J\n\tb", weeks=(0, 1))]
    assert "a?[2J??b" in chart(arms, width=60, height=10).plain()
