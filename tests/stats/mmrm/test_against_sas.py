from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from tui.stats.mmrm import Mmrm, fit

from ..pilot import REFERENCES, published
from .data import STRUCTURE_OF_SAS, codes, fev, fev_arrays, pilot_arrays, pilot_rows

# SAS stops where g' H^-1 g < 1e-8 |f| (CONVH), and that leaves up to 1.2e-4 in its errors and
# variances; all others agree within 1e-4.
STOPPED = 1.5e-4


@cache
def sas() -> Any:
    return json.loads((REFERENCES / "sas-fev.json").read_text(encoding="utf-8"))


@cache
def unstructured() -> Mmrm:
    factors = [codes(fev()["RACE"]), codes(fev()["SEX"])]
    return fit(*fev_arrays(), factors=factors, df="satterthwaite")


@cache
def arms_alone(structure: str) -> Mmrm:
    """FEV1 = ARMCD: the mean of an arm is the same at every visit."""
    return fit(*fev_arrays(), structure=STRUCTURE_OF_SAS[structure], arm_by_visit=False)


@pytest.mark.parametrize("structure", STRUCTURE_OF_SAS)
@pytest.mark.parametrize(
    ("label", "df"), [("kr", "kenward-roger"), ("kr1", "kenward-roger-linear")]
)
def test_every_structure_meets_both_forms_of_kenward_roger(
    structure: str, label: str, df: str
) -> None:
    expected = sas()["fev_armcd_only_kr"]["results"][f"{label}_{structure}"]
    ours = arms_alone(structure).average_differences(0, df)[1]
    assert ours.estimate == pytest.approx(float(expected["Estimate"]), rel=1e-4)
    assert ours.se == pytest.approx(float(expected["StdErr"]), rel=STOPPED)
    assert ours.df == pytest.approx(float(expected["DF"]), rel=5e-3)
    assert ours.p == pytest.approx(float(expected["Probt"]), rel=5e-3)
    for limit, name in ((ours.lower, "Lower"), (ours.upper, "Upper")):
        assert limit == pytest.approx(float(expected[name]), rel=1e-4)


@pytest.mark.parametrize("structure", STRUCTURE_OF_SAS)
def test_what_sas_leaves_is_what_its_criterion_allows(structure: str) -> None:
    model = arms_alone(structure)
    ours = model.average_differences(0, "satterthwaite")[1]
    allowed = np.sqrt(1e-8 * model.neg2_log_likelihood / ours.df) / 2
    for label, df in (("kr", "kenward-roger"), ("kr1", "kenward-roger-linear")):
        theirs = float(sas()["fev_armcd_only_kr"]["results"][f"{label}_{structure}"]["StdErr"])
        assert abs(model.average_differences(0, df).se[1] / theirs - 1) < allowed
    assert model.convergence.gradient < 1e-5


def test_the_unstructured_likelihood_and_variances() -> None:
    expected, model = sas()["fev_un_satterthwaite"], unstructured()
    assert model.neg2_log_likelihood == pytest.approx(expected["m2rll"], abs=1e-4)
    assert model.neg2_log_likelihood < expected["m2rll"]
    assert model.observations == expected["nobs_used"]
    assert model.covariance.diagonal() == pytest.approx(list(expected["un"].values()), rel=STOPPED)


def test_the_unstructured_means_and_differences() -> None:
    expected, model = sas()["fev_un_satterthwaite"], unstructured()

    def cell(visit: str, arm: str) -> tuple[int, int]:
        return int(visit[-1]) - 1, ["PBO", "TRT"].index(arm)

    for row in expected["lsmeans"]:
        ours = model.lsmeans()[cell(row["visit"], row["arm"])]
        agrees(ours, row)
    for row in expected["diffs"]:
        weights = np.zeros((4, 2))
        weights[cell(row["visit"], row["arm"])] += 1
        weights[cell(row["visit2"], row["arm2"])] -= 1
        agrees(model.contrast(weights), row)


def agrees(ours: Any, row: Any) -> None:
    """To the four decimals printed; df are printed without any."""
    assert ours.estimate == pytest.approx(row["est"], abs=5e-5 + 1e-4 * abs(row["est"]))
    assert ours.se == pytest.approx(row["se"], abs=5e-5 + STOPPED * row["se"])
    assert ours.df == pytest.approx(row["df"], abs=0.5 + 5e-3 * row["df"])
    assert ours.lower == pytest.approx(row["lo"], abs=4e-4)
    assert ours.upper == pytest.approx(row["hi"], abs=4e-4)
    if row["p"] != "<.0001":
        assert ours.p == pytest.approx(float(row["p"]), abs=5e-5 + 5e-3 * float(row["p"]))


def test_the_type_3_tests() -> None:
    expected, model = sas()["fev_un_satterthwaite"]["type3"], unstructured()
    cells = np.eye(8).reshape(4, 2, 4, 2)
    arm = (cells[:, 1] - cells[:, 0]).mean(axis=0)
    visits = cells.mean(axis=1)
    differences = cells[:, 1] - cells[:, 0]
    effects = np.eye(len(model.names))
    ours = {  # the first visit of the data is the last level in SAS, and so its reference
        "ARMCD": model.test(arm[None]),
        "AVISIT": model.test(visits[1:] - visits[:1]),
        "AVISIT*ARMCD": model.test(differences[1:] - differences[:1]),
        "RACE": model.linear_test(effects[8:10]),
        "SEX": model.linear_test(effects[10:]),
    }
    for name, test in ours.items():
        df, residual, statistic, *p = expected[name]
        assert test.df == df
        assert test.df_residual == pytest.approx(residual, abs=0.5 + 5e-3 * residual)
        assert test.statistic == pytest.approx(statistic, abs=5e-3 + 1e-4 * statistic)
        if p:
            assert test.p == pytest.approx(p[0], abs=5e-5 + 5e-3 * p[0])


def test_the_mmrm_of_the_clinical_study_report() -> None:
    expected = published("MMRM, unstructured, Kenward-Roger", "14-3.11")["expected"]
    rows = pilot_rows("r-adadas-actot").filter(pl.col("ITTFL") == "Y")
    model = fit(*pilot_arrays(rows), factors=[codes(rows["SITEGR1"])])
    assert (model.observations, model.subjects) == (539, 234)
    assert model.neg2_log_likelihood == pytest.approx(expected["neg2_reml_loglik"], abs=1e-6)
    lower = model.covariance[np.tril_indices(3)]
    assert lower == pytest.approx(expected["covariance_lower"], abs=6e-4)
    arms = {"placebo": 0, "low": 1, "high": 2}
    for name, figures in expected["lsmeans_over_visits"].items():
        ours = model.average_lsmeans()[arms[name]]
        assert ours.estimate == pytest.approx(figures["est"], abs=6e-5)
        assert ours.se == pytest.approx(figures["se"], abs=6e-5)
        assert round(float(ours.df)) == figures["df"]
    for name, figures in expected["differences_over_visits"].items():
        one, other = (arms[arm] for arm in name.split("-"))
        ours = model.average_differences(other)[one]
        assert ours.estimate == pytest.approx(figures["est"], abs=6e-5)
        assert ours.se == pytest.approx(figures["se"], abs=6e-5)
        assert round(float(ours.df)) == figures["df"]
        assert ours.p == pytest.approx(figures["p"], abs=1e-4)
