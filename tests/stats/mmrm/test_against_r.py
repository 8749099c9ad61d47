from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tui.stats.contrast import Contrast

from ..pilot import ARMS, SOURCES, reference
from .data import pilot_model, pilot_rows

# R's mmrm stops earlier than nlme's gls does: its own SEs differ from those of gls by 2.3e-4 (ALT),
# ours by 6e-6. So figures that both give are held against gls, the others against mmrm.
METHODS = {"satterthwaite": "satterthwaite", "kenward_roger_linear": "kenward-roger"}


def pairs(name: str, figures: Any, df: str) -> Iterator[tuple[Contrast, Any]]:
    """Each of our LS means and differences, and R's."""
    model = pilot_model(name)
    visits = sorted(pilot_rows(name)["AVISITN"].unique())
    lsmeans, differences = model.lsmeans(df), model.differences(0, df)
    for row in figures["lsmeans"]:
        yield lsmeans[visits.index(row["visit"]), ARMS.index(row["arm"])], row
    for row in figures["contrasts"]:
        arm = row["contrast"].removesuffix(" - Placebo")
        yield differences[visits.index(row["visit"]), ARMS.index(arm)], row


@pytest.mark.parametrize("name", SOURCES)
def test_the_likelihood_is_that_of_gls(name: str) -> None:
    expected, model = reference(name)["mmrm"], pilot_model(name)
    assert (model.observations, model.subjects) == (expected["n_obs"], expected["n_subjects"])
    assert model.neg2_log_likelihood == pytest.approx(expected["neg2_reml_loglik"], rel=2e-9)
    assert model.convergence.converged
    assert (model.convergence.method, model.not_estimable) == ("scoring", None)


@pytest.mark.parametrize("name", SOURCES)
def test_estimates_and_errors_are_those_of_gls(name: str) -> None:
    for ours, row in pairs(name, reference(name)["mmrm"], "satterthwaite"):
        estimate = row.get("lsmean", row.get("diff"))
        assert ours.estimate == pytest.approx(estimate, rel=1e-4, abs=1e-4 * row["se"])
        assert ours.se == pytest.approx(row["se"], rel=1e-4)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", SOURCES)
def test_degrees_of_freedom_are_those_of_mmrm(name: str, method: str) -> None:
    for ours, row in pairs(name, reference(name)["mmrm"][method], METHODS[method]):
        assert ours.df == pytest.approx(row["df"], rel=5e-3)
        assert ours.se == pytest.approx(row["se"], rel=3e-4)
        for limit in ("lower", "upper"):
            assert getattr(ours, limit) == pytest.approx(row[limit], abs=1e-3 * row["se"])
        if "p" in row:
            assert ours.p == pytest.approx(row["p"], rel=5e-3)


@pytest.mark.parametrize("name", SOURCES)
def test_kenward_roger_widens_the_errors_as_mmrm_does(name: str) -> None:
    expected = reference(name)["mmrm"]
    plain = pairs(name, expected["satterthwaite"], "satterthwaite")
    adjusted = pairs(name, expected["kenward_roger_linear"], "kenward-roger")
    for (ours, row), (ours_adjusted, row_adjusted) in zip(plain, adjusted, strict=True):
        ratio = row_adjusted["se"] / row["se"]
        assert ours_adjusted.se / ours.se == pytest.approx(ratio, rel=1e-4)
