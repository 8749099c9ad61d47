from __future__ import annotations

import numpy as np
import pytest

from tui.stats.contrast import t_contrast

from .pilot import published


def test_the_paired_t_test_of_sas_is_a_contrast_of_the_mean_change() -> None:
    case = published("paired t", "TTEST")
    change = np.subtract(case["data"]["before"], case["data"]["after"])
    result = t_contrast(change.mean(), change.std(ddof=1) / len(change) ** 0.5, len(change) - 1)
    assert result.statistic == pytest.approx(case["expected"]["t"], abs=5e-7)
    assert result.p == pytest.approx(case["expected"]["p"], abs=5e-5)
    assert [result.lower, result.upper] == pytest.approx(case["expected"]["ci"], abs=5e-5)


def test_the_parts_are_broadcast_to_one_shape() -> None:
    result = t_contrast([[1.0], [2.0]], [0.5, 0.25, 0.1], 10)
    assert {part.shape for part in vars(result).values()} == {(2, 3)}
    assert result[1].estimate.tolist() == [2, 2, 2]
    assert result[:, 0].se.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("se", "df"), [(0, 5), (np.nan, 5), (1, 0), (1, -1), (1, np.nan)])
def test_without_an_error_or_degrees_of_freedom_only_the_estimate_stands(
    se: float, df: float
) -> None:
    result = t_contrast(1.5, se, df)
    assert result.estimate == 1.5
    assert np.isnan([result.lower, result.upper, result.statistic, result.p]).all()


def test_a_smaller_alpha_widens_the_interval_and_leaves_p_alone() -> None:
    narrow, wide = t_contrast(1.0, 0.4, 12), t_contrast(1.0, 0.4, 12, alpha=0.01)
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
    assert wide.p == narrow.p
