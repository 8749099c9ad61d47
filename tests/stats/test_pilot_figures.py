"""Every figure of R's on the pilot study that is not a summary, an ANCOVA mean or a t test."""

from __future__ import annotations

import numpy as np
import pytest

from tui.stats.ancova import fit
from tui.stats.anova import linear_contrast, means_covariance, one_way
from tui.stats.dose_trend import cochran_armitage
from tui.stats.dunnett import difference_correlation, dunnett
from tui.stats.moments import moments
from tui.stats.multiplicity import bonferroni, hochberg, holm
from tui.stats.ranks import kruskal_wallis, mann_whitney
from tui.stats.terms import dose_slope, type_three
from tui.stats.ties import tabulate
from tui.stats.within import paired_t, signed_rank

from .pilot import ARMS, REFERENCE, Visit, at, digits, every_visit, reference


@every_visit(with_change=True)
def test_changes_within_an_arm_agree_with_r_at_every_visit(visit: Visit) -> None:
    arm, (change,) = visit.arrays("CHG")
    t = paired_t(*moments(change, arm, len(ARMS)))
    ranks = signed_rank(change, arm, len(ARMS))
    for label, expected in visit.expected["arms"].items():
        figures = expected["paired_t"]
        assert at(t.statistic, label) == digits(figures["t"])
        assert at(t.df, label) == figures["df"]
        for figure in ("p", "lower", "upper"):
            assert at(getattr(t, figure), label) == digits(figures[figure])
        assert at(ranks.v, label) == expected["signed_rank"]["V"]
        assert at(ranks.p_normal, label) == digits(expected["signed_rank"]["p_normal_cc"])


@every_visit(with_change=True)
def test_rank_tests_agree_with_r_at_every_visit(visit: Visit) -> None:
    arm, (change,) = visit.arrays("CHG")
    ties = tabulate(change, arm, len(ARMS))
    pairs, overall = mann_whitney(ties, REFERENCE), kruskal_wallis(ties)
    for label, expected in visit.expected["pairwise"].items():
        n1, n0 = at(ties.n[0], label), ties.n[0, REFERENCE]
        ours, theirs = at(pairs.u[0], label), expected["mann_whitney"]["U"]
        assert ours == theirs or n1 * n0 - ours == theirs  # either arm may come first
        assert at(pairs.p[0], label) == digits(expected["mann_whitney"]["p_normal_cc"])
    assert overall.h[0] == digits(visit.expected["kruskal"]["H"])
    assert overall.df[0] == visit.expected["kruskal"]["df"]
    assert overall.p[0] == digits(visit.expected["kruskal"]["p"])


@every_visit(with_change=True)
def test_tests_over_all_arms_agree_with_r_at_every_visit(visit: Visit) -> None:
    arm, (change,) = visit.arrays("CHG")
    assert one_way(*moments(change, arm, len(ARMS))).p == digits(visit.expected["anova_p"])
    arm, (change, base) = visit.arrays("CHG", "BASE")
    tests = type_three(change, arm, len(ARMS), base[:, None])
    assert tests["arm"].p == digits(visit.expected["ancova"]["p_arm_type3"])
    for name, scores in (("ordinal_p", [0, 1, 2]), ("code_p", [0, 54, 81])):
        slope = dose_slope(change, arm, np.array(scores, float), base[:, None])
        assert slope.p == digits(visit.expected["trend"][name])


@every_visit(with_change=True)
def test_adjusted_p_values_agree_with_r_at_every_visit(visit: Visit) -> None:
    arm, (change, base) = visit.arrays("CHG", "BASE")
    model = fit(change, arm, len(ARMS), base[:, None])
    tests = model.differences(REFERENCE)
    joint = dunnett(tests, difference_correlation(model.covariance, REFERENCE))
    expected = visit.expected["ancova"]
    for label in ARMS[1:]:
        single = expected["contrasts"][label]["p_dunnett"]
        assert at(joint.p, label) == pytest.approx(single, abs=2e-5)  # 1e-3 is asked for
        for method in (holm, hochberg, bonferroni):
            figure = expected[f"p_{method.__name__}"][label]
            assert at(method(tests.p), label) == digits(figure), method


def test_the_trend_of_adverse_events_agrees_with_r() -> None:
    file = reference("r-adae")
    x, n = ([part[arm] for arm in ARMS] for part in (file["any"]["n"], file["N"]))
    expected = file["trend_any"]["cochran_armitage_p"]
    assert cochran_armitage(x, n, [0, 1, 2]).p == pytest.approx(expected, rel=1e-10)


def test_all_visits_in_one_call_give_what_each_gives_alone() -> None:
    random = np.random.default_rng(3)
    y = np.round(random.normal(size=600), 1)
    arm, visit = random.integers(0, 3, (2, 600))
    together = tabulate(y, arm, 3, visit, 5)
    for code in range(3):
        alone = tabulate(y[visit == code], arm[visit == code], 3)
        assert mann_whitney(together, 0).p[code] == pytest.approx(
            mann_whitney(alone, 0).p[0], nan_ok=True
        )
        assert kruskal_wallis(together).h[code] == pytest.approx(kruskal_wallis(alone).h[0])
    assert np.isnan(kruskal_wallis(together).p[3:]).all()  # visits nobody attended


def test_a_contrast_of_means_is_that_of_the_model() -> None:
    arm, (change,) = Visit("r-adlbc-alt", 8).arrays("CHG")
    model, (n, mean, sd) = fit(change, arm, 3), moments(change, arm, 3)
    covariance, df = means_covariance(n, sd)
    assert covariance == pytest.approx(model.covariance)
    ours = linear_contrast(mean, covariance, df, [0, 54, 81])
    theirs = linear_contrast(model.lsmean, model.covariance, model.df, [0, 54, 81])
    for figure, value in vars(ours).items():
        assert value == pytest.approx(getattr(theirs, figure)), figure
