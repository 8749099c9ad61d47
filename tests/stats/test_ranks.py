from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats.exact_ranks import rank_sum_p
from tui.stats.ranks import kruskal_wallis, mann_whitney
from tui.stats.shift import hodges_lehmann
from tui.stats.ties import Ties, tabulate

coarse = st.integers(-5, 5).map(float)
fine = st.floats(-100, 100).map(lambda x: round(x, 2))
small = st.lists(coarse, min_size=1, max_size=6)
samples = st.lists(st.one_of(coarse, fine), min_size=2, max_size=15)


def table(*arms: list[float]) -> Ties:
    group = np.repeat(np.arange(len(arms)), [len(arm) for arm in arms])
    return tabulate(np.concatenate([np.asarray(a, float) for a in arms]), group, len(arms))


@given(samples, samples)
def test_mann_whitney_is_that_of_scipy(x: list[float], y: list[float]) -> None:
    ours = mann_whitney(table(y, x), 0)
    if len({*x, *y}) == 1:
        assert ours.not_estimable[0].tolist() == ["", "all values are equal"]
        return
    theirs = stats.mannwhitneyu(x, y, method="asymptotic")
    assert ours.u[0, 1] == theirs.statistic
    assert ours.p[0, 1] == pytest.approx(min(theirs.pvalue, 1), rel=1e-9)
    plain = stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=False)
    assert ours.p_uncorrected[0, 1] == pytest.approx(plain.pvalue, rel=1e-9)


@given(small, small)
def test_the_exact_p_counts_every_choice_of_subjects(x: list[float], y: list[float]) -> None:
    ranks = stats.rankdata(np.array(x + y))
    mean = len(x) * ranks.mean()
    sums = np.array([sum(chosen) for chosen in combinations(ranks, len(x))])
    share = (abs(sums - mean) >= abs(ranks[: len(x)].sum() - mean) - 1e-9).mean()
    ties = table(y, x)
    counts = ties.count.astype(np.int64)
    assert rank_sum_p(counts[:, 1], counts[:, 0]) == pytest.approx(share, rel=1e-12)
    assert rank_sum_p(counts[:, 0], counts[:, 1]) == pytest.approx(share, rel=1e-12)
    if len({*x, *y}) > 1:
        assert mann_whitney(ties, 0).p_exact[0, 1] == pytest.approx(share, rel=1e-12)


def test_without_ties_the_exact_p_is_that_of_scipy() -> None:
    x, y = np.random.default_rng(4).normal(size=(2, 17))
    expected = stats.mannwhitneyu(x, y + 0.5, method="exact").pvalue
    assert mann_whitney(table(y + 0.5, x), 0).p_exact[0, 1] == pytest.approx(expected, rel=1e-12)


def test_the_exact_p_is_left_to_small_arms() -> None:
    ties = table(list(range(30)), list(range(5, 35)))
    assert np.isnan(mann_whitney(ties, 0).p_exact).all()
    assert mann_whitney(ties, 0, exact_up_to=60).p_exact[0, 1] == pytest.approx(
        mann_whitney(ties, 0).p[0, 1], abs=0.003
    )


@given(samples, samples, st.floats(-50, 50).map(lambda x: round(x, 1)))
def test_hodges_and_lehmann_take_the_median_difference(
    x: list[float], y: list[float], shift: float
) -> None:
    ours = hodges_lehmann(table(y, x), 0)
    differences = np.subtract.outer(x, y).ravel()
    assert ours.estimate[0, 1] == pytest.approx(np.median(differences), abs=1e-9)
    swapped = hodges_lehmann(table(x, y), 0)
    for flag in (False, True):
        ours, swapped = (hodges_lehmann(t, 0, exact=flag) for t in (table(y, x), table(x, y)))
        assert ours.lower[0, 1] == pytest.approx(-swapped.upper[0, 1], abs=1e-9, nan_ok=True)
        moved = hodges_lehmann(table(y, [v + shift for v in x]), 0, exact=flag)
        assert moved.estimate[0, 1] == pytest.approx(ours.estimate[0, 1] + shift, abs=1e-6)


@pytest.mark.parametrize("decimals", [1, 2, 9])
@pytest.mark.parametrize("sizes", [(700, 500), (90, 2000), (65, 65)])
def test_large_arms_give_the_ordered_differences_without_forming_them_all(
    decimals: int, sizes: tuple[int, int]
) -> None:
    random = np.random.default_rng(decimals)
    x = np.round(random.normal(size=sizes[0]), decimals)
    y = np.round(random.gamma(2, size=sizes[1]), decimals)
    ties = table(list(y), list(x))
    ours = hodges_lehmann(ties, 0)
    ordered = np.sort(np.subtract.outer(x, y).ravel())
    rank = int(len(ordered) / 2 - stats.norm.ppf(0.975) * ties.variance(0)[0, 1] ** 0.5)
    assert ours.estimate[0, 1] == pytest.approx(np.median(ordered), abs=1e-12)
    assert ours.lower[0, 1] == pytest.approx(ordered[rank - 1], abs=1e-12)
    assert ours.upper[0, 1] == pytest.approx(ordered[-rank], abs=1e-12)


