"""The rows of each kind of answer. Numbers are unrounded; None is a figure that cannot be had."""

from __future__ import annotations

from dataclasses import dataclass

NO_CHANGE_AT_BASELINE = "no change from baseline at the baseline visit"
"""Why nothing is compared there: what `not_estimable` says."""


@dataclass(frozen=True)
class VisitRow:
    """An arm at a visit. Values are in the endpoint's unit; `change_` is change from baseline.

    `sd` is with n − 1, `se` is sd/√n, quartiles by SAS definition 5. `difference` is this arm
    minus the reference, of the value or the change as the selection says.
    """

    visit: str
    visit_number: float
    arm: str
    is_reference: bool
    n: int
    mean: float | None
    sd: float | None
    se: float | None
    median: float | None
    q1: float | None
    q3: float | None
    min: float | None
    max: float | None
    change_n: int
    change_mean: float | None
    change_sd: float | None
    change_se: float | None
    change_median: float | None
    change_q1: float | None
    change_q3: float | None
    change_min: float | None
    change_max: float | None
    lsmean: float | None = None
    lsmean_se: float | None = None
    lsmean_lower: float | None = None
    lsmean_upper: float | None = None
    difference: float | None = None
    difference_se: float | None = None
    difference_df: float | None = None
    difference_lower: float | None = None
    difference_upper: float | None = None
    statistic: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    not_estimable: str | None = None


@dataclass(frozen=True)
class TrendRow:
    """The mean of an arm at a visit with its confidence interval (t, n − 1 df)."""

    arm: str
    visit: str
    visit_number: float
    n: int
    mean: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class ArmRow:
    """An arm: who is in it. `populations` and `sex` count subjects."""

    arm: str
    code: float | None
    description: str
    is_reference: bool
    n: int
    populations: dict[str, int]
    sex: dict[str, int]
    age_n: int
    age_mean: float | None
    age_sd: float | None
    age_min: float | None
    age_max: float | None
    baseline_n: int
    baseline_mean: float | None
    baseline_sd: float | None


@dataclass(frozen=True)
class BaselineRow:
    """A variable in an arm (arm `Total` is all of them).

    A number has n to max and no level; a category has, for each level, n and percent of those
    whose value is known; `decode` is what the level means where define.xml says so. `missing`
    counts subjects without a value.
    """

    variable: str
    label: str
    level: str | None
    arm: str
    n: int
    missing: int
    percent: float | None = None
    mean: float | None = None
    sd: float | None = None
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    min: float | None = None
    max: float | None = None
    decimals: int = 0
    decode: str | None = None


@dataclass(frozen=True)
class EventRow:
    """An adverse event; `day` is the study day of onset, 1 the day of first dose."""

    subject: str
    arm: str
    day: float | None
    end_day: float | None
    term: str | None
    system: str | None
    severity: str | None
    serious: str | None
    related: str | None
    outcome: str | None
    emergent: bool | None
    origin: str | None


@dataclass(frozen=True)
class IncidenceRow:
    """Subjects of an arm with an event: any, of a body system, or of a term.

    `system` is null for any event, `term` for a whole body system. `percent` is of `N`, the arm's
    subjects in the population; differences from the reference are proportions with Newcombe
    limits, `p` is Fisher's, two-sided.
    """

    system: str | None
    term: str | None
    arm: str
    n: int
    N: int
    percent: float | None
    events: int
    difference: float | None
    difference_lower: float | None
    difference_upper: float | None
    p: float | None


@dataclass(frozen=True)
class ValueRow:
    """A subject's record behind a figure; `row` is its place in the dataset's file."""

    subject: str
    arm: str
    visit: str
    visit_number: float
    day: float | None
    value: float | None
    base: float | None
    change: float | None
    imputed: str | None
    origin: str | None
    row: int


@dataclass(frozen=True)
class StudyRow:
    """One thing a study has: a dataset, arm, population, endpoint, visit, method, file or remark.

    `why` says why a dataset plays its part, or why a method cannot be used. Of a dataset `label`
    is its part, `subjects` counts them, `file` is where it lies, `title` what it is called there
    or in define.xml, and `columns` says which standard columns it has under another name.
    """

    section: str
    name: str
    label: str
    rows: int | None = None
    why: str | None = None
    subjects: int | None = None
    file: str | None = None
    title: str | None = None
    columns: str | None = None


@dataclass(frozen=True)
class SubjectRow:
    """A line of a subject's page: a characteristic, a visit's value, or an event."""

    section: str
    name: str
    text: str
    day: float | None = None
    visit_number: float | None = None
    value: float | None = None
    change: float | None = None


