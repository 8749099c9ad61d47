"""The records of a selection as the arrays that methods and models take."""

from __future__ import annotations

import numpy as np

from tui.analyses.methods.method import Data, Options
from tui.queries import covariates
from tui.queries.records import Records
from tui.stats.arrays import Floats, Ints


def method_data(records: Records, alpha: float) -> Data:
    """One entry a record."""
    chosen, frame = records.selection, records.frame
    extra = covariates.of_records(frame, records.people, chosen.covariates)
    strata = covariates.strata(frame, records.people, chosen.strata)
    return Data(
        response=_floats(records, "change" if chosen.value == "CHG" else "value"),
        base=_floats(records, "base"),
        baseline=frame["baseline"].to_numpy(),
        subject=_ints(records, "subject"),
        visit=_ints(records, "visit"),
        arm=_ints(records, "arm"),
        visits=tuple(visit.label for visit in records.visits),
        arms=tuple(arm.label for arm in records.arms),
        reference=records.arms.index(records.people.reference),
        numeric=extra.numeric.to_numpy()
        .astype(np.float64)
        .reshape(frame.height, extra.numeric.width),
        factors=tuple(extra.classes[name].to_numpy() for name in extra.classes.columns),
        response_name=str(chosen.value),
        covariates=extra.names,
        has_base=records.has_base,
        strata=strata.to_numpy().astype(np.int64),
        strata_names=chosen.strata or (),
        alpha=alpha,
        options=Options(
            **{
                name: value
                for name in ("weights", "df", "covariance", "likelihood")
                if (value := getattr(chosen, name)) is not None
            }
        ),
    )


def _floats(records: Records, column: str) -> Floats:
    values: Floats = records.frame[column].fill_null(float("nan")).to_numpy()
    return values


def _ints(records: Records, column: str) -> Ints:
    """Codes as they are; identifiers as a code each."""
    series = records.frame[column]
    codes = series if series.dtype.is_numeric() else series.rank("dense")
    return codes.to_numpy().astype(np.int64)
