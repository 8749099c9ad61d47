"""Write the datasets of the reconstruction of MSB-DM003 from the published figures.

    python data/msb-dm003/make.py [--to DIR]

The seed is fixed, so every run writes the same bytes. README.md says what is published, what is
reconstructed, and how.
"""

import argparse
import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import measures
import published as pub
from chance import Chance
from events import Event, all_events
from hba1c import hba1c
from published import ARMS
from subjects import Subject, all_subjects
from visits import WEEKS, Missed, Values, missed_visits, visit_days

Row = dict[str, str]

LABS = {
    "HBA1C": ("Hemoglobin A1c (%)", 10),
    "GLUC": ("Fasting Plasma Glucose (mg/dL)", 1),
    "INSULIN": ("Fasting Insulin (uIU/mL)", 10),
}
VITALS = {
    "WEIGHT": ("Weight (kg)", 10),
    "SYSBP": ("Systolic Blood Pressure (mmHg)", 1),
    "DIABP": ("Diastolic Blood Pressure (mmHg)", 1),
}
ANTIBODIES = {
    "HLA1": "Anti-HLA Antibodies, Class I",
    "HLA2": "Anti-HLA Antibodies, Class II",
    "DSA": "Donor-Specific Anti-HLA Antibodies",
}
ANTIBODY_WEEKS = (0, 4, 12)  # not published
POSITIVE_AT_BASELINE = {"HLA1": 4, "HLA2": 3, "DSA": 0}  # not published, save for DSA (A)


def number(value: int, scale: int) -> str:
    """Write a value given in units of 1/scale: 1 or tenths."""
    if scale == 1:
        return str(value)
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 10}.{abs(value) % 10}"


def calendar(subject: Subject, day: int) -> str:
    """Return the ISO date of a study day; day 1 is the infusion, and there is no day 0."""
    return (subject.infusion + timedelta(days=day - 1 if day > 0 else day)).isoformat()


def usubjid(subject: Subject) -> str:
    """Return the identifier of a subject within the study."""
    return f"{pub.STUDY}-{subject.number}"


def adsl_rows(subjects: list[Subject]) -> Iterator[Row]:
    """Yield one row for each subject."""
    for subject in subjects:
        arm = ARMS[subject.arm]
        yield {
            "STUDYID": pub.STUDY,
            "USUBJID": usubjid(subject),
            "SUBJID": subject.number,
            "SITEID": f"{subject.site:02d}",
            "COHORT": str(subject.cohort),
            "ARM": arm.label,
            "TRT01P": arm.label,
            "TRT01PN": arm.code,
            "TRT01A": arm.label,
            "TRT01AN": arm.code,
            "AGE": str(subject.age),
            "AGEU": "YEARS",
            "SEX": "M" if subject.male else "F",
            "RACE": subject.race,
            "HEIGHTBL": number(10 * subject.height, 10),
            "WEIGHTBL": number(subject.weight_tenths, 10),
            "BMIBL": number(subject.bmi_tenths, 10),
            "DURDIS": number(subject.duration_tenths, 10),
            "HBA1CBL": number(subject.hba1c_tenths, 10),
            "HBA1CGR1": "<8%" if subject.hba1c_tenths < 80 else ">=8%",
            "SAFFL": "Y",
            "ITTFL": "Y",
            "TRTSDT": subject.infusion.isoformat(),
            "EOSSTT": "COMPLETED",
            "ORIGIN": "reconstructed",
        }


def finding(subject: Subject, code: str, label: str, week: int, day: int) -> Row:
    """Return the columns all findings have in common, up to the study day."""
    arm = ARMS[subject.arm]
    return {
        "STUDYID": pub.STUDY,
        "USUBJID": usubjid(subject),
        "TRTP": arm.label,
        "TRTPN": arm.code,
        "TRTA": arm.label,
        "TRTAN": arm.code,
        "SAFFL": "Y",
        "ITTFL": "Y",
        "PARAMCD": code,
        "PARAM": label,
        "AVISIT": f"Week {week}" if week else "Baseline",
        "AVISITN": str(week),
        "ADT": calendar(subject, day),
        "ADY": str(day),
    }


def result(value: int, base: int, scale: int, week: int) -> Row:
    """Return a value with its baseline, its change and the flags."""
    return {
        "AVAL": number(value, scale),
        "BASE": number(base, scale),
        "CHG": number(value - base, scale) if week else "",
        "ABLFL": "" if week else "Y",
        "ANL01FL": "Y",
        "ORIGIN": "reconstructed",
    }


