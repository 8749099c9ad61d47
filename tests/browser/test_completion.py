"""What Tab makes of a command, and the line that shows what can be taken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.browser.commands import WORDS, run
from tui.browser.completion import Completion, complete, hint, needs_study, path
from tui.browser.themes import THEMES
from tui.browser.view import View
from tui.report.table import Column, Table
from tui.selection import CHOICES, FIELDS, Selection
from tui.study.open import open_study

TABLE = Table("", (Column("day", "Day"), Column("term", "Term", "left")), ())


@pytest.fixture(scope="module")
def answers():
    session = Session(open_study(None))
    return {
        "choices": session.answer(Question("study", statistics=False)),
        "events": session.answer(Question("events")),
    }


@pytest.fixture
def words(answers):
    def of(line: str, view: View | None = None) -> tuple[str, ...]:
        return complete(line, view or View(), answers, TABLE).words

    return of


@pytest.fixture
def complete_line(answers):
    return lambda line: complete(line, View(), answers, None).common(line)


def test_commands_fields_panes_and_pages_are_completed(words):
    assert words("endp") == ("endpoint",)
    assert set(words("")) == set(WORDS)
    assert {"events", "export", "endpoint"} <= set(words("e"))
    assert words("POW") == ("power",)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("endpoint glu", {"GLUC"}),
        ("population sa", {"SAFFL"}),
        ("method man", {"mann-whitney"}),
        ("reference pl", {"Placebo"}),
        ("visits 1", {"1", "12"}),
        ("theme mo", {"mono"}),
        ("adjust h", {"holm", "hochberg"}),
        ("sort -", {"-Day", "-Term"}),
        ("where se", {"SEX"}),
        ("subgroup ag", {"AGE", "AGEU"}),
        ("subject MSB-DM003-04", {"MSB-DM003-04-003", "MSB-DM003-04-005"}),
    ],
)
def test_values_are_completed_from_the_study_and_the_screen(words, line, found):
    assert found <= set(words(line))
    assert all(one.casefold().startswith(line.split(" ", 1)[1].casefold()) for one in words(line))


def test_of_a_list_the_last_item_is_completed(words, answers):
    made = complete("arms Placebo, 2", View(), answers, None)
    assert made.lines == ("arms Placebo, 2.0 M/kg",)
    assert run(made.lines[0], View()) == View(Selection(arms=("Placebo", "2.0 M/kg")))


def test_of_a_condition_the_column_is_completed_and_what_it_is_compared_with_is_not(
    words, complete_line
):
    assert words("where AGE>=65 SE") == ("SEX",)
    assert complete_line("where AGE>=65 SE") == "where AGE>=65 SEX"
    assert words("where SEX=") == words("where SEX=F") == ()
    assert words("where RACE='BLACK OR A") == ()
    assert complete_line("strata SEX,itt") == "strata SEX,ITTFL"


def test_every_value_that_is_offered_is_taken(words):
    for name in FIELDS:
        for value in words(f"{name} ") if name != "where" else ():
            run(f"{name} {value}", View())
    for name in CHOICES:
        assert set(words(f"{name} ")) == set(CHOICES[name])
    assert set(words("theme ")) == set(THEMES)


def test_reset_offers_what_has_been_chosen(words):
    assert words("reset ", View(Selection(method="welch", where="AGE>=65"))) == ("where", "method")
    assert set(words("reset ")) == set(FIELDS)


def test_a_word_that_is_whole_or_that_nothing_begins_with_offers_nothing(words):
    assert words("endpoint GLUC") == words("nonsense") == words("where SEX") == ()


def test_a_name_that_acts_on_a_terminal_is_not_offered():
    log = Table("", (Column("x", "a\x1b[31mb"), Column("y", "ab")), ())
    assert complete("sort a", View(), {}, log).words == ("ab",)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "visits.rtf").touch()
    for name in ("table.csv", "other.csv", ".hidden", "bad\x1b.csv"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("command", [True, False])
def test_paths_are_completed_folder_by_folder(folder, command: bool):
    def made(typed: str) -> tuple[str, ...]:
        before = "export " * command
        return tuple(line.removeprefix(before) for line in path(before + typed, command).lines)

    assert made("t") == ("table.csv", "tables/")
    assert made("") == ("other.csv", "table.csv", "tables/")
    assert made(".h") == (".hidden",)
    assert made("tables/") == ("tables/visits.rtf",)
    assert made("~/ta") == ("~/table.csv", "~/tables/")
    assert made(f"{folder}/o") == (f"{folder}/other.csv",)
    assert made("none/x") == made("~nobody-of-that-name/") == made("a\0b/") == ()
    assert made("b") == ()  # its name would act on the terminal


def test_tab_completes_a_path_at_the_prompt_of_an_export_and_after_a_colon(browser, folder):
    async def play(app, pilot) -> None:
        for keys in (
            ["e"],
            [
                "colon",
                *"export ",
            ],
        ):
            await pilot.press(*(key if key != " " else "space" for key in keys))
            value = lambda: app.asking._prompt.value  # noqa: E731
            await pilot.press("t", "tab")
            assert value().endswith("table")
            await pilot.press("tab")
            assert value().endswith("table.csv")
            await pilot.press("tab")
            assert value().endswith("tables/")
            await pilot.press("v", "tab")
            assert value().endswith("tables/visits.rtf")
            await pilot.press("escape")

    browser(play)


def test_only_what_depends_on_the_study_asks_for_it():
    assert [
        line for line in ("e", "endpoint", "endpoint ", "visits 1", "theme ") if needs_study(line)
    ] == [
        "endpoint ",
        "visits 1",
    ]


@pytest.mark.parametrize(
    ("typed", "found", "common"),
    [
        ("adjust h", ("holm", "hochberg"), "adjust ho"),
        ("adjust gl", ("GLUC",), "adjust GLUC"),
        ("adjust a", ("Ab", "aC"), "adjust a"),
    ],
)
def test_a_line_grows_as_far_as_all_agree(typed, found, common):
    assert Completion("adjust ", found).common(typed) == common


NAMES = st.lists(st.text("abcXYZ -.", min_size=1, max_size=20), min_size=1, max_size=40)


@given(NAMES, st.data(), st.integers(40, 120))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_line_of_what_can_be_taken_fits_and_shows_the_one_that_is_chosen(names, data, width):
    chosen = data.draw(st.none() | st.integers(0, len(names) - 1))
    line = hint(tuple(names), chosen, width)
    assert len(line) <= width
    assert chosen is None or f"[{names[chosen]}]" in line
    if chosen is None:
        assert line.startswith(names[0])


def test_going_on_moves_the_brackets_and_nothing_else_while_the_words_fit():
    assert hint(("ab", "cd"), 0, 40) == "[ab]  cd"
    assert hint(("ab", "cd"), 1, 40) == "ab  [cd]"
    assert hint(("a" * 20, "b" * 20, "c" * 20), 1, 40) == f"... [{'b' * 20}]  ..."
    assert hint((), None, 40) == ""
