"""A Python program that recomputes what the methods say of one contrast."""

from __future__ import annotations

from collections.abc import Sequence

from tui.analyses import methods, recompute
from tui.analyses.methods.method import Data
from tui.queries.records import Records
from tui.study.model import Study

RECOMPUTED = ("student", "welch", "mann-whitney", "ancova")
"""The methods whose figures the program has."""

_LEFT_OUT = """
# Left out: the permutation test, whose arrangements are drawn, and the MMRM (the visits table with
# method=mmrm has a program in R).
"""

_TAIL = """

for visit in sorted(table["visit"].unique()):
    for analysis, compare, imputed, is_pairwise in analyses:
        rows = table.filter(pl.col("visit") == visit)
        rows = rows if imputed == "keep" else rows.filter(~pl.col("imputed"))
        for arm in arms:
            pair = [reference, arm]
            some = rows.filter(pl.col("arm").is_in(pair)) if is_pairwise else rows
            if arm == reference or not some["response"].count():
                continue
            found = compare(some, pair if is_pairwise else arms).get(arm, {})
            names = {"difference": "estimate", "p": "p"}
            row = {names[name]: found[name] for name in names if name in found}
            if found.get("difference_se", 0) > 0 and "p" in found:
                margin = stats.t.ppf(1 - alpha / 2, found["difference_df"]) * found["difference_se"]
                row |= {"lower": row["estimate"] - margin, "upper": row["estimate"] + margin}
            elif "difference_lower" in found:
                row |= {"lower": found["difference_lower"], "upper": found["difference_upper"]}
            show(visit_number=visit, arm=arm, analysis=analysis, **row)
"""


def program(
    study: Study,
    records: Records,
    data: Data,
    analyses: Sequence[tuple[str, str, str, bool]],
) -> str:
    """The program.

    Args:
        study: The study.
        records: The records at the visits shown, imputed ones among them.
        data: The same as arrays.
        analyses: Of each its label, its method, whether imputed rows are to be kept or dropped,
            and whether it takes one arm at a time.
    """
    functions = [
        recompute.function(methods.find(name), name.replace("-", "_")) for name in RECOMPUTED
    ]
    lines = [
        f"    ({label!r}, {name.replace('-', '_')}, {imputed!r}, {is_pairwise}),\n"
        for label, name, imputed, is_pairwise in analyses
        if name in RECOMPUTED
    ]
    return recompute.whole(
        study,
        records,
        f"{records.endpoint.title}, by several methods",
        "\n\n".join(functions) + "\n" + _LEFT_OUT
        + f"analyses = [\n{''.join(lines)}]\n" + _TAIL,
        data.covariates,
    )  # fmt: skip
