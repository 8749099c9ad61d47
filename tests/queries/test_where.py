from __future__ import annotations

import datetime

import polars as pl
import pytest

from tui.errors import SelectionError
from tui.queries.where import Condition, literals, mask, parse

START = datetime.date(2013, 5, 1)
ROWS = pl.DataFrame(
    {
        "AGE": [61, 45, None, 52],
        "BMIBL": [31.5, 40.0, 28.2, None],
        "SEX": ["F", "M", "F", None],
        "RACE": ["WHITE", "BLACK OR AFRICAN AMERICAN", "ASIAN", "WHITE"],
        "SITEID": ["01", "02", "10", "01"],
        "TRTSDT": [START, START + datetime.timedelta(30), None, START],
        "TRTSDTM": pl.Series(
            [datetime.datetime(2013, 5, 1, hour) for hour in (0, 8, 9, 10)],
            dtype=pl.Datetime("ms", "UTC"),
        ),
        "GROUP": pl.Series(["<8%", ">=8%", None, "<8%"], dtype=pl.Categorical),
        "DIABETIC": [True, False, None, True],
        "WEIGHT": pl.Series(["80.5", "90.0", None, "70.0"]).cast(pl.Decimal(10, 2)),
        "EMPTY": pl.Series([None] * 4, dtype=pl.String),
    }
)


def met(text: str) -> list[int]:
    """The rows that meet the conditions in a text."""
    return mask(ROWS, parse(text)).arg_true().to_list()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2, 3]),
        ("AGE>=52", [0, 3]),
        ("AGE>52", [0]),
        ("AGE<52", [1]),
        ("AGE<=52", [1, 3]),
        ("AGE=61", [0]),
        ("AGE==61", [0]),
        ("AGE!=61", [1, 3]),
        ("AGE=61,45", [0, 1]),
        ("AGE=61.5", []),
        ("BMIBL=40", [1]),
        ("BMIBL>=28.2", [0, 1, 2]),
        ("WEIGHT=80.5", [0]),
        ("WEIGHT>75", [0, 1]),
        ("SEX=F", [0, 2]),
        ("SEX!=F", [1]),
        ("sex=F", [0, 2]),
        ("RACE=WHITE,ASIAN", [0, 2, 3]),
        ("RACE!=WHITE,ASIAN", [1]),
        ('RACE="BLACK OR AFRICAN AMERICAN"', [1]),
        ("'RACE=BLACK OR AFRICAN AMERICAN'", [1]),
        ("SITEID=01", [0, 3]),
        ("TRTSDT=2013-05-01", [0, 3]),
        ("TRTSDT!=2013-05-01", [1]),
        ("TRTSDT>2013-05-01", [1]),
        ("TRTSDTM=2013-05-01", [0]),
        ("TRTSDTM>=2013-05-01T09:00", [2, 3]),
        ("GROUP=<8%", [0, 3]),
        ("GROUP=>=8%", [1]),
        ("DIABETIC=true", [0, 3]),
        ("AGE>=50 SEX=F", [0]),
        ("AGE>=50 AGE<60", [3]),
    ],
)
def test_conditions_choose_the_rows_that_meet_all_of_them(text: str, rows: list[int]) -> None:
    assert met(text) == rows


@pytest.mark.parametrize("column", ["AGE", "BMIBL", "SEX", "TRTSDT", "GROUP", "DIABETIC"])
def test_a_missing_value_meets_neither_a_condition_nor_its_contrary(column: str) -> None:
    value = ROWS[column].drop_nulls()[0]
    text = "true" if value is True else value
    missing = ROWS[column].is_null().arg_true().to_list()
    chosen = met(f"{column}={text}") + met(f"{column}!={text}")
    assert sorted(chosen + missing) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "AGE >= 65",
            "'AGE' is not a condition: write it without spaces, as in AGE>=65 or SEX=F.",
        ),
        (
            "SEX=",
            "'SEX=' is not a condition: write it without spaces, as in AGE>=65 or SEX=F.",
        ),
        ("AGE>50,60", "'AGE>50,60' compares with one value, not with 2."),
        ("SEX='F", "Cannot read the condition \"SEX='F\": No closing quotation."),
        ("AEG>50", "There is no subject-level column AEG: use AGE or RACE."),
        ("AGE>old", "AGE holds numbers; 'old' is none."),
        ("AGE=old", "AGE holds numbers; 'old' is none."),
        ("TRTSDT>May", "TRTSDT holds dates (2013-05-31); 'May' is none."),
        ("SEX=female", "No subject has SEX=female: there is F or M."),
        ("RACE=WHITE,RED", "No subject has RACE=RED: there is ASIAN, BLACK OR AFRICAN AMERICAN "
         "or WHITE."),
        ("DIABETIC=yes", "No subject has DIABETIC=yes: there is false or true."),
        ("EMPTY=x", "No subject has EMPTY=x: there is none."),
    ],
)  # fmt: skip
def test_a_condition_that_means_nothing_is_an_error_that_helps(text: str, sentence: str) -> None:
    with pytest.raises(SelectionError) as error:
        met(text)
    assert str(error.value) == sentence


def test_a_condition_is_never_run_as_a_program() -> None:
    with pytest.raises(SelectionError, match="is not a condition"):
        met("__import__('os').getcwd()")


@pytest.mark.parametrize("text", ["AGE>=65", "RACE=WHITE,ASIAN", "SEX!=F", "GROUP=<8%"])
def test_a_condition_is_shown_as_it_is_written(text: str) -> None:
    assert " ".join(map(str, parse(text))) == text


def test_conditions_are_parsed_into_column_operator_and_values() -> None:
    assert parse("age>=65 RACE=WHITE,ASIAN") == (
        Condition("AGE", ">=", ("65",)),
        Condition("RACE", "=", ("WHITE", "ASIAN")),
    )


def test_values_are_of_the_kind_that_their_column_is_compared_as() -> None:
    kinds = {"AGE=61": [61.0], "SITEID=01": ["01"], "TRTSDT>2013-05-01": [START]}
    for text, values in kinds.items():
        [condition] = parse(text)
        assert literals(ROWS[condition.column], condition) == values
