from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats.proportions import fisher_p, newcombe, wilson

from .pilot import ARMS, published, reference

counts = st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_wilson_agrees_with_sas() -> None:
    case = published("one proportion", "PROC FREQ")
    result = wilson(case["data"]["x"], case["data"]["n"])
    assert [result.lower, result.upper] == pytest.approx(case["expected"]["wilson"], abs=5e-5)
    assert result.estimate == 36 / 154


@given(counts)
def test_wilson_is_that_of_scipy(count: tuple[int, int]) -> None:
    x, n = count
    ours, theirs = wilson(x, n), stats.binomtest(x, n).proportion_ci(method="wilson")
    assert (ours.lower, ours.upper) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert 0 <= ours.lower <= ours.estimate <= ours.upper <= 1


def test_a_proportion_of_no_subjects_is_not_estimable() -> None:
    result = wilson([0, 3], [0, 10])
    assert np.isnan([result.estimate[0], result.lower[0], result.upper[0]]).all()
    assert result.estimate[1] == 0.3


DIFFERENCES = [
    case
    for case in reference("published")["cases"]
    if case["statistic"] == "difference of proportions"
]


@pytest.mark.parametrize("case", DIFFERENCES, ids=lambda case: case["source"])
def test_newcombe_agrees_with_the_published_intervals(case: dict) -> None:
    data = case["data"]
    result = newcombe(data["x1"], data["n1"], data["x2"], data["n2"])
    assert [result.lower, result.upper] == pytest.approx(case["expected"]["newcombe"], abs=5e-5)


@given(counts, counts)
def test_swapping_the_arms_flips_the_difference(
    one: tuple[int, int], zero: tuple[int, int]
) -> None:
    ours, swapped = newcombe(*one, *zero), newcombe(*zero, *one)
    assert ours.estimate == pytest.approx(-swapped.estimate, abs=1e-15)
    assert ours.lower == pytest.approx(-swapped.upper, abs=1e-12, nan_ok=True)
    assert fisher_p(*one, *zero) == pytest.approx(fisher_p(*zero, *one), rel=1e-9)


def test_a_difference_of_two_zeros_has_no_interval() -> None:
    result = newcombe([0, 0, 0], [20, 20, 0], [0, 1, 1], [30, 30, 30])
    assert result.estimate[:2] == pytest.approx([0, -1 / 30])
    assert np.isnan(result.lower).tolist() == [True, False, True]
    assert np.isnan(result.upper).tolist() == [True, False, True]
    assert np.isnan(result.estimate[2])


def test_fisher_agrees_with_r_on_every_adverse_event_of_the_pilot() -> None:
    file = reference("r-adae")
    terms = [file["any"], *file["soc"].values(), *file["pt"]]
    seen = {arm: np.array([term["n"][arm] for term in terms]) for arm in ARMS}
    for arm in ARMS[1:]:
        ours = fisher_p(seen[arm], file["N"][arm], seen[ARMS[0]], file["N"][ARMS[0]])
        expected = [term["fisher_vs_placebo"].get(arm, np.nan) for term in terms]
        assert ours == pytest.approx(expected, rel=1e-10, abs=1e-14)


def test_fisher_is_that_of_the_clinical_study_report() -> None:
    """To its three decimals and a little more, as it seems to have rounded twice (.05745: .058)."""
    rows, N = reference("csr-14-5.01")["rows"], reference("r-adae")["N"]
    compared = 0
    for arm, label in (("low", ARMS[1]), ("high", ARMS[2])):
        shown = [row for row in rows if row.get(f"p_pbo_{arm}")]
        x1, x0 = ([row[each]["n"] for row in shown] for each in (arm, "placebo"))
        printed = [row[f"p_pbo_{arm}"].rstrip("*") for row in shown]
        for p, text in zip(fisher_p(x1, N[label], x0, N[ARMS[0]]), printed, strict=True):
            assert p > 0.99 if text == ">0.99" else abs(p - float(text)) <= 0.00055
        compared += len(shown)
    assert compared == 413


def test_fisher_agrees_with_published_tables() -> None:
    sas = published("two-by-two table", "PROC FREQ")
    (a, b), (c, d) = sas["data"]["table"]
    assert fisher_p(a, a + b, c, c + d) == pytest.approx(
        sas["expected"]["fisher_two_sided"], abs=5e-5
    )
    trial = published("Fisher", "MSB-DM003")
    for ((a, b), (c, d)), p in zip(trial["data"]["tables"], trial["expected"]["p"], strict=True):
        assert fisher_p(a, a + b, c, c + d) == pytest.approx(p, abs=5e-5)
    (a, b), (c, d) = trial["data"]["tables"][0]
    result = newcombe(a, a + b, c, c + d)
    assert [result.lower, result.upper] == pytest.approx(
        trial["expected"]["newcombe_first"], abs=5e-4
    )


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=20))
def test_fisher_is_that_of_scipy(pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    tables = np.array([[*one, *zero] for one, zero in pairs])
    expected = [stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue for a, n, b, m in tables]
    ours = fisher_p(*tables.T)
    assert ours == pytest.approx(expected, rel=1e-9, abs=1e-14)
    assert (ours <= 1).all()


def test_fisher_keeps_the_shape_of_its_arguments() -> None:
    assert fisher_p([[1, 2, 3], [4, 5, 6]], 10, 2, 12).shape == (2, 3)
    assert fisher_p(1, 10, 2, 12).shape == ()
    assert fisher_p([], 10, [], 12).shape == (0,)


def test_fisher_needs_subjects_and_possible_counts() -> None:
    p = fisher_p([0, 1, 5, -1, 0], [0, 5, 4, 5, 5], [1, 0, 1, 1, 0], [5, 0, 5, 5, 5])
    assert np.isnan(p).tolist() == [True, True, True, True, False]
    assert p[4] == 1


def test_fisher_survives_large_arms_and_tiny_probabilities() -> None:
    p = fisher_p([0, 2500, 5000], 5000, [5000, 2400, 0], 5000)
    assert p[1] == pytest.approx(stats.fisher_exact([[2500, 2500], [2400, 2600]]).pvalue, rel=1e-8)
    assert p[0] == p[2] < 1e-300


def test_fisher_takes_milliseconds_for_a_table_of_adverse_events() -> None:
    random = np.random.default_rng(1)
    x1, x0 = random.integers(0, 100, (2, 500))
    started = time.thread_time()  # of the CPU: whatever else runs on the machine
    fisher_p(x1, 300, x0, 300)
    assert time.thread_time() - started < 0.2  # a few ms
