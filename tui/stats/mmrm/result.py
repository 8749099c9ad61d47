"""What a fitted MMRM says."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tui.stats.arrays import Floats, Ints
from tui.stats.contrast import Contrast, t_contrast
from tui.stats.mmrm.design import Design, independent
from tui.stats.mmrm.inference import KENWARD_ROGER, SATTERTHWAITE, FTest, Inference
from tui.stats.mmrm.structures import Structure


@dataclass(frozen=True)
class Convergence:
    """How the search for the covariance ended.

    Attributes:
        converged: Whether the likelihood has a maximum there; if not, there are no estimates.
        reason: Why it did not converge, if so.
        method: "scoring" (Fisher scoring, then Newton), "BFGS" where that failed, or "none".
        iterations: Steps taken.
        evaluations: Likelihoods computed.
        gradient: Largest derivative of -2 log L in the parameters searched, in absolute value.
    """

    converged: bool
    reason: str | None
    method: str
    iterations: int = 0
    evaluations: int = 0
    gradient: float = np.nan


@dataclass(frozen=True)
class Fitted:
    """The parts from which every contrast is computed.

    Attributes:
        design: The columns of the model.
        inference: The fixed effects and their uncertainty.
        scale: The unit of the response that `inference` is in.
        cells: LS means as sums over the columns, shape (visits, arms, columns); NaN at visits
            that nobody attended.
    """

    design: Design
    inference: Inference
    scale: float
    cells: Floats


@dataclass(frozen=True)
class Mmrm:
    """A fitted model; figures that cannot be had are NaN, and `not_estimable` says why.

    Methods with a parameter `df` use the one that the model was fitted with if it is None.

    Attributes:
        n: Rows used, shape (visits, arms).
        subjects: Subjects used.
        structure: The covariance structure, as chosen.
        method: "reml" or "ml".
        df_method: In force: "kenward-roger", "kenward-roger-linear" or "satterthwaite".
        df_note: Why Kenward-Roger is not offered, if it was asked for and is not.
        alpha: One minus the confidence of the limits.
        covariance: Within subjects, shape (visits, visits), in squared units of the response.
        correlation: Its correlations.
        parameters: The number of covariance parameters.
        neg2_log_likelihood: -2 log L, restricted for REML, as SAS and R count it.
        aic: Akaike's criterion, smaller is better; REML counts covariance parameters only.
        bic: Schwarz's, with the number of subjects, as SAS.
        names: The fixed effects, positions counted from 0.
        convergence: How the covariance was found.
        dropped: Which covariates or factors added nothing to the model, if any.
        not_estimable: Why some of the figures are NaN, if any is.
    """

    n: Ints
    subjects: int
    structure: Structure
    method: str
    df_method: str
    df_note: str | None
    alpha: float
    covariance: Floats
    correlation: Floats
    parameters: int
    neg2_log_likelihood: float
    aic: float
    bic: float
    names: tuple[str, ...]
    convergence: Convergence
    dropped: str | None
    not_estimable: str | None
    fitted: Fitted | None = field(repr=False)

    @property
    def observations(self) -> int:
        """Rows used."""
        return int(self.n.sum())

    def lsmeans(self, df: str | None = None) -> Contrast:
        """LS means, shape (visits, arms)."""
        return self.contrast(self._each_cell(), df)

    def differences(self, reference: int, df: str | None = None) -> Contrast:
        """Each arm minus the reference at each visit, shape (visits, arms); its own are NaN."""
        return self.contrast(self._minus(reference, self._each_cell()), df)

    def average_lsmeans(self, df: str | None = None) -> Contrast:
        """LS means over the visits that anybody attended, of equal weight, shape (arms,)."""
        return self.contrast(self._each_arm(), df)

    def average_differences(self, reference: int, df: str | None = None) -> Contrast:
        """Each arm minus the reference over the visits, shape (arms,)."""
        return self.contrast(self._minus(reference, self._each_arm()), df)

    def fixed_effects(self, df: str | None = None) -> Contrast:
        """The coefficients that `names` are the names of."""
        return self.linear(np.eye(len(self.names)), df)

    def contrast(self, weights: Floats, df: str | None = None) -> Contrast:
        """Sums of LS means, `weights` of shape (…, visits, arms)."""
        return self.linear(self._of_columns(weights), df)

    def linear(self, weights: Floats, df: str | None = None) -> Contrast:
        """Sums of fixed effects, `weights` of shape (…, fixed effects)."""
        estimate = np.full(weights.shape[:-1], np.nan)
        se, degrees = estimate.copy(), estimate.copy()
        if self.fitted:
            shown = self.fitted.design.estimable(weights)
            rows = self._in_basis(weights[shown])
            inference = self.fitted.inference
            covariance = inference.covariance(self._df(df))
            estimate[shown] = self.fitted.scale * (rows @ inference.beta)
            variance = ((rows @ covariance) * rows).sum(axis=-1)
            se[shown] = self.fitted.scale * np.sqrt(np.where(variance > 0, variance, np.nan))
            degrees[shown] = inference.degrees(rows)
        return t_contrast(estimate, se, degrees, self.alpha)

    def joint_covariance(self, weights: Floats, df: str | None = None) -> Floats:
        """The covariance of sums of LS means, `weights` (…, sums, visits, arms)."""
        columns = self._of_columns(weights)
        if not self.fitted:
            return np.full((*columns.shape[:-1], columns.shape[-2]), np.nan)
        shown = self.fitted.design.estimable(columns)
        rows = self._in_basis(np.where(shown[..., None], columns, 0.0))
        full = rows @ self.fitted.inference.covariance(self._df(df)) @ rows.swapaxes(-1, -2)
        known = shown[..., None] & shown[..., None, :]
        return np.where(known, self.fitted.scale**2 * full, np.nan)

    def difference_covariance(self, reference: int, df: str | None = None) -> Floats:
        """Of the differences at each visit, shape (visits, arms, arms); the reference's are NaN."""
        return self.joint_covariance(self._minus(reference, self._each_cell()), df)

    def difference_correlation(self, reference: int, df: str | None = None) -> Floats:
        """Their correlations: what Dunnett's adjustment needs."""
        covariance = self.difference_covariance(reference, df)
        variance = np.diagonal(covariance, axis1=1, axis2=2)
        sd = np.sqrt(np.where(variance > 0, variance, np.nan))
        return np.asarray(covariance / (sd[:, :, None] * sd[:, None, :]))

    def test(self, weights: Floats, df: str | None = None) -> FTest:
        """That sums of LS means are all 0, `weights` of shape (sums, visits, arms)."""
        return self.linear_test(self._of_columns(weights), df)

    def linear_test(self, weights: Floats, df: str | None = None) -> FTest:
        """That sums of fixed effects are all 0, `weights` of shape (sums, fixed effects).

        Sums that follow from those before them do not count; one that is not estimable makes
        the test NaN. The df of Satterthwaite, as in SAS, depend somewhat on how the hypothesis
        is written.
        """
        if not self.fitted or not len(weights) or not self.fitted.design.estimable(weights).all():
            return FTest(np.nan, 0, np.nan, np.nan)
        rows = self._in_basis(weights)
        return self.fitted.inference.f_test(rows[independent(rows.T)], self._df(df))

    def interaction(self, df: str | None = None) -> FTest:
        """That the differences between the arms are the same at every visit: arm * visit.

        Written against the last visit, as SAS writes its type 3 test for visits in their order.
        """
        cells = self._each_cell()[self.n.any(axis=1)][:, self.n.any(axis=0)]
        between = np.asarray(cells[:, 1:] - cells[:, :1])
        weights = between[:-1] - between[-1:]
        return self.test(np.concatenate([*weights, np.empty((0, *self.n.shape))]), df)

    def _df(self, df: str | None) -> str:
        """The method in force; Satterthwaite where Kenward-Roger is not offered."""
        return (df or self.df_method) if self.method == "reml" else SATTERTHWAITE

    def _each_cell(self) -> Floats:
        """Weights for one LS mean after another, shape (visits, arms, visits, arms)."""
        return np.eye(self.n.size).reshape(*self.n.shape, *self.n.shape)

    def _each_arm(self) -> Floats:
        """Weights for the mean over the visits attended, shape (arms, visits, arms)."""
        attended = self.n.any(axis=1)
        share = np.where(attended, 1 / max(int(attended.sum()), 1), 0.0)
        return np.asarray(np.eye(self.n.shape[1])[:, None, :] * share[:, None])

    @staticmethod
    def _minus(reference: int, weights: Floats) -> Floats:
        """Less those of the reference; the arms are the third axis from the end."""
        return np.asarray(weights - weights[..., reference : reference + 1, :, :])

    def _of_columns(self, weights: Floats) -> Floats:
        """Sums of LS means as sums of fixed effects; NaN where a visit is that nobody attended."""
        flat = weights.reshape(*weights.shape[:-2], self.n.size)
        if not self.fitted:
            return np.full((*flat.shape[:-1], len(self.names)), np.nan)
        cells = self.fitted.cells.reshape(self.n.size, -1)
        absent = np.isnan(cells[:, 0])
        unknown = (flat[..., absent] != 0).any(axis=-1)
        return np.where(unknown[..., None], np.nan, flat[..., ~absent] @ cells[~absent])

    def _in_basis(self, weights: Floats) -> Floats:
        """Sums of fixed effects as sums over the columns of the QR."""
        if not self.fitted:
            return weights
        design = self.fitted.design
        return np.asarray(weights[..., design.kept] @ design.root)


def kenward_roger_note(method: str, df: str) -> str | None:
    """Why Kenward-Roger is not offered, if it is asked for and is not."""
    if method == "reml" or df == SATTERTHWAITE:
        return None
    name = "Kenward-Roger" if df == KENWARD_ROGER else "linear Kenward-Roger"
    return f"{name} is defined for REML only: Satterthwaite is used"