@dataclass(frozen=True)
class ResponderRow:
    """Responders of an arm at a visit, and the comparison with the reference.

    `percent` is of `n`, with Wilson and Clopper-Pearson limits, in percent; differences are
    proportions, arm minus reference, with Newcombe and Miettinen-Nurminen limits; the p values are
    two-sided; the odds ratio is the conditional one with exact limits.
    """

    visit: str
    visit_number: float
    arm: str
    is_reference: bool
    n: int
    responders: int
    missing: int
    percent: float | None
    wilson_lower: float | None
    wilson_upper: float | None
    exact_lower: float | None
    exact_upper: float | None
    difference: float | None = None
    newcombe_lower: float | None = None
    newcombe_upper: float | None = None
    miettinen_nurminen_lower: float | None = None
    miettinen_nurminen_upper: float | None = None
    fisher_p: float | None = None
    boschloo_p: float | None = None
    chi_square: float | None = None
    chi_square_p: float | None = None
    odds_ratio: float | None = None
    odds_ratio_lower: float | None = None
    odds_ratio_upper: float | None = None
    p_adjusted: float | None = None
    not_estimable: str | None = None


@dataclass(frozen=True)
class TestRow:
    """A test at a visit: within an arm, over all arms, of dose-response, or of responders.

    `estimate` is what the test is about, where it has an estimate (mean change, slope), with its
    limits; `note` says which form was used (exact, normal). `df_residual` is that of an F test.
    """

    section: str
    visit: str
    visit_number: float
    arm: str | None
    test: str
    n: int
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    statistic: float | None = None
    df: float | None = None
    df_residual: float | None = None
    p: float | None = None
    note: str = ""
    not_estimable: str | None = None


@dataclass(frozen=True)
class SubgroupRow:
    """An arm against the reference in one level of a subgroup at a visit.

    The row without a level is all subjects; `interaction_p` is of arm × level for this arm, and
    `interaction_all_p` for all arms at once.
    """

    visit: str
    visit_number: float
    subgroup: str
    level: str | None
    arm: str
    n: int
    n_reference: int
    difference: float | None
    difference_se: float | None
    difference_df: float | None
    difference_lower: float | None
    difference_upper: float | None
    p: float | None
    interaction_p: float | None
    interaction_all_p: float | None
    not_estimable: str | None = None


@dataclass(frozen=True)
class SensitivityRow:
    """What one method says of one contrast at one visit.

    It `crosses` if its p is on the other side of alpha than that of the method in force.
    """

    visit: str
    visit_number: float
    arm: str
    analysis: str
    in_force: bool
    estimate: float | None
    lower: float | None
    upper: float | None
    p: float | None
    crosses: bool
    not_estimable: str | None = None


@dataclass(frozen=True)
class PowerRow:
    """What a comparison could have detected with the variance in hand.

    `detectable` is the true difference found with probability `power`; `wanted_n` the subjects an
    arm for the wanted difference, `wanted_power` the power this study had for it.
    """

    visit: str
    visit_number: float
    arm: str
    n: int
    n_reference: int
    difference: float | None
    difference_se: float | None
    difference_df: float | None
    difference_lower: float | None
    difference_upper: float | None
    p: float | None
    power: float
    detectable: float | None
    wanted: float | None
    wanted_power: float | None
    wanted_n: int | None
    not_estimable: str | None = None


@dataclass(frozen=True)
class MmrmRow:
    """A line of a fitted MMRM: of the fit, its covariance or correlation, or a fixed effect.

    In `covariance` and `correlation` `name` and `column` are visits; in `fit` `text` is the
    figure as it is said (converged, 12 steps); `average` are LS means over the visits by arm, and,
    with the reference as `column`, their differences from it.
    """

    section: str
    name: str
    column: str | None = None
    value: float | None = None
    text: str = ""
    se: float | None = None
    df: float | None = None
    lower: float | None = None
    upper: float | None = None
    statistic: float | None = None
    p: float | None = None
    not_estimable: str | None = None


@dataclass(frozen=True)
class NoteFirst:
    """A row that a note is about: its place in the file (1 is the first record), and what it says.

    `row` is null where a row is missed, and only its subject and visit can be named.
    """

    row: int | None
    subject: str | None
    text: str


@dataclass(frozen=True)
class NoteRow:
    """Something found in the data.

    `severity` is `contradiction` or `remark`; `rows` counts rows of the file, or subject-visits
    that have none; `first` are the first 20 of them. `see` is the command that shows them, or says
    where they stand in the file; the command's parts are `answer`, `selection` and `subject`.
    """

    id: str
    severity: str
    dataset: str
    endpoint: str | None
    what: str
    rows: int
    subjects: int
    first: tuple[NoteFirst, ...]
    see: str
    answer: str | None = None
    selection: str = ""
    subject: str | None = None
