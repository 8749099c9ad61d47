"""What a key does to the view, without a screen."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tui.analyses.answer import Answer, Question
from tui.analyses.session import Session
from tui.browser.actions import ACTIONS, Here
from tui.browser.view import PANES, View, questions
from tui.errors import SelectionError, TrialdeckError
from tui.selection import Selection
from tui.study.open import open_study


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(open_study(None))


def answers(session: Session, view: View) -> Mapping[str, Answer]:
    """The answers to what a view asks."""
    return {slot: session.answer(question) for slot, question in questions(view).items()}


@pytest.fixture(scope="module")
def start(session: Session) -> Mapping[str, Answer]:
    return answers(session, View())


def press(name: str, view: View, there: Mapping[str, Answer], row: int | None = 0, *texts: str):
    return ACTIONS[name](Here(view, there, row, texts))


# -- panes


@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_a_digit_leads_to_its_pane_and_leaves_the_page(place, start):
    view = View(pane="trends", page="values", cell=(8.0, "2.0 M/kg"), zoom=True)
    assert press(f"pane_{place}", view, start) == View(pane=PANES[place - 1], zoom=True)


def test_tab_goes_round_the_panes_and_shift_tab_the_other_way(start):
    view, seen = View(pane="arms"), []
    for _ in PANES:
        seen.append(view.pane)
        view = press("next_pane", view, start)
    assert (tuple(seen), view.pane) == (PANES, "arms")
    for name in reversed(PANES):
        view = press("previous_pane", view, start)
        assert view.pane == name


def test_zoom_is_its_own_way_back(start):
    assert press("zoom", press("zoom", View(), start), start) == View()


def test_esc_goes_one_step_out_at_a_time(start):
    view = View(
        Selection(text="headache"), pane="events", zoom=True, page="subject", subject="04-003"
    )
    view = press("close", view, start)
    assert (view.page, view.subject) == ("", None)
    view = press("close", view, start)
    assert view == View(pane="events", zoom=True)
    view = press("close", view, start)
    assert view == View(pane="events")
    assert press("close", view, start) == view


def test_esc_goes_from_a_subject_to_the_values_it_was_opened_from(start):
    cell = (8.0, "2.0 M/kg")
    view = View(page="subject", subject="04-003", cell=cell)
    assert press("close", view, start) == View(page="values", cell=cell)


def test_esc_goes_from_a_subject_of_the_log_to_the_log_whatever_was_looked_at_before(start):
    view = View(page="values", cell=(8.0, "2.0 M/kg"))
    view = press("open", press("pane_4", view, start), start)
    assert view.page == "subject"
    assert press("close", view, start) == View(pane="events")


# -- arms


def test_space_hides_an_arm_and_shows_it_again(session, start):
    view = press("toggle_arm", View(pane="arms"), start, 1)
    assert view.selection.arms == ("Placebo", "1.0 M/kg", "2.0 M/kg")
    again = press("toggle_arm", view, answers(session, view), 1)
    assert again == View(pane="arms")  # all of them: no choice any more


def test_arms_hidden_one_after_the_other_are_all_hidden_before_the_answer_comes(start):
    view = press("toggle_arm", View(pane="arms"), start, 1)
    view = press("toggle_arm", view, start, 2)
    assert view.selection.arms == ("Placebo", "2.0 M/kg")


def test_a_row_of_the_log_is_not_taken_from_the_incidence_that_is_still_shown(session, start):
    shown = {**start, "events": session.answer(Question("incidence"))}
    with pytest.raises(SelectionError, match="still being read"):
        press("open", View(pane="events"), shown)


def test_the_reference_is_not_hidden_and_the_key_says_why(start):
    with pytest.raises(SelectionError, match=r"Placebo is the reference: .*\(r\)\."):
        press("toggle_arm", View(pane="arms"), start, 0)


def test_an_arm_that_becomes_the_reference_is_shown(session):
    view = View(Selection(arms=("Placebo", "2.0 M/kg")), pane="arms")
    view = press("reference", view, answers(session, view), 1)
    assert view.selection == Selection(
        arms=("Placebo", "2.0 M/kg", "0.3 M/kg"), reference="0.3 M/kg"
    )
    arms = answers(session, view)["visits"].arms
    assert [arm.label for arm in arms if arm.is_reference] == ["0.3 M/kg"]


@pytest.mark.parametrize("name", ["toggle_arm", "reference"])
@pytest.mark.parametrize("view", [View(), View(pane="arms", page="arms")])
def test_keys_of_the_arms_say_where_they_work(name, view, start):
    with pytest.raises(SelectionError, match=r"Go to the arms \(1\)"):
        press(name, view, start)


# -- the selection


def test_columns_go_round(start):
    view, seen = View(), []
    while view.columns not in seen:
        seen.append(view.columns)
        view = press("columns", view, start)
    assert view == View()
    assert len(seen) >= 4


def test_the_unit_goes_to_the_other_and_back_and_only_for_hba1c(session, start):
    view = press("unit", View(), start)
    assert view.selection == Selection(unit="mmol/mol")
    assert press("unit", view, answers(session, view)).selection == Selection(unit="%")
    glucose = View(Selection(endpoint="GLUC"))
    with pytest.raises(SelectionError, match="Only HbA1c has two units"):
        press("unit", glucose, answers(session, glucose))


@pytest.mark.parametrize(("name", "field"), [("value", "value"), ("imputed", "imputed")])
def test_a_switch_changes_what_is_in_force_and_back(session, start, name, field):
    before = getattr(start["visits"].selection, field)
    view = press(name, View(), start)
    there = answers(session, view)
    assert getattr(there["visits"].selection, field) != before
    assert getattr(press(name, view, there).selection, field) == before


def test_incidence_is_a_switch_and_leads_to_its_pane(start):
    view = press("incidence", View(page="help"), start)
    assert view == View(pane="events", incidence=True)
    assert press("incidence", view, start) == View(pane="events")


@pytest.mark.parametrize("name", ["details", "study", "baseline", "help"])
def test_the_key_of_a_page_opens_it_and_closes_it(name, start):
    view = press(name, View(), start)
    assert view == View(page=name)
    assert press(name, view, start) == View()


# -- what is behind a row


def test_enter_on_a_figure_opens_the_values_behind_it_and_then_the_subject(session, start):
    row = 17
    figure = start["visits"].rows[row]
    view = press("open", View(), start, row)
    assert view == View(page="values", cell=(figure.visit_number, figure.arm))
    there = answers(session, view)
    assert len(there["page"].rows) == figure.n
    inside = press("open", view, there, 3)
    assert (inside.page, inside.subject) == ("subject", there["page"].rows[3].subject)


def test_enter_on_an_event_opens_its_subject(start):
    view = press("open", View(pane="events"), start, 5)
    assert view.subject == start["events"].rows[5].subject


def test_enter_on_a_term_of_the_incidence_opens_the_log_filtered_by_it(session):
    view = View(pane="events", incidence=True)
    opened = press("open", view, answers(session, view), 3, "  Nasopharyngitis")
    assert opened == View(Selection(text="Nasopharyngitis", emergent="yes"), pane="events")
    rows = answers(session, opened)["events"].rows
    assert rows
    assert {row.term for row in rows} == {"Nasopharyngitis"}


def test_enter_on_any_event_opens_the_whole_log(session):
    view = View(pane="events", incidence=True)
    opened = press("open", view, answers(session, view), 0, "Any adverse event")
    assert opened == View(Selection(emergent="yes"), pane="events")


def test_enter_on_the_trends_enlarges_them_and_on_the_arms_opens_the_page(start):
    assert press("open", View(pane="trends"), start, None) == View(pane="trends", zoom=True)
    assert press("open", View(pane="arms"), start, 2) == View(pane="arms", page="arms")


def test_enter_where_there_is_no_row_does_nothing(start):
    assert press("open", View(), start, None) == View()
    assert press("open", View(page="help"), start) == View(page="help")


# -- every key, before anything has been read


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("pane", PANES)
def test_before_the_data_are_there_a_key_makes_a_view_or_says_why_not(name, pane):
    try:
        said: object = ACTIONS[name](Here(View(pane=pane), {}))
    except TrialdeckError as error:
        said = str(error)
    assert isinstance(said, View) or said.endswith(".")


@pytest.mark.parametrize("name", ACTIONS)
def test_every_new_view_can_be_asked_for(name, session, start):
    for pane in PANES:
        try:
            view = press(name, View(pane=pane), start, 1, "Headache")
        except SelectionError:
            continue
        for question in questions(view).values():
            assert isinstance(session.answer(question), Answer)
            assert isinstance(question, Question)
