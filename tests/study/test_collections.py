"""Four real collections, two of ADaM and two of SDTM, opened as they are: no question fails."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tui.analyses.answer import Question
from tui.analyses.session import KINDS, Session
from tui.errors import TrialdeckError
from tui.report.formats import as_json
from tui.selection import parse
from tui.study.open import open_study

FINDINGS = {
    "cdiscpilotadam": {
        "ADADAS": 15, "ADCIBC": 1, "ADLBC": 18, "ADLBCPV": 18, "ADLBH": 17, "ADLBHPV": 17,
        "ADLBHY": 6, "ADNPIX": 14, "ADVS": 6,
    },
    "pharmaverseadam": {
        "ADAB": 22, "ADAPET_NEURO": 7, "ADBCVA_OPHTHA": 4, "ADCOEQ_METABOLIC": 25, "ADEG": 8,
        "ADEX": 19, "ADFACE_VACCINE": 30, "ADIS_VACCINE": 16, "ADLB": 47, "ADLBHY": 4,
        "ADLB_METABOLIC": 11, "ADLB_NEURO": 6, "ADNV_NEURO": 2, "ADOE_OPHTHA": 8, "ADPC": 2,
        "ADPP": 10, "ADPPK": 2, "ADRS_ONCO": 13, "ADTPET_NEURO": 2, "ADTR_ONCO": 11,
        "ADVFQ_OPHTHA": 81, "ADVS": 9, "ADVS_METABOLIC": 10, "ADVS_PEDS": 14,
    },
    "cdiscpilotsdtm": {
        "LBCH": 18, "LBHE": 18, "LBUR": 7, "QSCO": 15, "QSDA": 40, "QSGI": 1, "QSHI": 13,
        "QSMM": 6, "QSNI": 61, "SC": 1, "VS": 6,
    },
    "pharmaversesdtm": {
        "EG": 4, "FACE_VACCINE": 17, "IS_ADA": 2, "IS_VACCINE": 4, "LB": 47, "LB_METABOLIC": 9,
        "LB_NEURO": 5, "LB_ONCO_PCWG3": 1, "MB": 13, "MS": 21, "NV_NEURO": 9, "OE_OPHTHA": 12,
        "PC": 2, "PP": 10, "QS_METABOLIC": 21, "QS_OPHTHA": 29, "RS_ONCO": 12, "RS_ONCO_CA125": 3,
        "RS_ONCO_IMWG": 1, "RS_ONCO_IRECIST": 6, "RS_ONCO_LYMPHOMA": 2, "RS_ONCO_PCWG3": 3,
        "RS_ONCO_RECIST": 3, "SC_OPHTHA": 1, "TR_ONCO": 15, "TR_ONCO_RECIST": 9, "TU_ONCO": 3,
        "TU_ONCO_RECIST": 3, "VS": 6, "VS_METABOLIC": 9, "VS_PEDS": 4, "VS_VACCINE": 1,
    },
}  # fmt: skip
"""Endpoints of every findings dataset: 112, 363, 186 and 287 in all."""


@pytest.fixture(scope="module")
def opened(pilot):
    return cache(lambda name: Session(open_study(str(pilot.parent / name))))


def ask(session, kind, endpoint=None, **more):
    """The answer, or None where the question is refused with a sentence."""
    line = f"endpoint='{endpoint}'" if endpoint else ""
    said = ""
    try:
        return session.answer(Question(kind, parse(line), **more))
    except TrialdeckError as error:
        said = str(error)
    assert said.endswith(".")
    return None


@pytest.mark.parametrize("folder", FINDINGS)
def test_every_findings_dataset_is_recognized(folder, opened):
    found = {}
    for endpoint in opened(folder).study.endpoints:
        found[endpoint.dataset.name] = found.get(endpoint.dataset.name, 0) + 1
    assert found == FINDINGS[folder]


@pytest.mark.parametrize("folder", FINDINGS)
def test_every_dataset_is_listed_with_its_part_and_why(folder, opened):
    session = opened(folder)
    rows = [row for row in ask(session, "study").rows if row.section == "dataset"]
    files = {one.stem.upper() for one in session.study.path.glob("*.parquet")}
    assert {row.name for row in rows} == files
    assert all(row.label and row.why for row in rows)


@pytest.mark.parametrize(
    ("folder", "dataset"), [(folder, one) for folder in FINDINGS for one in FINDINGS[folder]]
)
def test_every_endpoint_gives_a_table_or_a_sentence(folder, dataset, opened):
    session = opened(folder)
    for endpoint in session.study.endpoints:
        if endpoint.dataset.name == dataset:
            answer = ask(session, "visits", endpoint.key)
            if answer is not None:
                check(answer)


@pytest.mark.parametrize("folder", FINDINGS)
def test_every_time_to_event_gives_curves_or_a_sentence(folder, opened):
    session = opened(folder)
    for endpoint in session.study.time_to_event:
        answer = ask(session, "survival", endpoint.key)
        assert answer is None or as_json(answer)


@pytest.mark.parametrize("folder", FINDINGS)
def test_what_is_shown_first_has_numbers(folder, opened):
    answer = opened(folder).answer(Question("visits"))
    assert any(row.n for row in answer.rows)


@pytest.mark.parametrize("folder", FINDINGS)
@pytest.mark.parametrize("kind", [one for one in KINDS if one not in ("subject", "survival")])
def test_every_other_question_has_an_answer_or_a_sentence(folder, kind, opened):
    """Of the endpoint that is shown first; a subject's page stands below."""
    answer = ask(opened(folder), kind)
    assert answer is None or as_json(answer)


@pytest.mark.parametrize("folder", FINDINGS)
@pytest.mark.parametrize("kind", ["events", "incidence"])
def test_adverse_events_are_found(folder, kind, opened):
    assert ask(opened(folder), kind).rows


@pytest.mark.parametrize("folder", FINDINGS)
def test_a_subject_of_each_arm_has_a_page(folder, opened):
    session = opened(folder)
    rows, column = session.study.subject_rows, session.study.arm_columns["planned"]
    for arm in session.study.arms:
        name = rows.filter(rows[column] == arm.label)["USUBJID"][0]
        assert ask(session, "subject", subject=name).rows


def check(answer):
    """What holds for any table of visits, however poor the data."""
    assert parse(str(answer.selection)) == answer.selection
    rows = json.loads(as_json(answer), parse_constant=pytest.fail)["rows"]
    assert rows or any("no record is left" in text for text in answer.notes)
    numbers = [one.rows for one in answer.funnel]
    assert numbers == sorted(numbers, reverse=True)
    assert sum(row["n"] for row in rows) == numbers[-1]
    for row in rows:
        cell = answer.selection.endpoint, row["visit"], row["arm"]
        if row["is_reference"]:
            assert row["difference"] is row["p"] is None, cell
        else:
            assert (row["p"] is None) == bool(row["not_estimable"]), cell
            assert row["difference"] is not None or row["not_estimable"], cell
        if row["p"] is not None:
            assert 0 <= row["p"] <= 1, cell
            assert row["difference_lower"] <= row["difference"] <= row["difference_upper"], cell
        if row["n"]:
            middle = [row[name] for name in ("min", "q1", "median", "q3", "max")]
            assert middle == sorted(middle), cell
