"""What is noted on the pilot study and on the built-in one, counted again without polars.

Each finding has been looked at: the pilot's lab datasets hold subjects without a visit before
treatment (01-703-1119 …), its questionnaires two visits in one window, which ANL01FL resolves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache

import polars as pl
import pytest

from tui.queries.notes import find
from tui.study.builtin import folder
from tui.study.open import open_study


@pytest.fixture(scope="module")
def found(pilot):
    return find(open_study(str(pilot)))


@pytest.fixture(scope="module")
def rows(pilot):
    @cache
    def read(name: str):
        return pl.read_parquet(pilot / f"{name}.parquet").to_dicts()

    return read


def test_the_pilot_contradicts_itself_nowhere(found):
    assert Counter(one.severity for one in found) == {"remark": 24}
    assert Counter(one.id for one in found) == {
        "missing-visits": 9,
        "no-baseline": 6,
        "imputed": 3,
        "resolved-duplicates": 3,
        "flag-drops-subjects": 2,
        "no-records": 1,
    }


def note(found, dataset, id):
    (one,) = [one for one in found if (one.dataset, one.id) == (dataset, id)]
    return one


@pytest.mark.parametrize(
    ("name", "counts"), [("adlbc", (318, 4)), ("adlbh", (591, 11)), ("advs", (102, 2))]
)
def test_rows_without_a_baseline_record(found, rows, name, counts):
    baselines, later = defaultdict(int), defaultdict(list)
    for row in rows(name):
        key = row["USUBJID"], row["PARAMCD"], row.get("BASETYPE")
        baselines[key] += row["ABLFL"] == "Y"
        measured = row["AVAL"] is not None and (row["AVISIT"] or "").strip()
        if measured and row["ABLFL"] != "Y" and (row["ADY"] is None or row["ADY"] > 1):
            later[key].append(row)
    having = Counter((code, kind) for (_, code, kind), n in baselines.items() if n)
    there = Counter((code, kind) for _, code, kind in baselines)
    alone = {
        key: len(later[key])
        for key, n in baselines.items()
        if not n and later[key] and having[key[1:]] > there[key[1:]] / 2
    }
    one = note(found, name.upper(), "no-baseline")
    assert (sum(alone.values()), len({key[0] for key in alone})) == counts
    assert (one.rows, one.subjects) == counts


@pytest.mark.parametrize(("name", "counts"), [("adadas", (339, 678, 24)), ("adcibc", (25, 50, 25))])
def test_duplicates_that_the_flag_resolves(found, rows, name, counts):
    visits = defaultdict(list)
    for row in rows(name):
        if row["AVAL"] is not None:
            key = ("USUBJID", "PARAMCD", "AVISITN", "DTYPE")
            visits[tuple(row[column] for column in key)].append(row["ANL01FL"])
    twice = {key: flags for key, flags in visits.items() if len(flags) > 1}
    assert all(flags.count("Y") <= 1 for flags in twice.values())
    one = note(found, name.upper(), "resolved-duplicates")
    total, subjects = sum(map(len, twice.values())), len({key[0] for key in twice})
    assert (len(twice), total, subjects) == counts
    assert (one.rows, one.subjects) == counts[1:]
    assert one.what.startswith(f"{counts[0]} subject-visits")


def test_subjects_whom_the_flag_of_the_lab_data_leaves_nothing(found, rows):
    marked = defaultdict(int)
    for row in rows("adlbc"):
        if row["AVAL"] is not None and (row["AVISIT"] or "").strip():
            marked[row["USUBJID"], row["PARAMCD"]] += row["ANL01FL"] == "Y"
    dropped = {subject for (subject, _), n in marked.items() if not n}
    kept = {subject for (subject, _), n in marked.items() if n}
    one = note(found, "ADLBC", "flag-drops-subjects")
    assert (len(dropped), len(dropped - kept)) == (9, 8)
    assert one.subjects == 9
    assert "for 9 of 254 subjects, of any endpoint for 8" in one.what


def test_imputed_rows_and_subjects_without_a_record(found, rows):
    locf = [row for row in rows("adadas") if row["DTYPE"] == "LOCF"]
    one = note(found, "ADADAS", "imputed")
    assert (one.rows, one.subjects) == (len(locf), len({row["USUBJID"] for row in locf}))
    assert (one.rows, one.subjects) == (241, 127)
    there = {row["USUBJID"] for row in rows("adcibc")}
    assert note(found, "ADCIBC", "no-records").subjects == 254 - len(there) == 18


def test_missing_visits_are_those_of_the_table(found, rows):
    arms = {row["USUBJID"]: row["TRT01P"] for row in rows("adsl")}
    there = {
        (row["USUBJID"], row["AVISITN"])
        for row in rows("adadas")
        if row["PARAMCD"] == "ACITM01" and row["ANL01FL"] == "Y" and row["AVAL"] is not None
    }
    one = note(found, "ADADAS", "missing-visits")
    assert one.rows == len(arms) * 4 - len(there)
    lacking = Counter(arm for name, arm in arms.items() if (name, 16.0) not in there)
    assert lacking == {
        "Placebo": 18,
        "Xanomeline Low Dose": 42,
        "Xanomeline High Dose": 44,
    }
    assert "18 of 86 Placebo, 42 of 84 Xanomeline Low Dose, 44 of 84" in one.what


def test_the_reconstruction_lacks_nothing_but_its_seven_missed_visits():
    """Its README lists them: at weeks 1, 2 and 4; of antibodies week 4 alone is a visit."""
    found = find(open_study(str(folder())))
    assert [(one.dataset, one.id, one.rows, one.subjects) for one in found] == [
        ("ADIS", "missing-visits", 2, 2),
        ("ADLB", "missing-visits", 7, 7),
        ("ADVS", "missing-visits", 7, 7),
    ]
