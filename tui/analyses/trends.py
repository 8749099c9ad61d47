"""The course of each arm: mean and interval at every visit."""

from __future__ import annotations

import numpy as np

from tui.analyses.answer import Answer, MethodStatement, Question
from tui.analyses.context import baseline_visits, number, of_records
from tui.analyses.rows.trends import TrendRow
from tui.queries.records import Records
from tui.stats.moments import mean_interval
from tui.study.model import Study


def answer(study: Study, question: Question, records: Records) -> Answer:
    """Mean and t interval of the value, or of the change, by arm and visit."""
    alpha = records.selection.level
    of_change = records.selection.value == "CHG"
    start, cells = "change_" if of_change else "", records.figures
    n, mean, se = (
        np.array([cell[start + name] for cell in cells], dtype=np.float64)
        for name in ("n", "mean", "se")
    )
    lower, upper = mean_interval(n, mean, se, alpha)
    at_baseline = baseline_visits(records)
    rows = []
    for place, arm in enumerate(records.arms):
        for order, visit in enumerate(records.visits):
            cell = order * len(records.arms) + place
            rows.append(
                TrendRow(
                    arm=arm.label,
                    visit=visit.label,
                    visit_number=visit.number,
                    n=int(cells[cell]["n" if order in at_baseline else f"{start}n"] or 0),
                    # The change at baseline is 0 by definition: every line starts there.
                    mean=0.0 if order in at_baseline else cells[cell][f"{start}mean"],
                    lower=number(lower[cell]),
                    upper=number(upper[cell]),
                )
            )
    what = "change from baseline" if of_change else "value"
    return of_records(
        study,
        question,
        records,
        f": mean {what} by visit",
        rows,
        selection=records.selection.changed(alpha=alpha),
        method=MethodStatement(
            id="mean",
            name=f"Mean {what} of the records kept",
            variance="each arm and visit has its own",
            df="n - 1",
            settings=f"{100 * (1 - alpha):g} % t intervals",
            source="SAS PROC MEANS, CLM",
        ),
    )
