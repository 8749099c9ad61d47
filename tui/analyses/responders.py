"""Responders by visit and arm: counts, intervals, and the comparison with the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from tui.analyses import recompute_responders
from tui.analyses.adjust import NAMES, NONE, of_p
from tui.analyses.answer import Answer, MethodStatement, Question
from tui.analyses.context import after_baseline, number, of_records
from tui.analyses.rows.responders import ResponderRow
from tui.queries.records import Records
from tui.queries.responders import Threshold, outcomes, threshold
from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.boschloo import MOST, boschloo_p
from tui.stats.intervals import clopper_pearson, miettinen_nurminen
from tui.stats.proportions import fisher_p, newcombe, wilson
from tui.stats.two_by_two import chi_square, odds_ratio
from tui.study.model import Study

NONRESPONDER = "nonresponder"


@dataclass(frozen=True)
class Responders:
    """Who responded, counted.

    Attributes:
        rule: What makes a responder.
        missing_is: Whether a subject without a value is a `nonresponder` or is `excluded`.
        visits: The visits after baseline, by position in the records.
        tables: Subjects by visit, stratum, arm and response (no, yes).
        missing: Subjects without a value, shape (visits, arms).
        notes: What was chosen for the user, in words.
    """

    rule: Threshold
    missing_is: str
    visits: list[int]
    tables: Ints
    missing: Ints
    notes: tuple[str, ...]

    @property
    def x(self) -> Ints:
        """Responders, shape (visits, arms)."""
        responders: Ints = self.tables[..., 1].sum(axis=1)
        return responders

    @property
    def n(self) -> Ints:
        """Subjects who count, shape (visits, arms)."""
        subjects: Ints = self.tables.sum(axis=(1, 3))
        return subjects

    @property
    def seen(self) -> Bools:
        """Whether any subject of the arm has a value, shape (visits, arms)."""
        return self.n > (self.missing if self.missing_is == NONRESPONDER else 0)


def count(records: Records) -> Responders:
    """The responders of a selection, at every visit after baseline."""
    rule, chosen = threshold(records)
    missing_is = records.selection.missing or NONRESPONDER
    visits = after_baseline(records)
    frame = outcomes(records, visits, rule)
    place, arm, stratum = (
        frame[name].to_numpy().astype(np.int64) for name in ("visit", "arm", "stratum")
    )
    seen, responded = frame["seen"].to_numpy(), frame["responded"].to_numpy()
    counted = seen if missing_is == "excluded" else np.ones(len(seen), np.bool_)
    visit = place - min(visits, default=0)
    arms, strata = len(records.arms), int(stratum.max(initial=0)) + 1
    tables = np.zeros((len(visits), strata, arms, 2), np.int64)
    missing = np.zeros((len(visits), arms), np.int64)
    np.add.at(tables, tuple(one[counted] for one in (visit, stratum, arm, responded * 1)), 1)
    np.add.at(missing, (visit[~seen], arm[~seen]), 1)
    notes = filter(None, [chosen, _missing_note(records, rule, missing_is)])
    return Responders(rule, missing_is, visits, tables, missing, tuple(notes))


def _missing_note(records: Records, rule: Threshold, missing_is: str) -> str:
    if missing_is != NONRESPONDER:
        return f"Subjects without a {rule.column} at the visit are excluded: n has one."
    asked = "" if records.selection.missing else "; missing=excluded leaves such subjects out"
    return (
        f"A subject without a {rule.column} at the visit is a nonresponder: n is all subjects of "
        f"the arm{asked}."
    )


def answer(study: Study, question: Question, records: Records) -> Answer:
    """Responders of each arm at each visit after baseline, compared with the reference."""
    alpha = records.selection.level
    adjust = records.selection.adjust or NONE
    found = count(records)
    reference = records.arms.index(records.people.reference)
    figures = _figures(found, reference, alpha)
    adjusted = of_p(adjust, figures["fisher_p"])
    later = [records.visits[place].number for place in found.visits]
    notes = [*found.notes]
    if adjusted is None and adjust != NONE:
        notes.append(
            f"p values are not adjusted: {adjust} needs the joint distribution of a model's "
            "differences, which proportions do not have; bonferroni, holm and hochberg need none."
        )
    if adjusted is not None:
        figures["p_adjusted"] = adjusted
    rows = tuple(
        _row(records, found, figures, (place, arm), reference)
        for place, arm in product(range(len(found.visits)), range(len(records.arms)))
    )
    return of_records(
        study,
        question,
        records,
        f": responders ({found.rule}) by visit and arm",
        rows,
        selection=records.selection.changed(
            alpha=alpha, adjust=adjust, responder=str(found.rule), missing=found.missing_is
        ),
        method=_statement(records, found, alpha, NAMES[adjust] if adjusted is not None else NONE),
        notes=notes,
        code=recompute_responders.program(study, records, found.rule, found.missing_is, later),
    )


def _figures(found: Responders, reference: int, alpha: float) -> dict[str, Floats]:
    """Every figure by its field's name, shape (visits, arms); the reference has no contrast."""
    x, n = found.x, found.n
    one, exact = wilson(x, n, alpha), clopper_pearson(x, n, alpha)
    pair = x, n, x[:, [reference]], n[:, [reference]]
    risk, score = newcombe(*pair, alpha), miettinen_nurminen(*pair, alpha)
    chi, odds = chi_square(*pair), odds_ratio(*pair, alpha)
    compared = {
        "difference": risk.estimate,
        "newcombe_lower": risk.lower,
        "newcombe_upper": risk.upper,
        "miettinen_nurminen_lower": score.lower,
        "miettinen_nurminen_upper": score.upper,
        "fisher_p": fisher_p(*pair),
        "boschloo_p": boschloo_p(*pair),
        "chi_square": chi.statistic,
        "chi_square_p": chi.p,
        "odds_ratio": odds.estimate,
        "odds_ratio_lower": odds.lower,
        "odds_ratio_upper": odds.upper,
    }
    known = np.arange(x.shape[1]) != reference
    # Where nobody has a value, 0 of n against 0 of n0 is the rule for missing ones, no result.
    known = known & (found.seen | found.seen[:, [reference]])
    return {
        "percent": 100 * one.estimate,
        "wilson_lower": 100 * one.lower,
        "wilson_upper": 100 * one.upper,
        "exact_lower": 100 * exact.lower,
        "exact_upper": 100 * exact.upper,
        **{name: np.where(known, value, np.nan) for name, value in compared.items()},
    }


