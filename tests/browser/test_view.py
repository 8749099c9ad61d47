"""The view as a value: where one has been, what has to be asked, the command that prints it."""

from __future__ import annotations

import re
import shlex
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui import parsers
from tui.browser.view import (
    ENDPOINT_FIELDS,
    EVENT_FIELDS,
    PANES,
    History,
    View,
    command,
    first_questions,
    questions,
)
from tui.errors import SelectionError
from tui.report.tables.visits import SETS
from tui.selection import FIELDS, Selection, from_texts

characters = st.sampled_from("\"'\\,= -$é日a") | st.characters(codec="utf-8")
# An argument that is only `--` ends the options; argparse takes it away wherever it stands.
texts = st.text(characters, min_size=1, max_size=8).filter(lambda text: text.strip().strip("-"))
numbers = st.floats(-1e6, 1e6) | st.integers(-30, 300).map(float)
SHAPES = {
    "arms": st.lists(texts.map(str.strip), min_size=1, max_size=3).map(tuple),
    "covariates": st.lists(texts.map(str.strip), min_size=1, max_size=3).map(tuple),
    "visits": st.lists(numbers, min_size=1, max_size=3).map(tuple),
    "days": st.tuples(numbers, numbers).map(lambda pair: tuple(sorted(pair))),
    "alpha": st.floats(0, 1, exclude_min=True, exclude_max=True),
}


def drawn(name: str) -> st.SearchStrategy[object]:
    """Values of a field: of its own shape, one of the choices it offers, or any text."""
    if name in SHAPES:
        return SHAPES[name]
    try:
        FIELDS[name](name, "no such choice")
    except SelectionError as error:
        offered = re.search(r"takes (.*), not", str(error))
        if offered is None or " or " not in offered[1]:
            return st.none()
        return st.sampled_from(re.split(", | or ", offered[1]))
    one = FIELDS[name](name, "one")
    return texts if isinstance(one, str) else SHAPES["arms"]


selections = st.fixed_dictionaries({}, optional={name: drawn(name) for name in FIELDS}).map(
    lambda values: Selection(**values)
)
views = st.builds(
    View,
    selections,
    st.sampled_from(PANES),
    st.booleans(),
    st.sampled_from(list(SETS)),
    st.booleans(),
    st.sampled_from(["", "", "help", "study", "baseline", "details"]),
)
paths = st.lists(views, min_size=1, max_size=8)
laws = settings(max_examples=60, deadline=None, derandomize=True)


def gone(path: list[View]) -> tuple[History, View]:
    """The history of a path, and the view at its end."""
    history = History()
    for view in path[:-1]:
        history = history.went_from(view)
    return history, path[-1]


# -- where one has been


@given(paths)
@laws
def test_going_back_leads_along_the_same_views_and_forward_along_them_again(path):
    history, view = gone(path)
    for earlier in reversed(path[:-1]):
        history, view = history.back(view)
        assert view == earlier
    assert history.back(view) == (history, view)
    for later in path[1:]:
        history, view = history.forward(view)
        assert view == later
    assert history.forward(view) == (history, view)


@given(paths, views)
@laws
def test_forward_takes_back_what_back_did_and_a_step_forgets_what_was_gone_back_from(path, new):
    history, view = gone(path)
    assert len(path) == 1 or history.back(view)[0].forward(path[-2]) == (history, view)
    back, earlier = history.back(view)
    went = back.went_from(earlier)
    assert went.forward(new) == (went, new)
    assert went.back(new)[1] == earlier


@given(paths)
@laws
def test_undo_changes_the_selection_alone_and_undoing_an_undo_restores_it(path):
    history, view = gone(path)
    after, undone = history.undo(view)
    assert undone.but(selection=view.selection) == view
    earlier = [one.selection for one in path[:-1] if one.selection != view.selection]
    assert undone.selection == (earlier[-1] if earlier else view.selection)
    assert after.undo(undone)[1] == view


@given(paths)
@laws
def test_back_to_finds_the_last_view_with_these_figures_and_goes_nowhere_without_one(path):
    history, view = gone(path)
    for one in path:
        shown = questions(one)["visits"].selection
        after, found = history.back_to(view, shown)
        assert questions(found)["visits"].selection == shown
        assert found in path
        for _ in after.future:  # what was gone back from is still there
            after, found = after.forward(found)
        assert (after, found) == (history, view)
    assert history.back_to(view, Selection(endpoint="nowhere else")) == (history, view)


def test_two_hundred_views_are_remembered():
    history, view = gone([View(Selection(alpha=1 / (2 + step))) for step in range(300)])
    assert len(history.past) == 200
    assert history.back(view)[1].selection.alpha == 1 / 300


# -- a changed view


@given(views, st.sampled_from(["subject", "values"]))
@laws
def test_a_page_that_closes_takes_what_it_was_about_along(view, page):
    opened = view.but(page=page, subject="04-003", cell=(8.0, "2.0"))
    assert opened.but(page="") == view.but(page="")
    assert opened.but(page="help").cell == (8.0, "2.0")


@given(views, texts)
@laws
def test_another_endpoint_leaves_behind_what_belongs_to_the_one_before(view, endpoint):
    chosen = view.selecting(endpoint=endpoint).selection
    assert chosen.endpoint == endpoint
    assert all(getattr(chosen, name) is None for name in ENDPOINT_FIELDS)
    kept = [name for name in FIELDS if name not in (*ENDPOINT_FIELDS, "endpoint")]
    assert all(getattr(chosen, name) == getattr(view.selection, name) for name in kept)


