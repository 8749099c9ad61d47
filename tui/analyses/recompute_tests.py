"""A Python program that recomputes the tests within arms, over all arms and of dose-response."""

from __future__ import annotations

from collections.abc import Mapping

from tui.analyses import recompute, recompute_responders
from tui.analyses.methods.method import Data
from tui.queries.records import Records
from tui.queries.responders import Threshold
from tui.stats.arrays import Floats
from tui.stats.within import EXACT_BELOW
from tui.study.model import Study

_TAIL = '''
# Left out: Williams' test, whose distribution SciPy does not have.


def fit(y, X):
    """Least squares of any rank: coefficients, their covariance, residual df, residuals."""
    size = np.linalg.norm(X, axis=0)
    size = np.where(size > 0, size, 1)
    inverse = np.linalg.pinv(X / size, rcond=1e-7)
    residual = y - X / size @ (inverse @ y)
    df = len(y) - np.linalg.matrix_rank(X / size, rtol=1e-7)
    sigma2 = residual @ residual / df if df > 0 else np.nan
    scaled = inverse / size[:, None]
    return scaled @ y, sigma2 * scaled @ scaled.T, df, residual


def f_test(y, X, part):
    """What X adds to some of its columns, or sums of them."""
    y = y - y.mean()
    (_, _, left, more), (_, _, fewer, less) = fit(y, X), fit(y, part)
    df, squares = fewer - left, more @ more
    if not df or left <= 0 or squares <= (1e-13 * np.linalg.norm(y)) ** 2:
        return {"df": df, "df_residual": left}
    f = max(less @ less - squares, 0) / df / (squares / left)
    return {"statistic": f, "df": df, "df_residual": left, "p": stats.f.sf(f, df, left)}


def t_test(estimate, se, df):
    if not se > 0:
        return {"estimate": estimate, "df": df}
    margin, t = stats.t.ppf(1 - alpha / 2, df) * se, estimate / se
    row = {"estimate": estimate, "lower": estimate - margin, "upper": estimate + margin}
    return row | {"statistic": t, "df": df, "p": 2 * stats.t.sf(abs(t), df)}


def signed_rank(change):
    """The sum of the positive ranks, its normal p, and its p over all signs of the midranks."""
    change = change[change != 0]
    rank = stats.rankdata(abs(change))
    v, variance = rank[change > 0].sum(), (rank**2).sum() / 4
    away = v - rank.sum() / 2
    normal = 2 * stats.norm.sf(abs(away - 0.5 * np.sign(away)) / np.sqrt(variance))
    if len(change) >= exact_below:
        return v, normal, None
    doubled = (2 * rank).astype(int)
    ways = np.zeros(doubled.sum() + 1)
    ways[0] = 1
    for one in doubled:
        ways[one:] = ways[one:] + ways[:-one]
    far = abs(np.arange(len(ways)) - rank.sum()) >= abs(2 * v - rank.sum())
    return v, normal, ways[far].sum() / ways.sum()


def within(rows, **place):
    change = rows["change"].drop_nulls().to_numpy()
    if len(change):
        se = change.std(ddof=1) / np.sqrt(len(change)) if len(change) > 1 else 0
        se = se if se > 1e-14 * abs(change.mean()) else 0
        show(test="Paired t", **place, **t_test(change.mean(), se, len(change) - 1 or np.nan))
    if change.any():
        v, normal, exact = signed_rank(change)
        is_plain = exact is not None and len(set(abs(change)) - {0}) == len(change)
        p = exact if is_plain else normal
        show(test="Wilcoxon signed rank", **place, statistic=v, p=p)
        if exact is not None and not is_plain:
            show(test="Wilcoxon signed rank, exact", **place, statistic=v, p=exact)


def overall(rows, **place):
    groups = [rows.filter(pl.col("arm") == arm)["response"].drop_nulls() for arm in arms]
    groups = [one.to_numpy() for one in groups if one.count()]
    n, k = sum(map(len, groups)), len(groups)
    if k > 1 and n > k:
        row = {"df": k - 1, "df_residual": n - k}
        if any(np.ptp(one) > 0 for one in groups):
            test = stats.f_oneway(*groups)
            row |= {"statistic": test.statistic, "p": test.pvalue}
        show(test="One-way ANOVA", **place, **row)
    if k > 1 and np.ptp(np.concatenate(groups)) > 0:
        test = stats.kruskal(*groups)
        show(test="Kruskal-Wallis", **place, statistic=test.statistic, df=k - 1, p=test.pvalue)
        jonckheere_terpstra(groups, **place)


def jonckheere_terpstra(groups, **place):
    """Hollander and Wolfe 1999, equation 6.19."""
    pairs = [(a, b) for i, a in enumerate(groups) for b in groups[i + 1 :]]
    j = sum(np.sign(np.subtract.outer(b, a)).sum() / 2 + len(a) * len(b) / 2 for a, b in pairs)
    n = np.array([len(one) for one in groups], dtype=float)
    tied = np.unique(np.concatenate(groups), return_counts=True)[1].astype(float)
    total = n.sum()
    f = [(t * (t - 1) * (2 * t + 5)).sum() for t in (total, n, tied)]
    g = [(t * (t - 1) * (t - 2)).sum() for t in (total, n, tied)]
    h = [(t * (t - 1)).sum() for t in (total, n, tied)]
    variance = (f[0] - f[1] - f[2]) / 72 + h[1] * h[2] / (8 * h[0])
    variance += g[1] * g[2] / (36 * g[0]) if g[0] else 0
    z = (j - (total**2 - (n**2).sum()) / 4) / np.sqrt(variance)
    show(test="Jonckheere-Terpstra", **place, statistic=z, p=2 * stats.norm.sf(abs(z)))


def models(rows, **place):
    """The analysis of covariance, its assumptions, and the trends in dose."""
    rows = rows.drop_nulls(["response", "base", *covariates])
    if not rows.height:
        return
    y, columns = rows["response"].to_numpy(), []
    for name in ["base", *covariates]:
        if rows[name].dtype.is_numeric():
            columns.append((rows[name].to_numpy() - rows[name].mean())[:, None])
        else:
            levels = rows[name].unique().sort()
            each = [(rows[name] == one).cast(pl.Float64).to_numpy() for one in levels]
            columns.append(np.array([one - each[-1] for one in each[:-1]]).reshape(-1, len(y)).T)
    in_arm = np.column_stack([(rows["arm"] == arm).cast(pl.Float64).to_numpy() for arm in arms])
    X, one = np.hstack([in_arm, *columns]), np.ones((len(y), 1))
    base = columns[0]
    show(test="ANCOVA, arm (type III)", **place, **f_test(y, X, np.hstack([one, *columns])))
    slopes = np.hstack([X, in_arm * base])
    show(test="ANCOVA, arm by baseline", **place, **f_test(y, slopes, X))
    beta, covariance, df, residual = fit(y, X)
    is_exact = np.linalg.norm(residual) <= 1e-13 * np.linalg.norm(y)
    for arm, own in zip(arms, in_arm.T > 0):
        if own.sum() > 1:
            sd = 0.0 if is_exact else residual[own].std(ddof=1)
            show(test="ANCOVA, residual SD", **place | {"arm": arm}, estimate=sd)
    some = in_arm.any(axis=0)
    for name, score in scores.items():
        score = np.array(score)
        if np.ptp(score[some]) == 0:
            continue
        away = np.where(some, score - score[some].mean(), 0)
        weights = np.concatenate([away / (away @ away), np.zeros(X.shape[1] - len(arms))])
        if np.allclose(weights @ np.linalg.pinv(X) @ X, weights):
            se = 0 if is_exact else np.sqrt(weights @ covariance @ weights)
            show(test=f"Contrast, {name}", **place, **t_test(weights @ beta, se, df))
        line = np.hstack([in_arm @ score[:, None], one, *columns])
        b, c, left, rest = fit(y, line)
        away = np.linalg.norm(fit(line[:, 0], line[:, 1:])[3])  # what the covariates leave of it
        if away > 1e-7 * np.linalg.norm(line[:, 0] - line[:, 0].mean()):
            se = np.sqrt(c[0, 0]) if np.linalg.norm(rest) > 1e-13 * np.linalg.norm(y) else 0
            show(test=f"Regression, {name}", **place, **t_test(b[0], se, left))


for visit in after:
    rows = table.filter(pl.col("visit") == visit)
    for arm in arms:
        within(rows.filter(pl.col("arm") == arm), visit_number=visit, arm=arm)
    overall(rows, visit_number=visit, arm=None)
    models(rows, visit_number=visit, arm=None)
'''