def measured_rows(
    subjects: list[Subject],
    order: list[int],
    days: dict[int, list[int]],
    missed: Missed,
    measured: dict[str, tuple[str, int, Values]],
) -> Iterator[Row]:
    """Yield a row for each subject, measurement and visit that took place."""
    for row in order:
        for code, (label, scale, values) in measured.items():
            for week in WEEKS:
                if (row, week) not in missed:
                    yield finding(subjects[row], code, label, week, days[week][row]) | result(
                        values[week][row], values[0][row], scale, week
                    )


def positives(subjects: list[Subject]) -> dict[str, set[int]]:
    """Choose who has antibodies, from baseline on: nobody becomes sensitized (A).

    They are women, pregnancy being the commonest cause, and no two of a class on the same arm.
    """
    chance = Chance("antibodies")
    chosen: dict[str, set[int]] = {}
    for code, count in POSITIVE_AT_BASELINE.items():
        by_arm: dict[int, int] = {}
        for row in chance.shuffled(list(range(len(subjects)))):
            if not subjects[row].male:
                by_arm.setdefault(subjects[row].arm, row)
        chosen[code] = set(list(by_arm.values())[:count])
    return chosen


def adis_rows(
    subjects: list[Subject], order: list[int], days: dict[int, list[int]], missed: Missed
) -> Iterator[Row]:
    """Yield the anti-HLA antibodies, which do not change."""
    positive = positives(subjects)
    for row in order:
        for code, label in ANTIBODIES.items():
            value = 1 if row in positive[code] else 0
            text = {"AVALC": "POSITIVE" if value else "NEGATIVE"}
            for week in ANTIBODY_WEEKS:
                if (row, week) not in missed:
                    start = finding(subjects[row], code, label, week, days[week][row])
                    yield start | text | result(value, value, 1, week)


def adae_rows(subjects: list[Subject], events: list[Event]) -> Iterator[Row]:
    """Yield the adverse events, numbered within each subject."""
    seen: dict[int, int] = {}
    for event in events:
        subject, kind = subjects[event.row], event.kind
        seen[event.row] = seen.get(event.row, 0) + 1
        over = event.end is not None
        yield {
            "STUDYID": pub.STUDY,
            "USUBJID": usubjid(subject),
            "TRTA": ARMS[subject.arm].label,
            "TRTAN": ARMS[subject.arm].code,
            "SAFFL": "Y",
            "AESEQ": str(seen[event.row]),
            "AETERM": kind.term,
            "AEDECOD": kind.decoded,
            "AEBODSYS": kind.system,
            "AESEV": kind.severity,
            "AESER": "N",
            "AEREL": event.related,
            "AEACN": "NOT APPLICABLE",
            "AEOUT": "RECOVERED/RESOLVED" if over else "NOT RECOVERED/NOT RESOLVED",
            "ASTDT": calendar(subject, event.start),
            "ASTDY": str(event.start),
            "AEHRINF": "" if event.hours is None else str(event.hours),
            "AENDT": "" if event.end is None else calendar(subject, event.end),
            "AENDY": "" if event.end is None else str(event.end),
            "TRTEMFL": "Y" if event.start > 0 else "",
            "ORIGIN": "published" if event.published else "reconstructed",
        }


def write(path: Path, rows: Iterator[Row]) -> None:
    """Write rows as CSV: UTF-8, LF, the columns of the first row."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


def build(folder: Path) -> None:
    """Make the study and write its datasets into a folder."""
    subjects = all_subjects()
    missed, days = missed_visits(), visit_days(subjects)
    order = sorted(range(len(subjects)), key=lambda row: subjects[row].number)
    glycated = hba1c(subjects, missed)
    systolic, diastolic = measures.pressure(missed)
    labs = (glycated, measures.glucose(glycated, missed), measures.insulin(subjects, missed))
    vitals = (measures.weight(subjects, missed), systolic, diastolic)
    adlb, advs = (
        {
            code: (label, scale, values)
            for (code, (label, scale)), values in zip(names.items(), measured, strict=True)
        }
        for names, measured in ((LABS, labs), (VITALS, vitals))
    )
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "adsl.csv", adsl_rows([subjects[row] for row in order]))
    write(folder / "adlb.csv", measured_rows(subjects, order, days, missed, adlb))
    write(folder / "advs.csv", measured_rows(subjects, order, days, missed, advs))
    write(folder / "adae.csv", adae_rows(subjects, all_events(subjects, days[12])))
    write(folder / "adis.csv", adis_rows(subjects, order, days, missed))


def main() -> None:
    """Read the command line and write the datasets."""
    parser = argparse.ArgumentParser(description="Write the datasets of the reconstruction.")
    here = Path(__file__).resolve().parent
    parser.add_argument("--to", type=Path, default=here, metavar="DIR", help="folder to write to")
    build(parser.parse_args().to)


if __name__ == "__main__":
    main()
