from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats.cmh import (
    common_odds_ratio,
    general_association,
    nonzero_correlation,
    row_mean_scores,
)

MIGRAINE = [[[16, 11], [5, 20]], [[12, 16], [7, 19]]]
JOBS = np.array(
    [
        [[1, 3, 11, 2], [2, 3, 17, 3], [0, 1, 8, 5], [0, 2, 4, 2]],
        [[1, 1, 2, 1], [0, 3, 5, 1], [0, 0, 7, 3], [0, 1, 9, 6]],
    ]
)


def test_the_example_of_sas_is_met() -> None:
    """SAS/STAT PROC FREQ, example "Cochran-Mantel-Haenszel Statistics" (migraine)."""
    for test in (general_association, row_mean_scores, nonzero_correlation):
        result = test(MIGRAINE)
        assert (result.df, result.statistic) == (1, pytest.approx(8.3052, abs=5e-5))
        assert result.p == pytest.approx(0.0040, abs=5e-5)
    odds = common_odds_ratio(MIGRAINE)
    figures = [odds.estimate, odds.lower, odds.upper]
    assert figures == pytest.approx([3.3132, 1.4456, 7.5934], abs=5e-5)


def test_job_satisfaction_is_met() -> None:
    """Agresti, Categorical Data Analysis, by SAS; R's `mantelhaen.test` for the last."""
    income, satisfaction = [3, 10, 20, 35], [1, 3, 4, 5]
    one = nonzero_correlation(JOBS, arm_scores=income, category_scores=satisfaction)
    assert (one.df, one.statistic) == (1, pytest.approx(6.1563, abs=5e-5))
    two = row_mean_scores(JOBS, category_scores=satisfaction)
    assert (two.df, two.statistic) == (3, pytest.approx(9.0342, abs=5e-5))
    three = general_association(JOBS)
    assert (three.df, three.statistic) == (9, pytest.approx(10.2001, abs=5e-5))
    assert three.p == pytest.approx(0.3345, abs=5e-5)


arms = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=3)


@given(arms)
def test_with_one_stratum_they_are_known_tests(table: list[list[int]]) -> None:
    counts = np.array(table)
    n = counts.sum()
    if (counts.sum(axis=1) > 0).sum() < 2 or (counts.sum(axis=0) > 0).sum() < 2:
        assert np.isnan(general_association([counts]).p) or n < 2
        return
    shown = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    pearson = stats.chi2_contingency(shown, correction=False).statistic
    assert general_association([counts]).statistic == pytest.approx(pearson * (n - 1) / n)
    arm, category = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
    kruskal = stats.kruskal(*(category[arm == code] for code in np.unique(arm)))
    assert row_mean_scores([counts], "rank").statistic == pytest.approx(kruskal.statistic, abs=1e-9)
    r = np.corrcoef(arm, category)[0, 1]
    assert nonzero_correlation([counts]).statistic == pytest.approx((n - 1) * r**2, abs=1e-9)


def test_the_order_of_the_categories_matters_only_where_it_should() -> None:
    swapped = JOBS[:, :, [1, 0, 2, 3]]
    assert general_association(swapped).statistic == pytest.approx(
        general_association(JOBS).statistic
    )
    assert row_mean_scores(swapped).statistic != pytest.approx(row_mean_scores(JOBS).statistic)
    assert row_mean_scores(JOBS, "rank").statistic != row_mean_scores(JOBS).statistic


def test_strata_that_say_nothing_change_nothing() -> None:
    empty = np.zeros((4, 4))
    alone = empty.copy()
    alone[0, 0] = 1
    for test in (general_association, row_mean_scores, nonzero_correlation):
        more = test([*JOBS, empty, alone])
        assert more.statistic == pytest.approx(test(JOBS).statistic)


def test_poor_tables_have_reasons() -> None:
    for tables in ([[[5, 0], [4, 0]]], [[[3, 4], [0, 0]]], np.zeros((2, 2, 2))):
        result = general_association(tables)
        assert np.isnan(result.p)
        assert result.not_estimable == "no stratum has both several arms and several responses"
        assert np.isnan(common_odds_ratio(tables).estimate)
    separated = common_odds_ratio([[[5, 0], [0, 5]]])
    assert separated.estimate == np.inf
    assert np.isnan(separated.upper)