@pytest.mark.parametrize("level", [0.05, 1e-6])
@pytest.mark.parametrize(
    "shape", ["many zeros", "a few values", "clusters", "long tails", "an outlier", "differences"]
)
def test_the_ordered_differences_are_found_however_the_values_lie(shape: str, level: float) -> None:
    random = np.random.default_rng(7)
    x, y = random.normal(size=(2, 600))
    if shape == "many zeros":  # one difference out of four is 0
        x, y = (np.where(random.random(600) < 0.5, 0, part) for part in (x, y))
    elif shape == "a few values":  # 0.3 - 0.1 and 0.7 - 0.5 differ in a computer
        x, y = (np.where(random.random(600) < 0.7, random.choice([0.1, 0.3, 0.5, 0.7], 600), part)
                for part in (x, y))  # fmt: skip
    elif shape == "clusters":  # with nothing between them
        x, y = (random.choice([-100, 100], 600) + part / 1000 for part in (x, y))
    elif shape == "long tails":
        x, y = np.exp(4 * x), np.exp(4 * y)
    elif shape == "an outlier":
        x[0] = 1e12
    else:
        x, y = (np.round(random.normal(8, 1, 600), 1) - np.round(part, 1) for part in (x, y))
    ties = table(list(y), list(x))
    ours = hodges_lehmann(ties, 0, level)
    ordered = np.sort(np.subtract.outer(x, y).ravel())
    rank = int(len(ordered) / 2 - stats.norm.ppf(1 - level / 2) * ties.variance(0)[0, 1] ** 0.5)
    expected = [np.median(ordered), ordered[rank - 1], ordered[-rank]]
    found = [ours.estimate[0, 1], ours.lower[0, 1], ours.upper[0, 1]]
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_the_exact_limits_hold_the_confidence_and_few_subjects_have_none() -> None:
    x, y = [1.0, 2.5, 4.1, 7.7, 9.2], [0.3, 1.9, 2.2, 3.3, 5.8]
    exact = hodges_lehmann(table(y, x), 0, exact=True)
    ordered = np.sort(np.subtract.outer(x, y).ravel())  # tables: C = 3 for 5 and 5 subjects
    assert [exact.lower[0, 1], exact.upper[0, 1]] == [ordered[2], ordered[-3]]
    assert exact.exact.tolist() == [[False, True]]
    few = hodges_lehmann(table([1.0, 2], [3.0, 4]), 0, exact=True)
    assert few.estimate[0, 1] == 2
    assert np.isnan([few.lower, few.upper]).all()


@given(st.lists(samples, min_size=2, max_size=4))
def test_kruskal_and_wallis_are_those_of_scipy(arms: list[list[float]]) -> None:
    ours = kruskal_wallis(table(*arms))
    if len({value for arm in arms for value in arm}) == 1:
        assert ours.not_estimable[0] == "all values are equal"
        return
    theirs = stats.kruskal(*arms)
    assert ours.h[0] == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-9)
    assert ours.p[0] == pytest.approx(theirs.pvalue, rel=1e-9)


@given(samples, samples, st.floats(0.1, 10), st.randoms(use_true_random=False))
def test_units_and_the_order_of_rows_change_nothing(
    x: list[float], y: list[float], scale: float, random
) -> None:
    before = mann_whitney(table(y, x), 0)
    random.shuffle(x)
    after = mann_whitney(table([scale * v for v in y], [scale * v for v in x]), 0)
    assert after.p[0, 1] == pytest.approx(before.p[0, 1], nan_ok=True)
    swapped = mann_whitney(table(x, y), 0)
    assert swapped.p[0, 1] == pytest.approx(before.p[0, 1], nan_ok=True)
    assert swapped.z[0, 1] == pytest.approx(-before.z[0, 1], nan_ok=True)


def test_poor_data_have_reasons_and_no_figures() -> None:
    result = mann_whitney(table([1.0, 2], [], [3.0]), 0)
    assert result.not_estimable[0].tolist() == ["", "no subjects in the arm", ""]
    assert np.isnan(result.p[0]).tolist() == [True, True, False]
    empty = mann_whitney(table([], [1.0, 2]), 0)
    assert empty.not_estimable[0].tolist() == ["", "no subjects in the reference arm"]
    nothing = table([np.nan], [np.nan, np.nan])
    assert np.isnan(mann_whitney(nothing, 0).p).all()
    assert np.isnan(hodges_lehmann(nothing, 0).estimate).all()
    assert kruskal_wallis(nothing).not_estimable.tolist() == ["no subjects"]
    assert kruskal_wallis(table([1.0, 2], [])).not_estimable == ["only one arm has subjects"]
    same = hodges_lehmann(table([1.0, 1], [1.0]), 0)
    assert same.estimate[0, 1] == 0


def test_perfect_separation_has_the_smallest_p_there_is() -> None:
    ties = table([1.0, 2, 3, 4], [5.0, 6, 7, 8])
    assert mann_whitney(ties, 0).p_exact[0, 1] == pytest.approx(2 / 70)
    assert mann_whitney(ties, 0).u[0, 1] == 16
