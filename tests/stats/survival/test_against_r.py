"""What R cannot have the program does not have either; the figures stand in `validate`."""

from __future__ import annotations

import numpy as np
import pytest

from tui.stats.survival import kaplan_meier
from tui.validation.figures import read
from tui.validation.r_survival import QUARTILES, Subjects, cases

FILE = read("r-survival")
CASES = {one["case"]: one for one in FILE["cases"]}


def test_every_figure_agrees_to_nine_digits() -> None:
    """A thousand times closer than `validate` asks."""
    figures = [figure for case in cases() if not case.needs for figure in case.figures()]
    assert len(figures) > 500
    assert [one for one in figures if one.of_limit > 1e-3] == []


@pytest.mark.parametrize("name", CASES)
def test_there_is_no_estimate_where_r_has_none(name: str) -> None:
    data, expected = Subjects.of(CASES[name]["data"]), CASES[name]["expected"]
    arms = expected["arms"]
    curves = kaplan_meier(data.time, data.event, data.arm, len(arms))
    quartiles = curves.quantiles(QUARTILES)
    survival = curves.at(np.array(expected["times"], float))[1]
    for part in ("estimate", "lower", "upper"):
        missing = [[one is None for one in arm["quantiles"][part]] for arm in arms]
        assert np.isnan(getattr(quartiles, part)).tolist() == missing
    names = {"survival": survival.estimate, "lower": survival.lower, "upper": survival.upper}
    for part, ours in names.items():
        missing = [[one is None for one in arm[part]] for arm in arms]
        assert np.isnan(ours).tolist() == missing


def test_the_cases_hold_every_kind_of_gap() -> None:
    quantiles = [arm["quantiles"] for one in FILE["cases"] for arm in one["expected"]["arms"]]
    assert any(one["estimate"][1] is None for one in quantiles)
    assert any(one["estimate"][1] is not None and one["upper"][1] is None for one in quantiles)
    curves = [arm["survival"] for one in FILE["cases"] for arm in one["expected"]["arms"]]
    assert any(None in one for one in curves)
    assert any(0 in one for one in curves)