def _row(
    records: Records,
    found: Responders,
    figures: Mapping[str, Floats],
    cell: tuple[int, int],
    reference: int,
) -> ResponderRow:
    visit, arm = records.visits[found.visits[cell[0]]], records.arms[cell[1]]
    reasons = "" if cell[1] == reference else _reasons(records, found, cell, reference)
    return ResponderRow(
        visit=visit.label,
        visit_number=visit.number,
        arm=arm.label,
        is_reference=cell[1] == reference,
        n=int(found.n[cell]),
        responders=int(found.x[cell]),
        missing=int(found.missing[cell]),
        **{name: number(value[cell]) for name, value in figures.items()},
        not_estimable=reasons or None,
    )


def _reasons(records: Records, found: Responders, cell: tuple[int, int], reference: int) -> str:
    """Why figures of a comparison are missing, or nothing."""
    visit, arm = cell
    (x1, x0), (n1, n0) = ((part[visit, arm], part[visit, reference]) for part in (found.x, found.n))
    names = {arm: records.arms[arm].label, reference: records.arms[reference].label}
    without = "subject" if found.missing_is == NONRESPONDER else "subject with a value"
    for place, n in ((arm, n1), (reference, n0)):
        if n == 0:
            return f"{names[place]} has no {without}"
    if not found.seen[visit, arm] and not found.seen[visit, reference]:
        return "nobody has a value in either arm"
    if x1 + x0 == 0:
        return "nobody responded in either arm"
    if x1 + x0 == n1 + n0:
        return "everybody responded in both arms"
    reasons = []
    if x0 == 0 or x1 == n1:
        who = (
            f"nobody responded on {names[reference]}"
            if x0 == 0
            else (f"everybody responded on {names[arm]}")
        )
        reasons.append(f"the odds ratio and its upper limit are infinite: {who}")
    if (n1 + 1) * (n0 + 1) > MOST:
        reasons.append("Boschloo's test is for fewer subjects; Fisher's then hardly differs")
    return "; ".join(reasons)


def _statement(
    records: Records, found: Responders, alpha: float, multiplicity: str
) -> MethodStatement:
    adjusted = "none" if multiplicity == NONE else f"{multiplicity}, of Fisher's p at each visit"
    counted = (
        "a subject without a value is a nonresponder"
        if found.missing_is == NONRESPONDER
        else "subjects without a value are excluded"
    )
    return MethodStatement(
        id="responders",
        name="Proportions of responders",
        formula=f"{records.endpoint.code} {found.rule}{f' {records.unit}' if records.unit else ''}"
        f"; {counted}; difference = arm minus reference",
        variance="one arm: Wilson's score and Clopper-Pearson's exact interval; difference: "
        "Newcombe's hybrid score (method 10) and Miettinen-Nurminen's score interval; odds ratio: "
        "conditional on the margins, exact limits",
        df="chi-square: 1, without continuity correction",
        statistic="chi-square",
        multiplicity=adjusted,
        settings=f"two-sided alpha {alpha:g}, {100 * (1 - alpha):g} % intervals; Fisher: all "
        "tables no likelier than the one seen; Boschloo: twice the smaller one-sided p",
        source="Newcombe 1998, Stat Med 17:857 and 17:873; Miettinen and Nurminen 1985, Stat Med "
        "4:213; Boschloo 1970, Stat Neerl 24:1; SAS PROC FREQ",
    )
