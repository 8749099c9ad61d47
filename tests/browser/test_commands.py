"""The words after a colon."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.browser import help
from tui.browser.actions import ACTIONS, Here
from tui.browser.commands import EFFECTS, PAGES, Effect, run
from tui.browser.view import PANES, View
from tui.errors import SelectionError, TrialdeckError
from tui.selection import FIELDS, Selection, from_texts


def a_value(name: str) -> str:
    """A text that the field takes: the first choice it offers, where it takes choices alone."""
    for text in ("8", "0.1", "-9,28", "1,28", "SEX=F"):
        try:
            FIELDS[name](name, text)
            return text
        except SelectionError as error:
            if found := re.match(rf"{name} takes ([\w-]+)(?:,| or )", str(error)):
                return found[1]
    raise AssertionError(name)


VALUES = {name: a_value(name) for name in FIELDS}
CHOSEN = View(Selection(where="AGE>=65", method="welch", text="headache"), pane="events", zoom=True)


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_set_by_its_name_and_a_value(name):
    assert run(f"{name} {VALUES[name]}", View()) == View(from_texts({name: VALUES[name]}))


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_taken_back_by_reset(name):
    view = View(Selection(method="welch", text="headache").changed(**{name: None}))
    said = run(f"{name} {VALUES[name]}", view)
    assert isinstance(said, View)
    assert getattr(said.selection, name) is not None
    assert run(f"reset {name}", said) == view


def test_reset_alone_takes_all_choices_back_and_stays_where_it_is():
    assert run("reset", CHOSEN) == View(pane="events", zoom=True)


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("arms Placebo, 2.0", Selection(arms=("Placebo", "2.0"))),
        ("timepoint AFTER LYING DOWN", Selection(timepoint="AFTER LYING DOWN")),
        ("visits 8,12", Selection(visits=(8.0, 12.0))),
        ("days -9,28", Selection(days=(-9.0, 28.0))),
        ("value aval", Selection(value="AVAL")),
        ("alpha 0.1", Selection(alpha=0.1)),
    ],
)
def test_a_value_is_read_as_the_command_line_reads_it(words, chosen):
    assert run(words, View()) == View(chosen)


def test_a_choice_keeps_the_others():
    said = run("population SAFFL", CHOSEN)
    assert said == CHOSEN.but(selection=CHOSEN.selection.changed(population="SAFFL"))


def test_fields_are_also_set_in_the_form_of_a_printed_selection():
    line = "endpoint=GLUC visits=8,12 where='AGE>=65 SEX=F'"
    assert run(line, View()) == View(
        Selection(endpoint="GLUC", visits=(8.0, 12.0), where="AGE>=65 SEX=F")
    )


def test_a_condition_is_a_value_and_not_a_field():
    assert run("where SEX=F", View()) == View(Selection(where="SEX=F"))


def test_another_endpoint_leaves_behind_what_was_chosen_of_the_one_before():
    before = View(Selection(unit="mmol/mol", visits=(8.0,), value="AVAL", method="welch"))
    assert run("endpoint GLUC", before) == View(Selection(endpoint="GLUC", method="welch"))
    line = "endpoint=GLUC visits=4"
    assert run(line, before) == View(Selection(endpoint="GLUC", visits=(4.0,), method="welch"))


@pytest.mark.parametrize("name", PANES)
def test_a_pane_is_reached_by_its_name_and_leaves_the_page(name):
    assert run(name, View(page="help", pane="arms")) == View(pane=name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_reached_by_its_name(name):
    assert run(name, View()) == View(page=name)


@pytest.mark.parametrize("name", ["help", "tour"])
def test_what_help_was_asked_on_is_there_again_after_it(name):
    there = View(page="values", cell=(8.0, "Placebo"))
    said = run(name, there)
    assert (said.page, said.about) == (name, "values")
    assert run(name, said) == there
    assert ACTIONS["close"](Here(said, {})) == there


def test_incidence_is_reached_by_its_name():
    assert run("incidence", View(page="help")) == View(pane="events", incidence=True)


def test_a_subject_is_opened():
    assert run("subject 04-003", View()) == View(page="subject", subject="04-003")


@pytest.mark.parametrize(("name", "effect"), EFFECTS.items())
def test_what_is_no_view_is_handed_on(name, effect):
    assert run(name, View()) == Effect(effect)
    if name not in ("quit", "theme"):
        assert run(f"{name} words", View()) == Effect(effect, "words")


@pytest.mark.parametrize("number", ["12", "+5", "-5", "0"])
def test_a_number_is_a_row_or_a_move(number):
    assert run(number, View()) == Effect("row", number)


def test_q_quits_and_an_export_has_its_path():
    assert run("q", View()) == Effect("quit")
    assert run("export a file.csv ", View()) == Effect("export", "a file.csv")
    assert run("describe study.toml", View()) == Effect("describe", "study.toml")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nonsense", "There is no command 'nonsense': there is arms, visits"),
        ("nonsense with words", "There is no command 'nonsense'"),
        ("where", "where needs a value: where VALUE, or reset where."),
        ("visits eight", "visits takes numbers, not 'eight'."),
        ("alpha 5", "alpha lies between 0 and 1; 5 does not."),
        ("value median", "value takes CHG or AVAL, not 'median'."),
        ("days 28,1", "days takes a first and a last study day: 1,28."),
        ("reset nonsense", "There is no field 'nonsense': there is endpoint, arms"),
        ("nonsense=1", "There is no field 'nonsense': use endpoint, arms"),
        ("endpoint=GLUC endpoint=HBA1C", "The selection names endpoint twice."),
        ("where='AGE>=65", "Cannot read the selection"),
        ("subject", "There is no command 'subject'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words, said):
    with pytest.raises(SelectionError) as raised:
        run(words, View())
    assert str(raised.value).startswith(said)
    assert str(raised.value).endswith(".")


def test_the_commands_of_the_help_page_are_understood():
    examples = re.findall(r"(?<=  ):(\S+(?: \S+)*)", "\n".join(help.WORDS))
    assert len(examples) >= 6
    for words in examples:
        assert isinstance(run(words, View()), View | Effect)


@given(st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from([*FIELDS, *PAGES]))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_whatever_is_typed_leads_to_a_view_an_effect_or_a_sentence(words):
    try:
        said = run(words, CHOSEN)
    except TrialdeckError as error:
        said = str(error)
    assert isinstance(said, View | Effect) or said.endswith(".")
