"""The subjects in force: population, `where`, and the arm of each, with their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from tui.errors import SelectionError, one_of
from tui.queries import match, where
from tui.queries.funnel import Funnel
from tui.selection import Selection
from tui.study.model import Arm, Dataset, Endpoint, Study
from tui.study.roles import SUBJECT

EVERYONE = "all"

FIELDS = ("population", "arm", "where", "arms", "reference")
"""Fields of a selection that tell its subjects: two that have the same ones there have the same."""

_BY_CUSTOM = ("ITTFL", "FASFL", "MITTFL", "EFFFL", "SAFFL", "RANDFL")
"""Population flags in the order in which one is taken when the user names none."""


@dataclass(frozen=True)
class Subjects:
    """The subjects of an analysis.

    Attributes:
        population: The flag in force, or `all`.
        arm_kind: `planned` or `actual`.
        arms: The arms in the analysis that have subjects, in order.
        reference: The arm compared with.
        totals: Subjects of each arm, in the order of `arms`: the N of every percentage.
        frame: USUBJID, `arm` (position in `arms`), and all subject-level columns.
        rules: The rules in force, in order, each with the subjects (USUBJID) who meet it and
            those before it.
        notes: What was chosen for the user, in words.
    """

    population: str
    arm_kind: str
    arms: tuple[Arm, ...]
    reference: Arm
    totals: tuple[int, ...]
    frame: pl.DataFrame
    rules: tuple[tuple[str, pl.Series], ...]
    notes: tuple[str, ...]

    @cached_property
    def ordered(self) -> pl.DataFrame:
        """USUBJID and `arm`, in the order of USUBJID."""
        return self.frame.select(SUBJECT, "arm").drop_nulls(SUBJECT).sort(SUBJECT)

    @cached_property
    def place(self) -> pl.Expr:
        """Of a column `subject` the place in `ordered`; null where it is none of these.

        By codes, for a join would copy the rows. Kept, for 20,000 codes take 1 ms to be told.
        """
        codes = pl.col("subject").cast(pl.Enum(self.ordered[SUBJECT]), strict=False)
        return codes.to_physical().cast(pl.get_index_type())


def subjects(
    study: Study, selection: Selection, dataset: Dataset | None = None, safety: bool = False
) -> Subjects:
    """The subjects that a selection speaks of.

    Args:
        study: The study.
        selection: The selection.
        dataset: The dataset under analysis; its own flags say which population it is made for.
        safety: Whether the question is one of safety: then SAFFL and the actual arm by default.
    """
    flag, note = _population(study, selection, dataset, safety)
    kind = selection.arm or ("actual" if safety or flag.startswith("SAF") else "planned")
    frame = _subject_level(study, study.arm_columns[kind])
    rules = []
    if flag != EVERYONE:
        frame = frame.filter(pl.col(flag).cast(pl.String) == "Y")
        rules.append((f"{flag} = Y", frame[SUBJECT]))
    if selection.where:
        conditions = where.parse(selection.where)
        frame = frame.filter(where.mask(frame, conditions))
        rules.append((f"where {' '.join(map(str, conditions))}", frame[SUBJECT]))
    arms, reference, remarks = _arms(study, selection, frame)
    if arms != study.arms:
        place = {arm.order: position for position, arm in enumerate(arms)}
        frame = frame.with_columns(
            pl.col("arm").replace_strict(place, default=None, return_dtype=pl.Int32)
        )
    frame = frame.filter(pl.col("arm").is_not_null())
    totals = frame.group_by("arm").len()
    counts = dict(totals.rows())
    return Subjects(
        population=flag,
        arm_kind=kind,
        arms=arms,
        reference=reference,
        totals=tuple(counts.get(position, 0) for position in range(len(arms))),
        frame=frame,
        rules=tuple(rules),
        notes=(*filter(None, [note]), *study.subjects.derivations, *remarks),
    )


def _subject_level(study: Study, column: str) -> pl.DataFrame:
    """The subject level with `arm`, the position in all arms of what a column of it says."""
    orders = {arm.label: arm.order for arm in study.arms}
    said = pl.col(column).cast(pl.String).str.strip_chars()
    return study.subject_rows.with_columns_seq(
        pl.col(SUBJECT).cast(pl.String),
        said.replace_strict(orders, default=None, return_dtype=pl.Int32).alias("arm"),
    )


def _population(
    study: Study, selection: Selection, dataset: Dataset | None, safety: bool
) -> tuple[str, str | None]:
    """The population flag in force, and a note where it was chosen for the user."""
    flags = [one.flag for one in study.populations]
    if selection.population:
        wanted = selection.population.upper()
        if wanted == EVERYONE.upper():
            return EVERYONE, None
        for name in (wanted, f"{wanted}FL"):
            if name in study.subject_rows.columns and re.fullmatch(r"\w+FL", name):
                return name, None
        raise SelectionError(
            f"There is no population {selection.population!r}: "
            f"there is {one_of([*flags, EVERYONE])}."
        )
    if safety:
        safety_flag = next((flag for flag in flags if flag.startswith("SAF")), EVERYONE)
        if safety_flag == EVERYONE:
            return EVERYONE, f"{study.subjects.name} has no SAFFL: every subject counts."
        return safety_flag, None
    if study.file.population in flags:
        return str(study.file.population), None
    in_dataset = [flag for flag in _BY_CUSTOM if flag in flags and dataset and dataset.has(flag)]
    chosen = next(iter(in_dataset or [flag for flag in _BY_CUSTOM if flag in flags]), None)
    if chosen is None:
        return EVERYONE, f"{study.subjects.name} has no population flag: every subject counts."
    why = f"{dataset.name} has it" if dataset and in_dataset else "no other was asked for"
    return chosen, f"Population {chosen}, because {why}."


def _arms(
    study: Study, selection: Selection, frame: pl.DataFrame
) -> tuple[tuple[Arm, ...], Arm, tuple[str, ...]]:
    """The arms in the analysis and the reference among them."""
    present = set(frame["arm"].unique())
    notes: tuple[str, ...] = ()
    if selection.arms:
        wanted = {match.arm(study, name).order for name in selection.arms}
        arms = tuple(arm for arm in study.arms if arm.order in wanted)
    else:
        arms = tuple(arm for arm in study.arms if arm.order in present)
    if not arms:
        raise SelectionError("No subject is left: the population and the conditions exclude all.")
    if selection.reference:
        reference = match.arm(study, selection.reference)
        if reference not in arms:
            raise SelectionError(
                f"The reference {reference.label} is not among the arms shown: "
                f"{one_of([arm.label for arm in arms])}."
            )
        return arms, reference, notes
    if study.reference in arms:
        return arms, study.reference, notes
    if len(arms) > 1:
        notes = (f"{study.reference.label} is not shown: the reference is {arms[0].label}.",)
    return arms, arms[0], notes


def with_arm(frame: pl.DataFrame, people: Subjects, own: str | None) -> pl.DataFrame:
    """Rows with the arm of each: the dataset's own column where it has one.

    Their order stays; a row whose subject or arm is not in force has a null `arm`.
    `place` is the subject's among those in force, in the order of USUBJID.
    """
    # By expressions, which leave the pieces that the rows were read in: else all become one.
    frame = frame.with_columns_seq(place=people.place)
    if own is None:
        return frame.with_columns_seq(arm=people.ordered["arm"].gather(frame["place"]))
    # Told apart one after the other: as codes of their own they take five times as long.
    arm = pl.lit(None, pl.Int32)
    for position, one in enumerate(people.arms):
        arm = pl.when(pl.col(own) == one.label).then(pl.lit(position, pl.Int32)).otherwise(arm)
    if frame["place"].has_nulls():
        arm = pl.when(pl.col("place").is_not_null()).then(arm)
    return frame.with_columns_seq(arm=arm)


def of_endpoint(study: Study, endpoint: Endpoint, frame: pl.DataFrame, people: Subjects) -> Funnel:
    """An endpoint's rows with the arm of each, of the subjects in force; each rule by itself.

    The frame has `subject`, and `planned` and `actual` arms by label where the dataset has them.
    """
    own = {"planned": "TRTP", "actual": "TRTA"}[people.arm_kind]
    joined = with_arm(frame, people, people.arm_kind if endpoint.dataset.has(own) else None)
    funnel = Funnel(joined, f"{endpoint.code} in {endpoint.dataset.name}")
    keep_subjects(funnel, study, people)
    return funnel


def keep_subjects(funnel: Funnel, study: Study, people: Subjects) -> None:
    """Keeps the rows of the subjects in force, each rule shown by itself."""
    everyone = not funnel.frame["place"].has_nulls()  # then all rows meet every rule

    def among(subjects: pl.Series) -> pl.Expr | None:
        return None if everyone else pl.col("subject").is_in(subjects.implode())

    known = study.subject_rows[SUBJECT].cast(pl.String)
    funnel.keep(f"subject in {study.subjects.name}", among(known), always=False)
    for rule, subjects in people.rules:
        funnel.keep(rule, among(subjects))
    labels = ", ".join(arm.label for arm in people.arms)
    funnel.keep(f"{people.arm_kind} arm {labels}", pl.col("arm").is_not_null())
