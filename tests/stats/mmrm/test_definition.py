"""Sufficient statistics and analytic derivatives against the definition and finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tui.stats.mmrm import STRUCTURES, Mmrm, fit
from tui.stats.mmrm.structures import Structure

from . import dense
from .data import covariance, trial

EVERY = pytest.mark.parametrize("structure", STRUCTURES.values(), ids=list(STRUCTURES))
STEP = 1e-5


def theta_of(structure: Structure, m: int = 5) -> Any:
    """Parameters somewhere, not at an optimum."""
    random = np.random.default_rng(3)
    theta = structure.start(covariance(m))
    return theta + 0.1 * random.normal(size=len(theta))


def differences(function: Any, at: Any) -> Any:
    """Central differences, the parameter first."""
    steps = STEP * np.eye(len(at))
    return np.stack([(function(at + s) - function(at - s)) / (2 * STEP) for s in steps])


@EVERY
def test_every_theta_is_a_covariance_matrix(structure: Structure) -> None:
    random = np.random.default_rng(1)
    for m in (2, 3, 7):
        for _ in range(20):
            theta = random.normal(size=structure.count(m))
            sigma = structure.sigma(structure.natural(theta, m)[0], m)
            assert (sigma == sigma.T).all()
            assert np.linalg.eigvalsh(sigma)[0] > 0


@EVERY
def test_a_start_of_the_structure_itself_is_kept(structure: Structure) -> None:
    sigma = structure.sigma(structure.natural(theta_of(structure), 5)[0], 5)
    again = structure.sigma(structure.natural(structure.start(sigma), 5)[0], 5)
    assert again == pytest.approx(sigma)


@EVERY
def test_the_derivatives_of_a_structure(structure: Structure) -> None:
    theta = theta_of(structure)
    phi, jacobian = structure.natural(theta, 5)
    assert len(theta) == len(phi) == structure.count(5)
    natural = differences(lambda at: structure.natural(at, 5)[0], theta)
    transposed = jacobian.T
    assert transposed == pytest.approx(natural, rel=1e-6, abs=1e-7)
    first = differences(lambda at: structure.sigma(at, 5), phi)
    assert structure.first(phi, 5) == pytest.approx(first, rel=1e-6, abs=1e-6)
    second = differences(lambda at: structure.first(at, 5), phi)
    assert structure.second(phi, 5) == pytest.approx(second, rel=1e-5, abs=1e-6)
    assert structure.linear == (not structure.second(phi, 5).any())


def likelihood(method: str) -> Any:
    """The likelihood of a made-up trial, through the model that was fitted to it."""
    model = fit(*trial(m=5, seed=4, holes=0.1), structure="compound-symmetry", method=method)
    assert model.fitted
    return model.fitted.inference.point.likelihood


@EVERY
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_derivatives_of_the_likelihood(structure: Structure, method: str) -> None:
    function = likelihood(method)
    phi, _ = structure.natural(theta_of(structure) - 1.0, 5)

    def gradient(at: Any) -> Any:
        return function.at(structure.sigma(at, 5)).gradient(structure.first(at, 5))

    value = differences(lambda at: function.at(structure.sigma(at, 5)).value, phi)
    assert gradient(phi) == pytest.approx(value, rel=1e-5, abs=1e-4)
    hessian = differences(gradient, phi)
    point = function.at(structure.sigma(phi, 5))
    observed = point.observed(structure.first(phi, 5), structure.second(phi, 5))
    assert observed == pytest.approx(hessian, rel=1e-4, abs=1e-5 * np.abs(hessian).max())


@EVERY
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_likelihood_is_that_of_the_whole_matrix(structure: Structure, method: str) -> None:
    arrays = trial(30, m=4, seed=6)
    model = fit(*arrays, structure=structure.name, method=method)
    v = dense.blocks(model.covariance, arrays[1], arrays[2])
    x = dense.design(arrays)
    value = dense.neg2_log_likelihood(arrays[0], x, v, method == "reml")
    assert model.neg2_log_likelihood == pytest.approx(value)
    count = structure.count(4) + (0 if method == "reml" else x.shape[1])
    assert model.aic == pytest.approx(value + 2 * count)
    assert model.bic == pytest.approx(value + np.log(30) * count)


@EVERY
def test_no_neighbor_is_likelier(structure: Structure) -> None:
    model = fit(*trial(40, seed=2), structure=structure.name)
    assert model.fitted
    point = model.fitted.inference.point
    phi = model.fitted.inference.parameters
    random = np.random.default_rng(5)
    for _ in range(50):
        near = phi * (1 + 0.01 * random.normal(size=len(phi)))
        assert point.likelihood.at(structure.sigma(near, 4)).value > point.value


def test_a_covariance_that_is_no_matrix_has_no_likelihood() -> None:
    assert likelihood("reml").at(-np.eye(5)) is None


@EVERY
def test_kenward_roger_is_that_of_the_article(structure: Structure) -> None:
    arrays = trial(30, m=3, seed=8)
    model = fit(*arrays, structure=structure.name)
    assert model.fitted
    inference, scale = model.fitted.inference, model.fitted.scale

    def expand(part: Any) -> Any:
        return dense.blocks(scale**2 * part, arrays[1], arrays[2])

    first = [expand(part) for part in structure.first(inference.parameters, 3)]
    second = [[expand(p) for p in row] for row in structure.second(inference.parameters, 3)]
    v = expand(structure.sigma(inference.parameters, 3))
    w = inference.parameter_covariance
    phi, adjusted = dense.kenward_roger(dense.design(arrays), v, first, second, w)
    same_errors(model, "satterthwaite", phi)
    same_errors(model, "kenward-roger", adjusted)


def same_errors(model: Mmrm, df: str, expected: Any) -> None:
    errors = np.sqrt(expected.diagonal())
    assert model.fixed_effects(df).se == pytest.approx(errors)
    assert model.lsmeans(df).se.ravel() == pytest.approx(errors[: model.n.size])


def test_covariates_that_change_within_subjects() -> None:
    y, subject, visit, _, m, arms, base = arrays = trial(50)
    random = np.random.default_rng(2)
    weight, smokes = random.normal(80, 5, len(y)), random.integers(0, 3, len(y))
    model = fit(
        *arrays,
        numeric=np.column_stack([weight, base**2]),
        factors=[smokes, subject % 2],
        numeric_by_visit=[True],
        factors_by_visit=[False, True],
    )
    at = np.eye(m)[visit]
    parts = [
        dense.design(arrays),
        at * (weight - weight.mean())[:, None],
        (base**2 - (base**2).mean())[:, None],
        np.eye(3)[smokes][:, 1:],
        at * (subject % 2)[:, None],
    ]
    x = np.hstack(parts)
    v = dense.blocks(model.covariance, subject, visit)
    value = dense.neg2_log_likelihood(y, x, v, reml=True)
    assert model.neg2_log_likelihood == pytest.approx(value)
    inverse = np.linalg.inv(v)
    beta = np.linalg.solve(x.T @ inverse @ x, x.T @ inverse @ y)
    assert model.fixed_effects().estimate == pytest.approx(beta)
    assert len(model.names) == x.shape[1]
    means = beta[: m * arms].reshape(m, arms) + beta[-m - 2 : -m].sum() / 3 + beta[-m:, None] / 2
    assert model.lsmeans().estimate == pytest.approx(means)
