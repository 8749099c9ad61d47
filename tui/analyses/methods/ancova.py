"""ANCOVA at each visit: response ~ arm + BASE (+ covariates), one pooled residual variance."""

from __future__ import annotations

import numpy as np

from tui.analyses.answer import MethodStatement
from tui.analyses.methods.method import Comparison, Data, Method, Spread, named, settings
from tui.stats.ancova import Ancova, fit
from tui.stats.contrast import Contrast
from tui.stats.dunnett import difference_correlation

_RECOMPUTE = """\
used = rows.drop_nulls(["response", "base", *covariates])
columns = [(used["arm"] == arm).cast(pl.Float64).to_numpy() for arm in arms]
for name in ["base", *covariates]:
    if used[name].n_unique() < 2:
        continue  # a constant adds nothing
    if used[name].dtype.is_numeric():
        column = used[name].to_numpy() - used[name].mean()
        columns.append(column / np.linalg.norm(column))
    else:  # LS means weigh the levels equally, or as observed
        levels = used[name].unique().sort()
        each = [(used[name] == one).cast(pl.Float64).to_numpy() for one in levels]
        columns += [one - (each[-1] if weights == "equal" else one.mean()) for one in each[:-1]]
X, y = np.column_stack(columns), used["response"].to_numpy()
inverse = np.linalg.pinv(X, rcond=1e-7)  # of any rank
beta, df = inverse @ y, len(y) - np.linalg.matrix_rank(X, rtol=1e-7)
residual = np.linalg.norm(y - X @ beta)
sigma = residual / df**0.5 if df > 0 else np.nan
one = dict(zip(arms, np.eye(X.shape[1])))
for arm in arms:
    result[arm] = {}
    for name, sums in {"lsmean": one[arm], "difference": one[arm] - one[reference]}.items():
        if not sums.any() or not np.allclose(sums @ inverse @ X, sums):
            continue  # the reference itself, or not estimable
        estimate, se = sums @ beta, sigma * np.linalg.norm(sums @ inverse)
        result[arm] |= {name: estimate, f"{name}_se": se}
        if name == "difference":
            result[arm] |= {"difference_df": df, "sd_within": sigma}
            if residual > 1e-13 * np.linalg.norm(y):
                result[arm]["p"] = 2 * stats.t.sf(abs(estimate / se), df)
"""


WEIGHTS = {
    "equal": "equal weights over class levels",
    "observed": "class levels weighed as observed",
}


def _statement(data: Data) -> MethodStatement:
    terms = " + ".join(("arm", "BASE", *data.covariates))
    return MethodStatement(
        id="ancova",
        name="ANCOVA at each visit",
        formula=f"{data.response_name} ~ {terms}",
        weights=f"LS means: {WEIGHTS[data.options.weights]}, covariates at their mean",
        variance="one residual variance pooled over the arms shown",
        df="n - p",
        multiplicity="none",
        settings=settings(data),
        source="SAS PROC GLM, LSMEANS",
    )


def _compare(data: Data) -> Comparison:
    """One least-squares fit a visit (0.2 ms each)."""
    each = range(len(data.visits))
    fits = [fit_rows(data, np.flatnonzero(data.visit == visit)) for visit in each]
    differences = [one.differences(data.reference) for one in fits]
    fields = ("estimate", "se", "df", "lower", "upper", "statistic", "p")
    notes = {one.dropped for one in fits if one.dropped}
    return Comparison(
        difference=Contrast(
            *(np.stack([getattr(one, field) for one in differences]) for field in fields)
        ),
        lsmean=np.stack([one.lsmean for one in fits]),
        lsmean_se=np.stack([one.lsmean_se for one in fits]),
        lsmean_lower=np.stack([one.lsmean_lower for one in fits]),
        lsmean_upper=np.stack([one.lsmean_upper for one in fits]),
        reasons=np.array([_reasons(one, data) for one in fits]).reshape(
            len(data.visits), len(data.arms)
        ),
        correlation=np.stack(
            [difference_correlation(one.covariance, data.reference) for one in fits]
        ),
        spread=_spread(fits),
        notes=tuple(f"Left out of the model: {named(note, data)}." for note in sorted(notes)),
    )


def _spread(fits: list[Ancova]) -> Spread:
    n = np.stack([one.n for one in fits])
    rank = n.sum(axis=1) - [one.df for one in fits]
    return Spread(
        n=n,
        sd=np.repeat([[one.sigma] for one in fits], n.shape[1], axis=1),
        name="the residual SD of the ANCOVA",
        covariates=(rank - (n > 0).sum(axis=1))[:, None],
    )


def fit_rows(data: Data, rows: np.ndarray) -> Ancova:
    """The model of some records, such as those of a visit."""
    return fit(
        data.response[rows],
        data.arm[rows],
        len(data.arms),
        numeric=np.column_stack([data.base[rows], data.numeric[rows]]),
        factors=[factor[rows] for factor in data.factors],
        alpha=data.alpha,
        observed_margins=data.options.weights == "observed",
    )


def _reasons(one: Ancova, data: Data) -> list[str]:
    """Why an arm has no test: the model's reason, in the user's names."""
    p = one.differences(data.reference).p
    reason = named(one.not_estimable or "", data)
    return [
        reason if np.isnan(p[arm]) and arm != data.reference else ""
        for arm in range(len(data.arms))
    ]


def _unusable(data: Data) -> str | None:
    return None if data.has_base else "the dataset has no baseline (BASE)"


METHOD = Method(
    id="ancova",
    label="ANCOVA",
    meaning="LS means adjusted for baseline, one variance over all arms shown",
    statement=_statement,
    compare=_compare,
    recompute=_RECOMPUTE,
    unusable=_unusable,
)
