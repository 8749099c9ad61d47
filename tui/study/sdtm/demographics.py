"""DM as the subject level: arms without screen failures, populations, and the order of the arms."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import polars as pl

from tui.study import files
from tui.study.model import Dataset, Derived
from tui.study.roles import SUBJECT
from tui.study.sdtm import dates, supplemental

ARMS = {"TRT01P": "ARM", "TRT01A": "ACTARM"}
"""The planned and the actual arm: ADaM's names, and SDTM's."""

NO_ARM = ("SCREEN FAILURE", "NOT ASSIGNED", "NOT TREATED", "UNPLANNED TREATMENT")
"""What SDTMIG up to 3.2 writes where there is no arm; since 3.3 it is empty."""

_POPULATIONS = {
    "ITT": "ITTFL",
    "SAFETY": "SAFFL",
    "EFFICACY": "EFFFL",
    "FULLSET": "FASFL",
    "PPROT": "PPROTFL",
    "COMPLT": "COMPLFL",
}
"""SDTMIG's names of the population flags in SUPPDM, and ADaM's; EFFICACY is the pilot study's."""


def derived(subjects: Dataset, datasets: Sequence[Dataset]) -> Dataset:
    """DM with the columns that ADaM's subject level has."""
    rows = files.collect(subjects, files.scan(subjects))
    exposure = _exposure(datasets)
    joined = supplemental.of("DM", datasets)
    found = [
        *_arms(subjects, rows, exposure),
        *_first_dose(rows, exposure),
        *_qualifiers(subjects, joined),
    ]
    found += _populations(rows, found)
    stated = {one.name for one in subjects.derived}
    found = [one for one in found if one.name not in stated]
    names = ", ".join(name for name, _ in joined)
    why = f"SDTM demographics; {subjects.why}" + (f"; {names} joined" if names else "")
    return dataclasses.replace(subjects, why=why, derived=(*subjects.derived, *found))


def remarks(rows: pl.DataFrame, name: str) -> tuple[str, ...]:
    """How many subjects are in no arm, and what DM writes there."""
    said = []
    for ours, source in ARMS.items():
        if {ours, source} <= set(rows.columns) and rows[ours].null_count():
            without = rows.filter(pl.col(ours).is_null())
            words = without[source].cast(pl.String).drop_nulls().unique().sort().to_list()
            kind = "planned" if ours == "TRT01P" else "actual"
            named = f" ({source} {', '.join(words)})" if words else ""
            said.append(
                f"{without.height} of {rows.height} subjects in {name} have no {kind} "
                f"arm{named} and are in no table."
            )
    return tuple(said)


def _exposure(datasets: Sequence[Dataset]) -> pl.DataFrame | None:
    """Of each subject with a record in EX: the first day of a dose, and the highest dose."""
    frames = []
    for one in datasets:
        if one.has(SUBJECT, "EXTRT", "EXSTDTC"):
            dose = pl.col("EXDOSE") if one.has("EXDOSE") else pl.lit(None)
            start = pl.col("EXSTDTC").cast(pl.String).replace("", None)
            query = files.scan(one).select(
                pl.col(SUBJECT).cast(pl.String),
                start.alias("start"),
                dose.cast(pl.Float64, strict=False).alias("dose"),
            )
            frames.append(files.collect(one, query))
    if not frames:
        return None
    return pl.concat(frames).group_by(SUBJECT).agg(pl.col("start").min(), pl.col("dose").max())


def _arms(
    subjects: Dataset, rows: pl.DataFrame, exposure: pl.DataFrame | None
) -> Iterator[Derived]:
    """The arms, and the highest dose given in each as its code where all differ in it."""
    codes = _doses(rows, exposure)
    for ours, source in ARMS.items():
        if subjects.has(source):
            label = pl.col(source).cast(pl.String).str.strip_chars()
            there = ~label.str.to_uppercase().is_in(NO_ARM) & (label != "")
            yield Derived(
                ours,
                pl.when(there).then(label),
                f"{ours} is {source} where that is an arm",
            )
            if codes:
                yield Derived(
                    f"{ours}N",
                    pl.col(ours).replace_strict(codes, default=None, return_dtype=pl.Float64),
                    f"{ours}N is the highest EXDOSE in the arm",
                )


def _doses(rows: pl.DataFrame, exposure: pl.DataFrame | None) -> dict[str, float]:
    """The highest dose of each arm as given; nothing where they do not order all the arms."""
    given = "ACTARM" if "ACTARM" in rows.columns else "ARM"
    if exposure is None or given not in rows.columns:
        return {}
    there = [name for name in ARMS.values() if name in rows.columns]
    label = pl.col(*there).cast(pl.String).str.strip_chars()
    labels = rows.select(SUBJECT, label)
    doses = (
        labels.join(exposure, on=SUBJECT)
        .drop_nulls([given, "dose"])
        .group_by(given)
        .agg(pl.col("dose").max())
    )
    codes = dict(doses.rows())
    named = {one for name in there for one in labels[name].drop_nulls()}
    arms = {one for one in named if one and one.upper() not in NO_ARM}
    return codes if len(set(codes.values())) == len(codes) and arms == set(codes) else {}


def _first_dose(rows: pl.DataFrame, exposure: pl.DataFrame | None) -> Iterator[Derived]:
    """The first dose from EX where DM does not say it."""
    if exposure is None or dates.reference(rows, ("RFXSTDTC",)):
        return
    known = exposure.drop_nulls("start")
    looked_up = (
        pl.col(SUBJECT)
        .cast(pl.String)
        .replace_strict(known[SUBJECT], known["start"], default=None, return_dtype=pl.String)
    )
    yield Derived("RFXSTDTC", looked_up, "RFXSTDTC is the first EXSTDTC of EX")


def _qualifiers(subjects: Dataset, joined: Sequence[tuple[str, pl.DataFrame]]) -> Iterator[Derived]:
    """Each qualifier of SUPPDM as a column under its own name, population flags under ADaM's."""
    taken = set(subjects.schema)
    for name, frame in joined:
        for qualifier in frame["QNAM"].unique(maintain_order=True):
            column = _POPULATIONS.get(qualifier.upper(), qualifier.upper())
            if column in taken:
                continue
            taken.add(column)
            own = frame.filter(QNAM=qualifier).unique(SUBJECT, keep="first")
            looked_up = (
                pl.col(SUBJECT)
                .cast(pl.String)
                .replace_strict(own[SUBJECT], own["QVAL"], default=None, return_dtype=pl.String)
            )
            said = f"{column} is {qualifier} of {name}" if column != qualifier else ""
            yield Derived(column, looked_up, said)


def _populations(rows: pl.DataFrame, found: Sequence[Derived]) -> Iterator[Derived]:
    """Who was treated and who has an arm, where SUPPDM does not say it."""
    there = {*rows.columns, *(one.name for one in found)}
    if "SAFFL" not in there and "RFXSTDTC" in there:
        treated = pl.col("RFXSTDTC").cast(pl.String).str.strip_chars() != ""
        flag = pl.when(treated).then(pl.lit("Y")).otherwise(pl.lit("N"))
        yield Derived("SAFFL", flag, "SAFFL is derived: RFXSTDTC is there")
    if not there & {"ITTFL", "FASFL", "RANDFL"} and "TRT01P" in there:
        flag = pl.when(pl.col("TRT01P").is_not_null()).then(pl.lit("Y")).otherwise(pl.lit("N"))
        yield Derived("RANDFL", flag, "RANDFL is derived: ARM is an arm")
