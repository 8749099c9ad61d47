from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats.moments import moments
from tui.stats.within import SignedRank, paired_t, signed_rank

changes = st.lists(st.integers(-6, 6).map(float), min_size=1, max_size=9)


def one(values: list[float]) -> SignedRank:
    return signed_rank(np.array(values, float), np.zeros(len(values), np.int64), 1)


@given(st.lists(st.floats(-50, 50).map(lambda x: round(x, 2)), min_size=2, max_size=30))
def test_the_paired_t_test_is_that_of_scipy(values: list[float]) -> None:
    result = paired_t(*moments(np.array(values), np.zeros(len(values), np.int64), 1))[0]
    if np.ptp(values) == 0:
        assert np.isnan([result.p, result.lower]).all()
        assert result.estimate == values[0]
    elif np.ptp(values) > 0.1:
        expected = stats.ttest_1samp(values, 0)
        assert result.p == pytest.approx(expected.pvalue, rel=1e-7)
        assert result.lower == pytest.approx(expected.confidence_interval().low, rel=1e-7, abs=1e-9)


@given(changes)
def test_the_exact_p_counts_every_choice_of_signs(values: list[float]) -> None:
    kept = [value for value in values if value]
    result = one(values)
    assert result.n[0] == len(kept)
    if not kept:
        assert np.isnan([result.p, result.p_exact, result.v]).all()
        assert result.not_estimable[0] == "no change is not 0"
        return
    ranks = stats.rankdata(np.abs(kept))
    seen = ranks[np.array(kept) > 0].sum()
    sums = np.array([np.dot(signs, ranks) for signs in product((0, 1), repeat=len(kept))])
    middle = ranks.sum() / 2
    assert result.v[0] == seen
    assert result.p_exact[0] == pytest.approx(
        (abs(sums - middle) >= abs(seen - middle) - 1e-9).mean()
    )
    clean = len(kept) == len(values) and len(set(map(abs, kept))) == len(kept)
    assert result.exact[0] == clean
    assert result.p[0] == (result.p_exact[0] if clean else result.p_normal[0])


def test_the_normal_p_has_the_continuity_correction_of_r() -> None:
    values = np.random.default_rng(5).normal(0.4, 1, 60)
    expected = stats.wilcoxon(values, correction=True, method="approx").pvalue
    result = one(list(values))
    assert result.p[0] == result.p_normal[0] == pytest.approx(expected, rel=1e-12)
    assert np.isnan(result.p_exact[0])


def test_the_exact_p_of_49_changes_is_that_of_scipy() -> None:
    values = np.random.default_rng(6).normal(0.4, 1, 49)
    assert one(list(values)).p[0] == pytest.approx(
        stats.wilcoxon(values, method="exact").pvalue, rel=1e-12
    )


@given(changes, st.floats(0.1, 10))
def test_sign_and_scale_leave_p_alone(values: list[float], scale: float) -> None:
    before, after = one(values), one([-scale * value for value in values])
    assert after.p[0] == pytest.approx(before.p[0], nan_ok=True)


def test_groups_without_changes_have_reasons() -> None:
    change = np.array([1.0, 2, -3, np.nan, 0, 0])
    result = signed_rank(change, np.array([1, 1, 1, 2, 3, 3]), 4)
    assert result.not_estimable.tolist() == [
        "no subjects", "", "no subjects", "no change is not 0",
    ]  # fmt: skip
    assert np.isnan(result.p).tolist() == [True, False, True, True]
