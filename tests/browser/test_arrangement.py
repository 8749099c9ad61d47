"""Rows that are kept and sorted on the screen: which, in which order, and that nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.browser.actions import ACTIONS, Here, keep, sort, sort_by
from tui.browser.arrangement import Arrangement, arranged, column_names, named_column
from tui.browser.view import View
from tui.errors import SelectionError
from tui.report.table import Column, Table
from tui.report.tables import tables_of
from tui.report.tables.visits import SETS
from tui.report.tables.visits import table as of_sets
from tui.selection import Selection
from tui.study.open import open_study


def flat(*cells: str, align="right", **more) -> Table:
    """A table of one named row a cell."""
    return Table(
        "",
        (Column("name", "Name", "left"), Column("figure", "Figure", align)),
        tuple((f"row {n}", cell) for n, cell in enumerate(cells)),
        **more,
    )


def figures(table: Table, how: Arrangement) -> list[str]:
    return [row[1] for row in arranged(table, how, False)[0].rows]


UP = Arrangement(column="figure")
DOWN = Arrangement(column="figure", descending=True)


def test_sorting_by_a_column_goes_up_then_down_then_back_to_the_order_of_the_answer():
    first = Arrangement(text="a").sorted_by("p")
    second = first.sorted_by("p")
    assert (first.column, first.descending) == ("p", False)
    assert (second.column, second.descending) == ("p", True)
    assert second.sorted_by("p") == Arrangement(text="a")
    assert second.sorted_by("n") == Arrangement(text="a", column="n")


@pytest.mark.parametrize(
    "cells",
    [
        ("-3.10", "-0.5", "0", "0.05*", "9", "10 (66.7%)"),
        ("(-0.50, 0.30)", "(-0.20, 0.10)", "(1.0, 2.0)"),
        ("<0.0001", "0.0001", "0.0474*", "0.6239"),
        ("7.1, 10.3", "7.2, 9.6"),
    ],
)
def test_figures_are_sorted_by_their_first_number(cells):
    mixed = cells[1::2] + cells[::2]
    assert figures(flat(*mixed), UP) == list(cells)
    assert figures(flat(*mixed), DOWN) == list(cells)[::-1]


@pytest.mark.parametrize("missing", ["-", "n.e.", "", "…"])
def test_what_has_no_figure_comes_last_in_either_direction(missing):
    table = flat("2", missing, "1")
    assert figures(table, UP) == ["1", "2", missing]
    assert figures(table, DOWN) == ["2", "1", missing]


def test_words_are_sorted_as_people_do():
    table = flat("Week 12", "week 2", "", "Baseline", "Week 8", align="left")
    assert figures(table, UP) == ["Baseline", "week 2", "Week 8", "Week 12", ""]


def test_arms_are_sorted_by_their_place_in_the_study_and_not_by_their_names():
    columns = (Column("arm", "Arm", "left"),)
    table = Table("", columns, (("▲ A",), ("● Z",), ("  Y",)), arms=(2, 0, None))
    shown, places = arranged(table, Arrangement(column="arm"), False)
    assert [row[0] for row in shown.rows] == ["● Z", "▲ A", "  Y"]
    assert (shown.arms, list(places)) == ((0, 2, None), [1, 0, 2])


def test_equal_rows_keep_their_order_in_either_direction():
    table = flat("1", "1", "0", "1")
    for how, order in ((UP, [2, 0, 1, 3]), (DOWN, [0, 1, 3, 2])):
        assert list(arranged(table, how, False)[1]) == order


def test_signs_and_marks_move_with_their_rows():
    table = flat("2*", "1", marked=frozenset({(0, 1)}))
    assert arranged(table, UP, False)[0].marked == {(1, 1)}


@pytest.mark.parametrize(("ascii_only", "signs"), [(False, "↑↓"), (True, "^v")])
def test_the_heading_says_what_is_sorted_by(ascii_only, signs):
    for how, sign in ((UP, signs[0]), (DOWN, signs[1])):
        shown, _ = arranged(flat("1"), how, ascii_only)
        assert [one.header for one in shown.columns] == ["Name", f"Figure {sign}"]


def test_rows_are_kept_by_a_text_in_any_cell_in_whatever_case():
    table = flat("Headache", "nausea", "HEADACHE", align="left")
    shown, places = arranged(table, Arrangement(text="head"), False)
    assert list(places) == [0, 2]
    assert arranged(table, Arrangement(text="ROW 1"), False)[0].rows == (("row 1", "nausea"),)
    assert arranged(table, Arrangement(text="["), False)[0].rows == ()
    assert shown.columns == table.columns


def test_a_column_that_is_not_there_sorts_nothing():
    table = flat("2", "1")
    assert arranged(table, Arrangement(column="p"), False) == (table, range(2))


CELLS = st.text(st.characters(codec="utf-8"), max_size=8) | st.from_regex(r"-?\d{1,9}\.?\d?")


@given(st.lists(CELLS, max_size=12), st.sampled_from(["left", "right"]), st.text(max_size=2))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_whatever_stands_in_the_cells_rows_are_only_left_out_or_moved(cells, align, text):
    table = flat(*cells, align=align)
    for how in (UP, DOWN, Arrangement(text, "figure"), Arrangement(text)):
        shown, places = arranged(table, how, False)
        assert [table.rows[place] for place in places] == list(shown.rows)
        assert len(set(places)) == len(places)
        assert how.text or len(places) == len(cells)


# -- the tables there are


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(open_study(None))


@pytest.fixture(scope="module")
def incidence(session) -> Table:
    return tables_of(session.answer(Question("incidence")))[0]


@pytest.fixture(scope="module")
def visits(session) -> Table:
    return of_sets(session.answer(Question("visits")), list(SETS))


def test_terms_stay_below_their_body_system(incidence):
    shown, places = arranged(
        incidence, Arrangement(column="events Placebo", descending=True), False
    )
    assert sorted(places) == list(range(len(incidence.rows)))
    before, after = blocks(incidence), blocks(shown)
    assert {head: set(terms) for head, terms in before.items()} == {
        head: set(terms) for head, terms in after.items()
    }
    column = [one.key for one in incidence.columns].index("events Placebo")
    events = {row[0]: int(row[column]) for row in incidence.rows}
    assert list(after) == sorted(before, key=lambda head: -events[head])
    for terms in after.values():
        assert [events[term] for term in terms] == sorted((events[t] for t in terms), reverse=True)


def blocks(table: Table) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for n, row in enumerate(table.rows):
        if n in table.blocks:
            found[row[0]] = []
        else:
            found[list(found)[-1]].append(row[0])
    return found


def test_the_rows_of_all_visits_are_sorted_together_and_each_says_its_visit(visits):
    shown, _ = arranged(visits, Arrangement(column="mean", descending=True), False)
    column = [one.key for one in visits.columns].index("mean")
    means = [float(row[column]) for row in shown.rows]
    assert means == sorted(means, reverse=True)
    assert all(row[0] for row in shown.rows)
    begins = {n for n, row in enumerate(shown.rows) if n == 0 or shown.rows[n - 1][0] != row[0]}
    assert shown.blocks == begins


@pytest.mark.parametrize("kind", ["visits", "arms", "events", "incidence", "notes"])
def test_every_column_has_a_key_of_its_own_and_a_name_that_leads_to_it(session, kind):
    table = tables_of(session.answer(Question(kind)))[0]
    if kind == "visits":
        table = of_sets(session.answer(Question(kind)), list(SETS))
    keys = [one.key for one in table.columns]
    assert len(set(keys)) == len(keys)
    names = column_names(table)
    assert sorted(names.values()) == sorted(keys)
    assert [named_column(table, name) for name in names] == list(names.values())


def test_a_column_is_named_by_the_beginning_of_its_heading_or_refused_with_what_there_is(session):
    log = tables_of(session.answer(Question("events")))[0]
    assert named_column(log, "te") == "emergent"
    assert named_column(log, "SEV") == "severity"
    with pytest.raises(SelectionError, match="'s' could be several columns"):
        named_column(log, "s")
    with pytest.raises(SelectionError, match="There is no column 'x': there is Day, Subject"):
        named_column(log, "x")


# -- what keys make of it


LOG = View(pane="events")


def there(view: View, column: str = "") -> Here:
    return Here(view, {}, table=flat("1", "2"), column=column)


def test_each_table_has_an_arrangement_of_its_own():
    view = keep(there(LOG), "ache")
    view = sort(there(view.but(pane="visits"), "figure"))
    assert view.arrangement("events") == Arrangement("ache")
    assert view.arrangement("visits") == UP
    assert view.arrangement("incidence") == Arrangement()
    assert view.selection == Selection()


def test_a_column_is_sorted_by_its_name_and_downwards_after_a_minus():
    assert sort_by(there(LOG), "fig").arrangement("events") == UP
    assert sort_by(there(LOG), "-Figure").arrangement("events") == DOWN
    assert sort_by(there(sort_by(there(LOG), "-fig")), "") == LOG


def test_esc_shows_all_rows_before_it_leaves_a_page_or_clears_the_filter_of_the_log():
    page = View(page="values", cell=(8.0, "Placebo"))
    assert ACTIONS["close"](there(keep(there(page), "x"))) == page
    log = LOG.selecting(text="ache")
    assert ACTIONS["close"](there(keep(there(log), "x"))) == log
    assert ACTIONS["close"](there(log)) == LOG


def test_what_a_page_kept_is_gone_when_it_closes_and_a_panes_rows_stay():
    page = keep(there(View(page="values", cell=(8.0, "Placebo"))), "x")
    assert page.but(page="").arranged == ()
    log = keep(there(LOG), "x")
    assert log.but(page="").arranged == log.arranged


@pytest.mark.parametrize("view", [View(pane="trends"), View(page="power"), View(page="help")])
def test_where_there_is_no_table_a_sentence_says_so(view):
    for act in (sort, lambda here: keep(here, "x"), lambda here: sort_by(here, "p")):
        with pytest.raises(SelectionError, match="There is no table here whose rows could be"):
            act(Here(view, {}))
