from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.errors import SelectionError
from tui.selection import FIELDS, Selection, from_texts, parse

# Quotes, commas, backslashes, equals signs and blanks are drawn often, and every other character.
characters = st.one_of(st.sampled_from("\"'\\,= \t\n#$-é½日🙂"), st.characters(codec="utf-8"))
texts = st.text(characters, min_size=1, max_size=12).filter(str.strip)
items = texts.map(str.strip)
lists = st.lists(items, min_size=1, max_size=4).map(tuple)
numbers = st.floats(allow_nan=False, allow_infinity=False)
shares = st.floats(0, 1, exclude_min=True, exclude_max=True)


def either(*choices: str) -> st.SearchStrategy[str]:
    return st.sampled_from(choices)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "endpoint": texts,
    "arms": lists,
    "reference": texts,
    "population": texts,
    "records": texts,
    "arm": either("planned", "actual"),
    "timepoint": texts,
    "basetype": texts,
    "imputed": either("keep", "drop"),
    "visits": st.lists(numbers, min_size=1, max_size=4).map(tuple),
    "where": texts,
    "value": either("CHG", "AVAL"),
    "unit": texts,
    "method": texts,
    "covariates": lists,
    "alpha": shares,
    "adjust": either("none", "bonferroni", "holm", "hochberg", "dunnett", "step-down-dunnett"),
    "weights": either("equal", "observed"),
    "df": either("kenward-roger", "satterthwaite"),
    "covariance": texts,
    "likelihood": either("reml", "ml"),
    "strata": lists,
    "responder": texts,
    "missing": either("nonresponder", "excluded"),
    "subgroup": texts,
    "power": shares,
    "wanted": numbers,
    "text": texts,
    "severity": texts,
    "serious": either("yes", "no"),
    "related": either("yes", "no"),
    "days": st.tuples(numbers, numbers).map(lambda days: tuple(sorted(days))),
    "emergent": either("yes", "no", "all"),
}
words = st.tuples(either(*VALUES), st.text(characters, max_size=8)).map("=".join)
selections = st.fixed_dictionaries({}, optional=VALUES).map(lambda drawn: Selection(**drawn))


def test_every_field_is_drawn_and_can_be_parsed() -> None:
    names = [field.name for field in dataclasses.fields(Selection)]
    assert list(FIELDS) == names
    assert list(VALUES) == names


@given(selections)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_selection_printed_and_parsed_is_the_same_selection(selection: Selection) -> None:
    assert parse(str(selection)) == selection


@given(selections)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_selection_printed_twice_is_the_same_line(selection: Selection) -> None:
    assert str(parse(str(selection))) == str(selection)


@given(st.lists(words, max_size=4).map(" ".join))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_line_is_a_selection_or_an_error_of_one_sentence(line: str) -> None:
    said = "No error."
    try:
        selection = parse(line)
    except SelectionError as error:
        said = str(error)
    else:
        assert parse(str(selection)) == selection
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("selection", "line"),
    [
        (Selection(), ""),
        (Selection(endpoint="HBA1C", visits=(8.0, 12.0)), "endpoint=HBA1C visits=8,12"),
        (Selection(visits=(-1.0, 0.3)), "visits=-1,0.3"),
        (Selection(arms=("Dose 1, high", "0.3")), "arms='Dose 1\\, high,0.3'"),
        (Selection(arms=("a\\b",)), "arms='a\\\\b'"),
        (Selection(where='RACE="BLACK OR AFRICAN AMERICAN"'),
         "where='RACE=\"BLACK OR AFRICAN AMERICAN\"'"),
        (Selection(text="patient's"), "text='patient'\"'\"'s'"),
        (Selection(days=(1.0, 28.0), alpha=0.1), "alpha=0.1 days=1,28"),
    ],
    ids=["nothing", "usual", "numbers", "comma", "backslash", "quotes", "apostrophe", "order"],
)  # fmt: skip
def test_a_selection_prints_as_it_is_written(selection: Selection, line: str) -> None:
    assert str(selection) == line
    assert parse(line) == selection


@pytest.mark.parametrize(
    ("line", "selection"),
    [
        ("  endpoint=HBA1C   unit=% ", Selection(endpoint="HBA1C", unit="%")),
        ("arms=' Placebo , 2.0 ,'", Selection(arms=("Placebo", "2.0"))),
        ("value=chg arm=ACTUAL", Selection(value="CHG", arm="actual")),
        ("days=5", Selection(days=(5.0, 5.0))),
        ("where=AGE>=65", Selection(where="AGE>=65")),
        ("visits=1e1", Selection(visits=(10.0,))),
    ],
    ids=["blanks", "blank items", "capitals", "one day", "equals", "exponent"],
)
def test_a_line_is_read_with_some_tolerance(line: str, selection: Selection) -> None:
    assert parse(line) == selection


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("endpoint", "'endpoint' is not of the form field=value."),
        ("endpoint=", "endpoint needs a value."),
        ("arms=0.3 M/kg", "'M/kg' is not of the form field=value."),
        ("arms=,", "arms needs at least one value."),
        ("arm=both", "arm takes planned or actual, not 'both'."),
        ("imputed=maybe", "imputed takes keep or drop, not 'maybe'."),
        ("value=PCHG", "value takes CHG or AVAL, not 'PCHG'."),
        ("emergent=x", "emergent takes yes, no or all, not 'x'."),
        ("visits=8,week", "visits takes numbers, not 'week'."),
        ("visits=nan", "visits takes numbers, not 'nan'."),
        ("visits=inf", "visits takes numbers, not 'inf'."),
        ("alpha=5", "alpha lies between 0 and 1; 5 does not."),
        ("alpha=0", "alpha lies between 0 and 1; 0 does not."),
        ("days=28,1", "days takes a first and a last study day: 1,28."),
        ("days=1,2,3", "days takes a first and a last study day: 1,28."),
        ("unit=% unit=%", "The selection names unit twice."),
        ("text='open", 'Cannot read the selection "text=\'open": No closing quotation.'),
    ],
)
def test_a_line_that_means_nothing_is_an_error_that_helps(line: str, sentence: str) -> None:
    with pytest.raises(SelectionError) as error:
        parse(line)
    assert str(error.value) == sentence


def test_an_unknown_field_is_an_error_that_lists_the_fields() -> None:
    with pytest.raises(SelectionError) as error:
        from_texts({"endpiont": "HBA1C"})
    said = str(error.value)
    assert said.startswith("There is no field 'endpiont': use endpoint, arms, ")
    assert said.endswith("days or emergent.")


def test_changing_a_selection_leaves_the_first_as_it_was() -> None:
    first = parse("endpoint=HBA1C visits=8")
    assert first.changed(visits=None) == Selection(endpoint="HBA1C")
    assert first.visits == (8.0,)