_OF_RESPONDERS = '''
# Left out: Cochran and Armitage's exact test.


def cmh(tables, row, column):
    """Landis, Heyman and Koch 1978; `row` and `column` say what is asked of arms and responses."""
    sums, covariance, A = 0, 0, np.kron(row, column)
    for counts in tables:
        n, r, c = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
        r, c = r / n, c / n
        sums = sums + A @ (counts - n * np.outer(r, c)).ravel()
        spread = np.kron(np.diag(r) - np.outer(r, r), np.diag(c) - np.outer(c, c))
        covariance = covariance + n**2 / (n - 1) * A @ spread @ A.T
    df = np.linalg.matrix_rank(covariance, hermitian=True, rtol=1e-7)
    if not df:
        return {}
    statistic = sums @ np.linalg.pinv(covariance, rcond=1e-7, hermitian=True) @ sums
    return {"statistic": statistic, "df": df, "p": stats.chi2.sf(statistic, df)}


for visit in later:
    found = outcomes(visit)
    if not found["seen"].any():
        continue
    tables = []
    for stratum in found["stratum"].unique().sort():
        rows = found.filter(pl.col("stratum") == stratum)
        met = [rows.filter(pl.col("arm") == arm)["met"] for arm in arms]
        tables.append(np.array([[(~one).sum(), one.sum()] for one in met], dtype=float))
    k, order = len(arms), np.arange(1.0, len(arms) + 1)[None]
    questions = {
        "general association": (np.eye(k)[:-1], np.eye(2)[:-1]),
        "row mean scores": (np.eye(k)[:-1], np.array([[1, 2]])),
        "nonzero correlation": (order, np.array([[1, 2]])),
    }
    place = {"visit_number": visit, "arm": None}
    for name, (row, column) in questions.items():
        show(test=f"CMH, {name}", **place, **cmh([t for t in tables if t.sum() > 1], row, column))
    n, x, score = sum(tables).sum(axis=1), sum(tables)[:, 1], np.array([*scores.values()][0])
    away, share = score - n @ score / n.sum(), x.sum() / n.sum()
    variance = share * (1 - share) * (n * away**2).sum()
    if variance > 0:
        z = x @ away / np.sqrt(variance)
        show(test="Cochran-Armitage", **place, statistic=z, p=2 * stats.norm.sf(abs(z)))
'''


def program(
    study: Study,
    records: Records,
    data: Data,
    after: list[float],
    scores: Mapping[str, Floats],
    responders: tuple[Threshold, str] | None,
) -> str:
    """The program at the visits `after` baseline; with responders set, of their tests as well."""
    strata = tuple(name.upper() for name in records.selection.strata or ())
    tail = (
        f"after, exact_below = {after}, {EXACT_BELOW}\n"
        f"scores = { {name: score.tolist() for name, score in scores.items()} }\n"
    )
    tail += _TAIL
    if responders:
        counting = recompute_responders.counting(study, records, *responders, after, strata)
        tail += counting + _OF_RESPONDERS
    return recompute.whole(
        study, records, f"{records.endpoint.title}, tests", tail, data.covariates, strata
    )
