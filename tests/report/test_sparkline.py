import math

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.report.charts.sparkline import ASCII_LEVELS, BLOCKS, sparkline

values = st.none() | st.floats()
points = st.lists(st.tuples(st.floats(), values), max_size=12)


def draw(points, *, low=0.0, high=7.0, x_low=0.0, x_high=12.0, width=13, ascii=False):
    return sparkline(
        points, low=low, high=high, x_low=x_low, x_high=x_high, width=width, ascii=ascii
    )


@settings(deadline=None)
@given(points, st.floats(), st.floats(), st.floats(), st.floats(), st.integers(-2, 40))
def test_the_line_is_exactly_as_wide_as_asked_whatever_the_data(
    points, low, high, x_low, x_high, width
):
    for ascii, levels in ((False, BLOCKS), (True, ASCII_LEVELS)):
        line = draw(
            points, low=low, high=high, x_low=x_low, x_high=x_high, width=width, ascii=ascii
        )
        assert len(line) == max(width, 0)
        assert set(line) <= set(levels + " ")


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_larger_value_is_never_a_lower_block(one, other):
    smaller, larger = sorted([one, other])
    for ascii, levels in ((False, BLOCKS), (True, ASCII_LEVELS)):
        below, above = (
            draw([(0, v)], low=-1e5, high=1e5, width=1, ascii=ascii) for v in (smaller, larger)
        )
        assert levels.index(below) <= levels.index(above)


def test_visits_stand_by_their_number_and_not_by_their_order():
    assert draw([(0, 0), (4, 4), (12, 7)]) == "▁▂▃▄▅▅▆▆▇▇▇██"
    assert draw([(12, 7), (0, 0), (4, 4)]) == "▁▂▃▄▅▅▆▆▇▇▇██"


def test_a_missing_visit_breaks_the_line_on_both_sides():
    assert draw([(0, 0), (2, 0), (4, None), (8, 7), (12, 7)]) == "▁▁▁     █████"
    assert draw([(0, 0), (4, math.nan), (12, 7)]) == "▁           █"


def test_a_flat_scale_shows_the_middle_level():
    assert draw([(0, 5), (12, 5)], low=5, high=5, width=4) == "▅▅▅▅"


def test_values_beyond_the_scale_are_held_at_its_edge():
    assert draw([(0, -99), (12, 99)], width=2) == "▁█"


def test_visits_beyond_the_axis_are_left_out():
    assert draw([(99, 3)]) == " " * 13


def test_without_braille_or_blocks_the_levels_grow_all_the_same():
    rising = [(x, float(x)) for x in range(8)]
    assert draw(rising, x_high=7, width=8, ascii=True) == ASCII_LEVELS


def test_two_arms_on_one_scale_can_be_compared():
    small, large = ([(0, 0), (12, fall)] for fall in (-0.1, -1.6))
    assert draw(small, low=-1.6, high=0, width=3) == "███"
    assert draw(large, low=-1.6, high=0, width=3) == "█▅▁"
