from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats import dose_trend
from tui.stats.dose_trend import cochran_armitage, cochran_armitage_exact, jonckheere_terpstra
from tui.stats.ranks import mann_whitney
from tui.stats.ties import tabulate

values = st.lists(st.integers(-4, 4).map(float), min_size=1, max_size=8)


def table(arms: list[list[float]]):
    group = np.repeat(np.arange(len(arms)), [len(arm) for arm in arms])
    return tabulate(np.concatenate([np.asarray(a, float) for a in arms]), group, len(arms))


@given(values, values)
def test_with_two_arms_jonckheere_is_mann_whitney(x: list[float], y: list[float]) -> None:
    ties = table([x, y])
    ours, pair = jonckheere_terpstra(ties), mann_whitney(ties, 0)
    if len({*x, *y}) > 1:
        assert ours.statistic[0] == pair.u[0, 1]
        assert ours.p[0] == pytest.approx(pair.p_uncorrected[0, 1], rel=1e-9)


@given(values, values, values)
def test_the_variance_of_j_is_that_over_all_permutations(
    x: list[float], y: list[float], z: list[float]
) -> None:
    arms = [x[:3], y[:2], z[:2]]
    pooled = np.concatenate(arms)
    if len(set(pooled)) == 1:
        assert jonckheere_terpstra(table(arms)).not_estimable[0] == "all values are equal"
        return
    sizes = [len(arm) for arm in arms]
    random = np.random.default_rng(1)
    ours = jonckheere_terpstra(table(arms))
    rows = np.array([random.permutation(pooled) for _ in range(4000)])
    ends = np.cumsum(sizes)[:-1]
    parts = np.split(rows, ends, axis=1)
    drawn = sum(
        (np.sign(parts[j][:, :, None] - parts[i][:, None]) / 2 + 0.5).sum(axis=(1, 2))
        for i in range(3)
        for j in range(i + 1, 3)
    )
    pairs = (sum(sizes) ** 2 - sum(n**2 for n in sizes)) / 2
    spread = (ours.statistic[0] - pairs / 2) / ours.z[0] if ours.z[0] else drawn.std()
    assert spread == pytest.approx(drawn.std(), rel=0.1)


@given(st.lists(values, min_size=2, max_size=4))
def test_the_reverse_order_flips_the_sign(arms: list[list[float]]) -> None:
    up, down = jonckheere_terpstra(table(arms)), jonckheere_terpstra(table(arms[::-1]))
    assert up.z[0] == pytest.approx(-down.z[0], nan_ok=True)
    assert up.p_rising[0] == pytest.approx(down.p_falling[0], nan_ok=True)
    assert up.p[0] == pytest.approx(down.p[0], nan_ok=True)


def test_poor_data_have_reasons() -> None:
    assert jonckheere_terpstra(table([[], []])).not_estimable == ["no subjects"]
    assert jonckheere_terpstra(table([[1.0, 2], []])).not_estimable == ["only one arm has subjects"]
    reasons = cochran_armitage(
        [[0, 0], [5, 4], [0, 0], [1, 0]], [[5, 4], [5, 4], [0, 0], [5, 0]], [0, 1]
    ).not_estimable
    assert reasons.tolist() == [
        "nobody responded", "everybody responded", "no subjects", "only one arm has subjects",
    ]  # fmt: skip
    assert np.isnan(cochran_armitage_exact([0, 0], [5, 4], [0, 1]).p)


tables = st.lists(st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
                  min_size=2, max_size=3)  # fmt: skip


@given(tables, st.lists(st.sampled_from([0.0, 0.5, 1.0, 54.0, 81.0]), min_size=3, max_size=3))
def test_the_exact_trend_counts_every_table(drawn: list[tuple[int, int]], scores) -> None:
    x, n = np.array(drawn).T
    scores = np.array(scores[: len(x)])
    result = cochran_armitage_exact(x, n, scores)
    if result.not_estimable != "":
        return
    cells = [t for t in product(*(range(size + 1) for size in n)) if sum(t) == x.sum()]
    weight = np.array([np.prod(stats.binom.pmf(t, n, 0.5)) for t in cells])
    sums, seen = np.array(cells) @ scores, x @ scores
    center = (weight * sums).sum() / weight.sum()
    share = [
        weight[part].sum() / weight.sum()
        for part in (
            abs(sums - center) >= abs(seen - center) - 1e-9,
            sums >= seen - 1e-9,
            sums <= seen + 1e-9,
        )
    ]
    assert [result.p, result.p_rising, result.p_falling] == pytest.approx(share, rel=1e-9)


def test_scores_may_be_shifted_and_scaled() -> None:
    x, n = [3, 5, 9, 12], [20, 21, 19, 22]
    for method in (cochran_armitage, cochran_armitage_exact):
        ours, other = method(x, n, [0, 1, 2, 3]), method(x, n, [10, 15, 20, 25])
        assert other.p == pytest.approx(ours.p)
        assert method(x, n, [3, 2, 1, 0]).p_falling == pytest.approx(ours.p_rising)


def test_two_arms_are_pearsons_chi_square() -> None:
    z = cochran_armitage([22, 39], [61, 152], [0, 1]).z
    assert z**2 == pytest.approx(2.3072, abs=5e-5)


def test_too_many_tables_are_declined_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dose_trend, "MOST", 50)
    result = cochran_armitage_exact([10, 11, 12], [30, 30, 30], [0, 1, 2])
    assert result.not_estimable == "too many subjects for the exact test"
    assert np.isnan([result.p, result.p_rising]).all()
    assert np.isfinite(result.z)
