from __future__ import annotations

import numpy as np
import pytest

from tui.stats.ancova import fit
from tui.stats.subgroups import subgroups
from tui.stats.terms import type_three

from .test_terms import dummies, nested, residual_squares
from .trials import trial


def test_each_level_is_a_model_of_its_own() -> None:
    y, arm, base, site = trial(200)
    level = np.arange(200) % 3
    result = subgroups(y, arm, 3, 0, level, 3, base[:, None], [site])
    for code in range(3):
        rows = level == code
        alone = fit(y[rows], arm[rows], 3, base[rows, None], [site[rows]])
        assert result.n[code].tolist() == alone.n.tolist()
        for figure in ("estimate", "se", "df", "lower", "p"):
            ours, theirs = (getattr(d, figure) for d in (result.differences[code],
                                                         alone.differences(0)))  # fmt: skip
            assert ours == pytest.approx(theirs, nan_ok=True)


def test_the_interactions_are_tested_in_one_model() -> None:
    y, arm, base, site = trial(200)
    level = np.arange(200) % 3
    result = subgroups(y, arm, 3, 0, level, 3, base[:, None], [site])
    main = dummies(arm), dummies(level), base, dummies(site)
    products = [
        np.column_stack([dummies(level)[:, j] * (arm == code) for j in range(2)]) for code in (1, 2)
    ]
    full = residual_squares(y, *main, *products)
    f, p = nested(residual_squares(y, *main), full)
    assert (result.interaction.f, result.interaction.df) == (pytest.approx(f), 4)
    assert result.interaction.p == pytest.approx(p)
    for code, other in ((1, products[1]), (2, products[0])):
        f, p = nested(residual_squares(y, *main, other), full)
        assert result.interaction_by_arm[code].p == pytest.approx(p)
        assert result.interaction_by_arm[code].df == 2
    assert result.interaction_by_arm[0].not_estimable == "it is the reference"


def test_an_effect_in_one_level_is_found() -> None:
    random = np.random.default_rng(1)
    arm, level = np.arange(160) % 2, np.arange(160) // 80
    y = random.normal(size=160) + 2 * arm * level
    result = subgroups(y, arm, 2, 0, level, 2)
    assert result.interaction.p < 1e-4
    assert result.interaction.p == pytest.approx(result.interaction_by_arm[1].p)
    assert result.differences.p[1, 1] < 1e-4 < result.differences.p[0, 1]


def test_swapping_the_arms_and_the_rows_changes_no_interaction() -> None:
    y, arm, base, _ = trial(120, 2)
    level = np.arange(120) % 2
    order = np.random.default_rng(1).permutation(120)
    one = subgroups(y, arm, 2, 0, level, 2, base[:, None])
    two = subgroups(y[order], 1 - arm[order], 2, 0, level[order], 2, base[order, None])
    assert one.interaction.p == pytest.approx(two.interaction.p)
    assert one.differences.estimate[:, 1] == pytest.approx(-two.differences.estimate[:, 1])


def test_thin_levels_say_why_and_leave_the_others_alone() -> None:
    y, arm, base, _ = trial(60, 2)
    level = np.zeros(60, np.int64)
    level[:2] = 1  # two subjects
    level[2:12] = np.where(arm[2:12] == 0, 2, 0)  # one arm only
    level[12] = -1  # missing
    result = subgroups(y, arm, 2, 0, level, 4, base[:, None])
    assert np.isfinite(result.differences.p[0, 1])
    assert np.isnan(result.differences.p[1:, 1]).all()
    assert result.not_estimable[0] == ""
    assert all(result.not_estimable[1:])
    assert result.not_estimable[3] == "no complete rows"
    assert result.n.sum() == 59


def test_one_level_has_no_interaction_and_no_variance_no_test() -> None:
    y, arm, base, _ = trial(60, 2)
    alone = subgroups(y, arm, 2, 0, np.zeros(60, np.int64), 1, base[:, None])
    assert alone.interaction.not_estimable == "it adds nothing to the model"
    assert alone.differences.p[0, 1] == pytest.approx(type_three(y, arm, 2, base[:, None])["arm"].p)
    flat = subgroups(np.ones(8), np.arange(8) % 2, 2, 0, np.arange(8) // 4, 2)
    assert flat.interaction.not_estimable == "no residual variance"
    assert np.isnan(flat.differences.p).all()
    nobody = subgroups(np.full(4, np.nan), np.arange(4) % 2, 2, 0, np.zeros(4, np.int64), 2)
    assert np.isnan(nobody.interaction.p)
    assert nobody.not_estimable.tolist() == ["no complete rows"] * 2
