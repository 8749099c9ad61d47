"""Values that are in another unit by their size."""

from __future__ import annotations

import pytest

from tui.study.open import open_study

IDS = ("other-unit", "far-value")


def values(code: str, param: str, *numbers: float) -> str:
    lines = ["USUBJID PARAMCD PARAM AVISIT AVISITN AVAL"]
    lines += [
        f"P{1 + place % 2} {code} {param} Week_{place} {place} {number}"
        for place, number in enumerate(numbers)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("code", "param", "right", "wrong", "looks"),
    [
        ("HEIGHT", "Height_(m)", 1.81, 181, "cm"),
        ("HEIGHT", "Height_(cm)", 181, 1.81, "m"),
        ("WEIGHT", "Weight_(kg)", 80, 80000, "g"),
        ("TEMP", "Temperature_(C)", 36.6, 98.1, "F"),
        ("TEMP", "Temperature_(°F)", 98.1, 36.6, "C"),
        ("HBA1C", "HbA1c_(%)", 7.1, 54, "mmol/mol"),
        ("HBA1CHGB", "HbA1c_(mmol/mol)", 54, 7.1, "%"),
        ("GLUC", "Glucose_(mmol/L)", 5.3, 180, "mg/dL"),
        ("GLUC", "Glucose_(mg/dL)", 95, 5.3, "mmol/L"),
        ("CREAT", "Creatinine_(umol/L)", 90, 1.1, "mg/dL"),
        ("CREAT", "Creatinine_(mg/dL)", 1.1, 90, "umol/L"),
        ("CHOL", "Cholesterol_(mmol/L)", 5, 200, "mg/dL"),
        ("HGB", "Hemoglobin_(g/L)", 140, 14, "g/dL or mmol/L"),
    ],
)
def test_a_value_that_its_unit_cannot_have_is_named_with_the_one_it_looks_like(
    study, noted, rows, code, param, right, wrong, looks
):
    opened = study(advs=values(code, param, right, right, wrong))
    (note,) = noted(opened, *IDS)
    assert (note.id, note.severity, note.endpoint) == ("other-unit", "contradiction", code)
    assert (note.rows, note.subjects, rows(note)) == (1, 1, [3])
    assert f"({wrong:g}), but in {looks}: {code}." in note.what


@pytest.mark.parametrize(
    ("code", "param", "numbers"),
    [
        ("HEIGHT", "Height_(cm)", (49, 181, 203)),
        ("WEIGHT", "Weight_(kg)", (3.1, 80, 240)),
        ("TEMP", "Temperature_(C)", (33.9, 36.6, 41.5)),
        ("HBA1C", "HbA1c_(%)", (4.1, 7, 16.2)),
        ("HBA1C", "HbA1c_(mmol/mol)", (20.2, 53, 150)),
        ("GLUC", "Glucose_(mmol/L)", (1.4, 5.3, 44)),
        ("CREAT", "Creatinine_(umol/L)", (25, 90, 1500)),
        ("HEIGHT", "Height", (1.81, 181, 71)),
    ],
)
def test_what_people_have_been_seen_with_is_no_note(study, noted, code, param, numbers):
    assert noted(study(advs=values(code, param, *numbers)), *IDS) == []


STEADY = [120 + (7 * place) % 20 for place in range(60)]


@pytest.mark.parametrize("wrong", [12.5, 1250])
def test_a_steady_parameter_shows_a_value_ten_times_off(study, noted, rows, wrong):
    opened = study(advs=values("SYSBP", "Systolic_(mmHg)", *STEADY, wrong))
    (note,) = noted(opened, *IDS)
    assert (note.id, note.severity, note.rows, rows(note)) == ("far-value", "remark", 1, [61])
    assert f"({wrong:g})" in note.what


def test_inches_among_centimeters_are_found_by_the_others(study, noted):
    opened = study(advs=values("HEIGHT", "Height_(cm)", *(place + 45 for place in STEADY), 67))
    (note,) = noted(opened, *IDS)
    assert (note.id, note.rows) == ("far-value", 1)


def test_an_enzyme_that_is_ten_times_the_median_is_biology(study, noted):
    enzyme = [10 + (17 * place) % 60 for place in range(60)]
    assert noted(study(adlb=values("GGT", "GGT_(U/L)", *enzyme, 400)), *IDS) == []


def test_a_score_without_a_unit_is_left_alone(study, noted):
    assert noted(study(adlb=values("VAS", "Wellbeing_(1)", *STEADY, 12)), *IDS) == []


def test_a_public_study_whose_temperatures_are_called_fahrenheit_is_found_out(pilot, noted):
    """Pharmaverse's VS_METABOLIC: VSSTRESU is F for all 55 temperatures, of 35.89 to 37.22."""
    (note,) = noted(open_study(str(pilot.parent / "pharmaversesdtm")), "other-unit")
    assert (note.dataset, note.rows, note.subjects) == ("VS_METABOLIC", 55, 5)
    assert note.what == "55 values of 5 subjects cannot be in F (35.89 to 37.22), but in C: TEMP."
