"""What is published of MSB-DM003, against the tables that the program prints of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tui.stats.proportions import fisher_p
from tui.validation.figures import Case, Figure, printed, read
from tui.validation.studies import builtin

WEEK_12 = "visits=12"
BELOW_8 = f'{WEEK_12} where="HBA1CBL<8"'


def cases() -> Iterator[Case]:
    """The cases, each named by what is compared."""
    file = read("msb-dm003")
    groups = {
        "subjects and baseline counts": _counts,
        "baseline means and SDs": _moments,
        "ANCOVA, difference from placebo": _differences,
        "responders, Fisher": _responders,
        "adverse events": _events,
    }
    source = "Skyler et al. 2015, Diabetes Care 38:1742; press release and news of the trial"
    for statistic, figures in groups.items():
        yield Case(statistic, "MSB-DM003 (reconstructed data)", source, partial(figures, file))


def _baseline(line: str = "") -> dict[tuple[str, str | None, str], Any]:
    rows = builtin().answer("baseline", line).rows
    return {(row.variable, row.level, row.arm): row for row in rows}


def _counts(file: Any) -> Iterator[Figure]:
    arms, table = file["arms"], _baseline()
    found = {row.arm: row.n for row in builtin().answer("arms").rows}
    for arm, size in zip(arms, file["size"]["by_arm"], strict=True):
        yield printed(f"N, {arm}", size, found[arm])
    yield printed("N", file["size"]["all"], sum(found.values()))
    for sex in ("M", "F"):
        yield printed(f"SEX {sex}", file["sex"][sex], table["SEX", sex, "Total"].n)
    for line in file["counts"]:
        for arm, count in zip(arms, line["by_arm"], strict=True):
            row = table[line["variable"], line["level"], arm]
            yield printed(f"{line['variable']} {line['level']}, {arm}", count, row.n)
    for arm, text in zip(arms, file["hba1c_below_8"]["by_arm"], strict=True):
        count, percent = text.removesuffix("%)").split(" (")
        row = table["HBA1CGR1", "<8%", arm]
        yield printed(f"HbA1c below 8 %, {arm}, n", count, row.n)
        yield printed(f"HbA1c below 8 %, {arm}, percent", percent, row.percent)


def _moments(file: Any) -> Iterator[Figure]:
    table = _baseline()
    for line in file["moments"]:
        for arm, text in zip(file["arms"], line["by_arm"], strict=True):
            yield from _mean_sd(f"{line['variable']}, {arm}", text, table, (line["variable"], arm))
    for line in file["overall"]:
        where = line["variable"], "Total"
        yield from _mean_sd(f"{line['variable']}, all", line["printed"], table, where)
    in_mmol, figure = _baseline("unit=mmol/mol"), file["hba1c_mmol"]
    whole = f"{figure['mean']} ± {figure['sd']}"
    yield from _mean_sd("HbA1c mmol/mol, all", whole, in_mmol, ("HBA1C", "Total"))
    by_arm = zip(file["arms"], figure["mean_by_arm"], figure["sd_by_arm"], strict=True)
    for arm, mean, sd in by_arm:
        text = f"{mean} ± {sd}"
        yield from _mean_sd(f"HbA1c mmol/mol, {arm}", text, in_mmol, ("HBA1C", arm))


def _mean_sd(name: str, text: str, table: Any, where: tuple[str, str]) -> Iterator[Figure]:
    """Two figures out of "8.2 ± 0.8"."""
    variable, arm = where
    row = table[variable, None, arm]
    mean, sd = text.split(" ± ")
    yield printed(f"{name}, mean", mean, row.mean)
    yield printed(f"{name}, SD", sd, row.sd)


def _differences(file: Any) -> Iterator[Figure]:
    cells = {unit: builtin().cells(f"unit={unit}") for unit in ("%", "mmol/mol")}
    for figure in file["differences"]:
        row = cells[figure["unit"]][figure["visit"], figure["arm"]]
        name = f"week {figure['visit']}, {figure['arm']}, {figure['unit']}"
        yield printed(f"{name}, difference", figure["estimate"], row["difference"])
        yield printed(f"{name}, SE", figure["se"], row["difference_se"])
        if "p" in figure:
            yield printed(f"{name}, p", figure["p"], row["p"])
    figure = file["week_8_of_baseline_from_8"]
    row = builtin().cells('visits=8 where="HBA1CBL>=8"')[8, figure["arm"]]
    name = f"week 8, {figure['arm']}, baseline from 8 %, difference"
    yield printed(name, figure["estimate"], row["difference"])


def _responders(file: Any) -> Iterator[Figure]:
    groups = {
        "below_7_at_week_12": ("HbA1c below 7 % at week 12", WEEK_12),
        "below_7_at_week_12_of_baseline_below_8": ("the same, baseline below 8 %", BELOW_8),
    }
    for key, (name, line) in groups.items():
        rows, figure = builtin().answer("values", line).rows, file[key]
        counts: list[int] = []
        for arm in ("2.0 M/kg", "Placebo"):
            values = [row.value for row in rows if row.arm == arm]
            found = sum(value < 7 for value in values), len(values)
            for what, published, computed in zip(("n", "N"), figure[arm], found, strict=True):
                yield printed(f"{name}, {arm}, {what}", published, computed)
            counts += found
        yield printed(f"{name}, Fisher p", figure["fisher"], fisher_p(*counts))


def _events(file: Any) -> Iterator[Figure]:
    rows = builtin().answer("incidence").rows
    for event in file["events"]:
        found = sum(row.n for row in rows if row.term == event["term"])
        yield printed(f"{event['term']}, subjects", event["subjects"], found)