def test_an_endpoint_with_its_visits_keeps_these():
    view = View(Selection(unit="mmol/mol", visits=(4.0,)))
    assert view.selecting(endpoint="GLUC", visits=(8.0,)) == View(
        Selection(endpoint="GLUC", visits=(8.0,))
    )


def test_taking_an_endpoint_back_leaves_the_rest():
    view = View(Selection(endpoint="GLUC", visits=(8.0,)))
    assert view.selecting(endpoint=None) == View(Selection(visits=(8.0,)))


# -- what has to be asked


@given(views, texts)
@laws
def test_a_letter_of_the_events_filter_asks_nothing_but_events(view, text):
    before, after = questions(view), questions(view.selecting(text=text))
    assert after["events"].selection.text == text
    assert {**after, "events": None} == {**before, "events": None}


@pytest.mark.parametrize(("name", "value"), [("severity", "MILD"), ("days", (1.0, 28.0))])
def test_what_only_events_look_at_asks_nothing_else(name, value):
    assert name in EVENT_FIELDS
    before, after = questions(View()), questions(View().selecting(**{name: value}))
    assert [slot for slot in after if after[slot] != before[slot]] == ["events"]


@given(views, texts)
@laws
def test_another_endpoint_or_method_does_not_ask_for_the_events_again(view, text):
    asked = questions(view)["events"]
    assert questions(view.selecting(endpoint=text))["events"] == asked
    assert questions(view.selecting(method=text))["events"] == asked


@given(views)
@laws
def test_where_one_looks_asks_nothing_anew(view):
    other = view.but(pane="arms", zoom=not view.zoom, columns="change")
    assert questions(other) == questions(view)


@given(views)
@laws
def test_all_arms_are_asked_for_whichever_are_shown(view):
    shown = view.selecting(arms=("Placebo",), reference="Placebo")
    hidden = view.selecting(arms=None, reference=None)
    assert questions(shown)["arms"] == questions(hidden)["arms"]


@given(views)
@laws
def test_the_first_question_is_the_table_without_statistics(view):
    asked = first_questions(view)
    assert list(asked)[:2] == ["first", "visits"]
    assert (asked["first"].kind, asked["first"].statistics) == ("visits", False)
    assert asked["first"].selection == asked["visits"].selection
    assert list(asked)[-1] == "notes"
    del asked["first"], asked["notes"]
    assert asked == questions(view)


def test_every_page_with_an_answer_asks_for_it():
    for page in ("study", "baseline", "arms"):
        assert questions(View(page=page))["page"].kind == page
    subject = questions(View(page="subject", subject="04-003"))["page"]
    assert (subject.kind, subject.subject) == ("subject", "04-003")
    values = questions(View(page="values", cell=(8.0, "2.0 M/kg")))["page"]
    assert values.kind == "values"
    assert values.selection == Selection(visits=(8.0,), arms=("2.0 M/kg",), reference="2.0 M/kg")
    for page in ("", "help", "details"):
        assert "page" not in questions(View(page=page))


# -- the command that prints it


parser = cache(parsers.show_parser)


def understood(line: str) -> tuple[str, str | None, str | None, Selection]:
    """What the command line makes of a command: kind, study, subject and selection."""
    words = shlex.split(line)
    assert words[:2] == ["trialdeck", "show"]
    options = parser().parse_args(words[2:])
    chosen = from_texts(parsers.selection_texts(options))
    return options.what, options.study, options.subject, chosen


@given(views, st.sampled_from([None, "a study", "data/o'clock", "msb-dm003"]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_command_is_read_back_as_what_the_view_shows(view, study):
    asked = questions(view)
    shown = asked.get("page", asked[view.pane])
    line = command(view, study)
    assert understood(line) == (shown.kind, study, shown.subject, shown.selection)


@given(selections, texts, st.sampled_from([-1.0, 8.0, 99.5]), texts)
@laws
def test_the_command_of_a_page_about_a_subject_or_a_figure_is_read_back(chosen, arm, visit, who):
    figure = View(chosen, page="values", cell=(visit, arm.strip()))
    kind, _, _, selection = understood(command(figure, None))
    assert (kind, selection) == ("values", questions(figure)["page"].selection)
    subject = View(chosen, page="subject", subject=who)
    assert understood(command(subject, None))[:3] == ("subject", None, who)


def test_the_command_says_what_text_was_said_to_be_written_in():
    line = command(View(pane="arms"), "a study", "windows-1252")
    assert line == "trialdeck show arms 'a study' --encoding windows-1252"
    options = parser().parse_args(shlex.split(line)[2:])
    assert (options.study, options.encoding) == ("a study", "windows-1252")


def test_the_command_of_a_chosen_view_reads_well():
    view = View(Selection(method="welch", visits=(8.0, 12.0), where="AGE>=65", days=(-9.0, 28.0)))
    assert command(view, None) == (
        "trialdeck show visits --visits 8,12 --where 'AGE>=65' --method welch"
    )
    assert command(view.but(pane="events", incidence=True), "pilot") == (
        "trialdeck show incidence pilot --where 'AGE>=65' --days=-9,28"
    )
