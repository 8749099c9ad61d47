"""A row of the tests."""

from __future__ import annotations

from dataclasses import dataclass


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
