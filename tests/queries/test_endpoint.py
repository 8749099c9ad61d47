"""Endpoints, their units and their values, on studies of a few rows."""

from __future__ import annotations

import pytest

from tui.errors import SelectionError, StudyError

from .seen import PLAIN, TWICE, Select, Write, column, said, steps, values


def test_an_endpoint_of_two_datasets_is_the_one_with_more_rows_unless_it_is_named(
    study: Write, select: Select
) -> None:
    opened = study(adlb=PLAIN, adlc="USUBJID PARAMCD AVISITN AVAL\nP1 GLUC 4 1\nD1 GLUC 4 2")
    found = select(opened, "endpoint=gluc")
    assert found.endpoint.key == "ADLB.GLUC"
    assert said(found, "several datasets") == (
        "GLUC stands in several datasets; ADLB.GLUC has the most rows and is shown. "
        "Write ADLC.GLUC for the other."
    )
    assert values(select(opened, "endpoint=ADLC.GLUC"), 4) == {"P1": 1, "D1": 2}


HBA1C = """
    USUBJID PARAMCD PARAM              AVISIT   AVISITN AVAL BASE CHG ABLFL
    P1      HBA1C   Hemoglobin_A1c_(%) Baseline 0       7.0  7.0  -   Y
    P1      HBA1C   Hemoglobin_A1c_(%) Week_4   4       6.5  7.0  -0.5 -
    D1      HBA1C   Hemoglobin_A1c_(%) Baseline 0       8.3  8.3  -   Y
"""


def test_hba1c_in_mmol_mol_is_converted_by_the_master_equation(
    study: Write, select: Select
) -> None:
    found = select(study(adlb=HBA1C), "unit=mmol/mol")
    assert found.unit == found.selection.unit == "mmol/mol"
    assert [round(value) for value in column(found, "value", "P1")] == [53, 48]
    assert [round(value) for value in column(found, "base", "D1")] == [67]
    assert column(found, "change", "P1") == [None, pytest.approx(-0.5 * 10.93)]  # slope alone
    assert (found.decimals, select(study(adlb=HBA1C)).decimals) == (0, 1)


def test_hba1c_that_is_delivered_in_mmol_mol_is_shown_in_percent(
    study: Write, select: Select
) -> None:
    adlb = """
        USUBJID PARAMCD  PARAM             AVISIT AVISITN AVAL  BASE  CHG
        P1      HBA1CHGB HbA1c_(mmol/mol)  Week_4 4       53.01 58.475 -5.465
    """
    found = select(study(adlb=adlb), "unit=%")
    assert column(found, "value", "P1") == [pytest.approx(7.0)]
    assert column(found, "change", "P1") == [pytest.approx(-0.5)]
    assert found.decimals == 1


@pytest.mark.parametrize("unit", ["mg/dL", "mmol"])
def test_a_unit_that_an_endpoint_cannot_have_is_an_error(
    study: Write, select: Select, unit: str
) -> None:
    with pytest.raises(SelectionError) as error:
        select(study(adlb=HBA1C), f"unit={unit}")
    assert str(error.value) == f"HBA1C cannot be shown in {unit}: its unit is % or mmol/mol."


@pytest.mark.parametrize("column_name", ["AVAL", "BASE", "CHG", "AVISITN", "ADY"])
def test_a_number_that_is_none_is_an_error_with_file_column_and_row(
    study: Write, select: Select, column_name: str
) -> None:
    lines = [line.split() for line in TWICE.strip().splitlines()]
    lines[3][lines[0].index(column_name)] = ">10"
    opened = study(adlb="\n".join(" ".join(line) for line in lines))
    with pytest.raises(StudyError) as error:
        select(opened)
    assert str(error.value) == f"adlb.csv: column {column_name}, row 3: '>10' is not a number."


def test_a_value_that_is_missing_as_r_writes_it_is_missing(study: Write, select: Select) -> None:
    found = select(study(adlb=PLAIN.replace("104  100  4", "NA   100  NA")))
    assert values(found, 4) == {"P2": 119, "D1": 101, "D2": 92}
    assert ("AVAL present", 7, 4) in steps(found)


def test_records_keep_the_place_they_have_in_their_file(study: Write, select: Select) -> None:
    found = select(study(adlb=PLAIN), "visits=4")
    assert dict(found.frame.select("subject", "row").rows()) == {"P1": 2, "P2": 4, "D1": 6, "D2": 8}


def test_records_do_not_depend_on_the_order_of_the_rows_in_the_file(
    study: Write, select: Select
) -> None:
    first = select(study(adlb=PLAIN)).frame.drop("row")
    header, *rows = PLAIN.strip().splitlines()
    again = select(study(adlb="\n".join([header, *reversed(rows)]))).frame.drop("row")
    assert again.equals(first)
