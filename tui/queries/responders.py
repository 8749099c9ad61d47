"""Who responds: a threshold on the value or the change, parsed and never evaluated."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import polars as pl

from tui.errors import SelectionError
from tui.queries import covariates
from tui.queries.records import Records
from tui.queries.units import conversion
from tui.study.model import Endpoint
from tui.study.roles import SUBJECT

_THRESHOLD = re.compile(r"\s*([\w.]+)\s*(<=|>=|<|>)\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*")
_COLUMNS = {"value": "value", "aval": "value", "change": "change", "chg": "change"}

_SAME = 1e-9
"""Values this close to a limit are the limit: 7.3 - 7.8 is -0.4999999999999999 in a computer."""


@dataclass(frozen=True)
class Threshold:
    """What makes a responder: `column` (value or change) on one side of `limit`."""

    column: str
    operator: str
    limit: float

    def __str__(self) -> str:
        """As it is written: `value<7`."""
        return f"{self.column}{self.operator}{self.limit:.10g}"

    def met(self) -> pl.Expr:
        """Whether a row of the records meets it; null where the column is missing."""
        near = _SAME * max(1.0, abs(self.limit))
        below = pl.col(self.column) - self.limit
        if self.operator.endswith("="):
            return below <= near if self.operator == "<=" else below >= -near
        return below < -near if self.operator == "<" else below > near


def threshold(records: Records) -> tuple[Threshold, str | None]:
    """The threshold in force, in the unit in force, and a note where it was chosen.

    Raises:
        SelectionError: when none is asked for and the study states no target, or when what is
            asked for means nothing here.
    """
    endpoint, text = records.endpoint, records.selection.responder
    if text is not None:
        asked = parse(text, endpoint)
        if asked.column == "change" and not records.has_base:
            raise SelectionError(
                f"{endpoint.dataset.name} has no baseline of {endpoint.code}, so nobody has a "
                "change: write a threshold of the value, such as value<7."
            )
        return asked, None
    if endpoint.target is None:
        raise SelectionError(
            f"Who is a responder? study.toml states no target for {endpoint.code}: say "
            'responder="value<7" or responder="change<=-0.5".'
        )
    slope, intercept = conversion(endpoint, records.unit)
    target = Threshold("value", "<", endpoint.target * slope + intercept)
    own = f"{endpoint.target:g} {endpoint.unit}".strip()
    converted = f", which is {target.limit:.10g} {records.unit}" if slope != 1 else ""
    return target, (
        f"A responder has {target}: the target of {own} that study.toml states{converted}."
    )


def parse(text: str, endpoint: Endpoint) -> Threshold:
    """The threshold that a text such as `change<=-0.5` or `HbA1c < 7` says."""
    match = _THRESHOLD.fullmatch(text)
    limit = _number(match[3]) if match else None
    if match is None or limit is None:
        raise SelectionError(
            f"{text!r} is no threshold: write value, change or {endpoint.code}, then <, <=, > or "
            ">=, then a number, as in value<7 or change<=-0.5."
        )
    name = match[1].lower()
    own = (endpoint.code.lower(), endpoint.key.lower())
    column = "value" if name in own else _COLUMNS.get(name)
    if column is None:
        raise SelectionError(
            f"A responder has a value or a change of {endpoint.code}: {match[1]!r} is neither. "
            "Write value<7 or change<=-0.5."
        )
    return Threshold(column, match[2], limit)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:  # 1.2.3
        return None
    return number if math.isfinite(number) else None


def outcomes(records: Records, visits: list[int], rule: Threshold) -> pl.DataFrame:
    """One row a subject in force and visit: `visit`, `arm`, `stratum`, `seen` and `responded`.

    The arm is that of the record, and of the subject where there is none: so that each arm has as
    many rows as subjects in force.
    """
    people = records.people.frame.select(pl.col(SUBJECT).alias("subject"), pl.col("arm"))
    seen = records.frame.filter(~pl.col("baseline")).select(
        "subject", "visit", pl.col("arm").alias("own"), rule.met().alias("met")
    )
    everyone = (
        pl.DataFrame({"visit": visits}, schema={"visit": pl.Int32})
        .join(people, how="cross")
        .join(seen, on=["subject", "visit"], how="left", maintain_order="left")
    )
    return everyone.select(
        "visit",
        pl.coalesce("own", "arm").alias("arm"),
        covariates.strata(everyone, records.people, records.selection.strata).alias("stratum"),
        pl.col("met").is_not_null().alias("seen"),
        pl.col("met").fill_null(value=False).alias("responded"),
    )
