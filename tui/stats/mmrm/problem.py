"""From rows and terms to a fitted model, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tui.stats.ancova import NO_VARIANCE
from tui.stats.arrays import Floats, Ints
from tui.stats.mmrm import diagnosis
from tui.stats.mmrm.design import Design, Rows, Term, lay_out
from tui.stats.mmrm.inference import SATTERTHWAITE, infer
from tui.stats.mmrm.likelihood import Likelihood
from tui.stats.mmrm.optimize import UNINFORMED, Optimum, search
from tui.stats.mmrm.patterns import Patterns, group
from tui.stats.mmrm.result import Convergence, Fitted, Mmrm, kenward_roger_note
from tui.stats.mmrm.structures import STRUCTURES, Structure

SMALLEST = 0.02  # of the eigenvalues of the correlation that the search starts from, to the largest

NEGATIVE = "Kenward-Roger makes the variance of some LS means negative: too few rows"


@dataclass(frozen=True)
class Problem:
    """What is to be fitted, but for the fixed effects.

    Attributes:
        n: Rows, shape (visits, arms); the visits of `rows` are those that anybody attended.
    """

    n: Ints
    rows: Rows
    structure: Structure
    method: str
    df: str
    alpha: float

    @property
    def attended(self) -> Ints:
        """The visits that anybody attended."""
        return np.flatnonzero(self.n.any(axis=1))

    def unusable(self) -> str | None:
        """Why the rows cannot be used, if they cannot."""
        return diagnosis.of_rows(self.rows, self.attended)

    def solve(self, terms: Sequence[Term]) -> Mmrm:
        """Fit the fixed effects and the covariance."""
        design = lay_out(self.rows, terms, self.n.shape[1], self.attended.tolist())
        dropped = diagnosis.dropped(terms, design)
        free = len(self.rows.y) - design.rank
        size = float(np.linalg.norm(design.residuals))
        if free <= 0:
            rows = diagnosis.counted(len(self.rows.y), "row")
            subjects = diagnosis.counted(self.rows.subjects, "subject")
            reason = f"no residual degrees of freedom ({rows} of {subjects})"
            return self.failed(reason, dropped, design.names)
        if size <= NO_VARIANCE * float(np.linalg.norm(self.rows.y)):
            return self.failed("no residual variance", dropped, design.names)
        scale = size / free**0.5
        patterns = group(self.rows, design, scale)
        short = diagnosis.of_structure(patterns, self.structure, self.attended)
        if short:
            return self.failed(self._blamed(short), dropped, design.names)
        return self._fit(design, patterns, scale, dropped)

    def _fit(self, design: Design, patterns: Patterns, scale: float, dropped: str | None) -> Mmrm:
        """Search for the covariance, and infer from it."""
        reml = self.method == "reml"
        free = patterns.rows - (design.rank if reml else 0)
        constant = free * float(np.log(2 * np.pi * scale**2)) + reml * design.log_determinant
        structure = self._parametrization(patterns.m)
        likelihood = Likelihood(patterns, reml, constant)
        start = structure.start(starting_covariance(patterns))
        optimum = search(likelihood, structure, start, self.attended.tolist())
        if optimum is None:
            return self.failed(self._blamed("no covariance to start from"), dropped, design.names)
        offset = np.asarray(np.linalg.solve(design.root, design.coefficients) / scale)
        inference = None
        if optimum.converged:
            inference = infer(optimum.point, structure, optimum.theta, offset)
        convergence = _convergence(optimum, inference is not None)
        if inference is None or convergence.reason:
            blamed = self._blamed(convergence.reason or UNINFORMED)
            return self.failed(blamed, dropped, design.names, convergence)
        cells = np.full((*self.n.shape, len(design.names)), np.nan)
        cells[self.attended] = design.cells
        fitted = Fitted(design, inference, scale, cells)
        model = self._result(
            scale**2 * optimum.point.sigma,
            optimum.point.value,
            convergence,
            design.names,
            dropped,
            diagnosis.of_cells(self.n, design, cells),
            fitted,
        )
        means = model.lsmeans()
        if not (np.isfinite(means.estimate) & np.isnan(means.se)).any():
            return model
        reasons = filter(None, [model.not_estimable, NEGATIVE])
        return replace(model, not_estimable="; ".join(reasons))

    def failed(
        self,
        reason: str,
        dropped: str | None = None,
        names: tuple[str, ...] = (),
        convergence: Convergence | None = None,
    ) -> Mmrm:
        """A model without estimates, and why."""
        convergence = convergence or Convergence(False, reason, "none")
        m = len(self.attended)
        unknown = np.full((m, m), np.nan)
        return self._result(unknown, np.nan, convergence, names, dropped, reason, None)

    def _result(
        self,
        sigma: Floats,
        value: float,
        convergence: Convergence,
        names: tuple[str, ...],
        dropped: str | None,
        reason: str | None,
        fitted: Fitted | None,
    ) -> Mmrm:
        visits = len(self.n)
        covariance = np.full((visits, visits), np.nan)
        covariance[np.ix_(self.attended, self.attended)] = sigma
        sd = np.sqrt(np.diagonal(covariance))
        parameters = self._parametrization(len(self.attended)).count(len(self.attended))
        note = kenward_roger_note(self.method, self.df)
        counted = parameters
        if fitted and self.method != "reml":
            counted += fitted.design.rank
        return Mmrm(
            n=self.n,
            subjects=self.rows.subjects,
            structure=self.structure,
            method=self.method,
            df_method=self.df if note is None else SATTERTHWAITE,
            df_note=note,
            alpha=self.alpha,
            covariance=covariance,
            correlation=covariance / np.outer(sd, sd),
            parameters=parameters,
            neg2_log_likelihood=value,
            aic=value + 2 * counted,
            bic=value + float(np.log(max(self.rows.subjects, 1))) * counted,
            names=names,
            convergence=convergence,
            dropped=dropped,
            not_estimable=reason,
            fitted=fitted,
        )

    def _parametrization(self, m: int) -> Structure:
        """With one visit every structure is one variance."""
        return self.structure if m > 1 else STRUCTURES["unstructured"]

    def _blamed(self, reason: str) -> str:
        """A reason that says of which covariance it speaks."""
        label = self.structure.label[0].lower() + self.structure.label[1:]
        subjects = diagnosis.counted(self.rows.subjects, "subject")
        return f"the {label} covariance of {subjects} cannot be estimated: {reason}"


def starting_covariance(patterns: Patterns) -> Floats:
    """Products of the least squares residuals, averaged over the subjects that have both.

    The response *is* those residuals. Eigenvalues of their correlation are raised to a floor.
    """
    seen = patterns.attended.astype(np.float64)
    pairs = (seen * patterns.n[:, None]).T @ seen
    covariance = patterns.yy.sum(axis=0) / np.maximum(pairs, 1)
    variance = np.diagonal(covariance)
    variance = np.maximum(variance, 1e-6 * variance.max())
    sd = np.sqrt(variance)
    correlation = np.clip(covariance / np.outer(sd, sd), -1, 1)
    correlation[pairs < 5] = 0.0  # a guess from so few is worse than none
    np.fill_diagonal(correlation, 1.0)
    size, axes = np.linalg.eigh(correlation)
    near = (axes * np.maximum(size, SMALLEST * size[-1])) @ axes.T
    scale = sd / np.sqrt(np.diagonal(near))
    return np.asarray(near * np.outer(scale, scale))


def _convergence(optimum: Optimum, informed: bool) -> Convergence:
    """The report of the search; where the likelihood is flat it has not converged."""
    reason = optimum.reason if optimum.reason or informed else UNINFORMED
    return Convergence(
        converged=reason is None,
        reason=reason,
        method=optimum.method,
        iterations=optimum.iterations,
        evaluations=optimum.evaluations,
        gradient=optimum.gradient,
    )
