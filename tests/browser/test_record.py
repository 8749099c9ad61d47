"""What was done in words, and that these words do it again."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analyses.session import Session
from tui.browser import actions, record, replay, script
from tui.browser.actions import ACTIONS, Here
from tui.browser.arrangement import Arrangement
from tui.browser.commands import run
from tui.browser.recording import Recording
from tui.browser.view import PANES, History, View, questions, shown
from tui.errors import SelectionError, TrialdeckError
from tui.report import text
from tui.selection import Selection
from tui.study.open import open_study

WORDS = (
    "endpoint GLUC", "endpoint HBA1C", "endpoint=GLUC visits=4,8", "visits 8", "method welch",
    "arms Placebo,2.0", "reference 2.0", "where AGE>=50 SEX=M", "population SAFFL", "value AVAL",
    "text head", "severity Mild", "days -5,40", "alpha 0.1", "reset", "reset visits", "baseline",
    "power", "study", "help", "details", "tour", "zoom off", "columns lsmean", "page arms",
    "values 8 Placebo", "subject 04-003", "incidence", "events", "unit mmol/mol",
    "arms nobody", "reference",
)  # fmt: skip
TRAVEL = ("undo", "back", "forward")
STEPS = st.lists(
    st.tuples(st.sampled_from([*ACTIONS, *WORDS, *TRAVEL, "sort", "keep"]), st.integers(0, 9)),
    max_size=14,
)


@cache
def session() -> Session:
    return Session(open_study(None))


def answered(view: View) -> bool:
    """Whether all figures of a view can be had: another is refused by the browser."""
    try:
        for question in questions(view).values():
            session().answer(question)
    except TrialdeckError:
        return False
    return True


def here(view: View, row: int) -> Here:
    """What a key sees with the cursor at a row, or at the last one."""
    player = replay.Player(session(), None)
    player.view = view
    answers = {slot: session().answer(question) for slot, question in questions(view).items()}
    table, slot = player._table(), "page" if "page" in answers else view.pane
    count = len(table.rows if table else answers[slot].rows)
    if not count:
        return Here(view, answers, table=table)
    row = min(row, count - 1)
    texts = table.rows[row] if table else ()
    column = table.columns[row % len(table.columns)].key if table else ""
    return Here(view, answers, row, texts, table, column)


def done(name: str, row: int, view: View, history: History) -> tuple[History, View]:
    """After a key or words; the same view where they mean nothing."""
    if name in TRAVEL:
        return getattr(history, name)(view)
    at = here(view, row)
    try:
        if name in ACTIONS:
            new = ACTIONS[name](at)
        elif name in ("sort", "keep"):
            new = actions.sort(at) if name == "sort" else actions.keep(at, "e" * (row % 2))
        else:
            new = run(name, view)
    except TrialdeckError:
        return history, view
    assert isinstance(new, View)
    return (history.went_from(view), new) if new != view and answered(new) else (history, view)


@given(STEPS, st.integers(0, 10))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_whatever_was_done_is_done_again_by_its_record(steps, begin):
    history, view = History(), View()
    recording = Recording(None, None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "script.txt")
        for place, (name, row) in enumerate(steps):
            if place == begin:  # a session that is under way already
                recording.switch(str(path))
                assert recording.follow(view) == ""
            history, view = done(name, row, view, history)
            recording.follow(view)
        if len(steps) <= begin:
            recording.switch(str(path))
            recording.follow(view)
        read = script.read(str(path))
        written = path.read_text(encoding="utf-8")
    assert "missing" not in written
    assert replay.views(read, session())[-1] == record.recorded(view)
    (printed,) = replay.printed(read, session(), pytest.fail)
    asked = shown(record.recorded(view))
    assert text.render(printed) == text.render(session().answer(asked))


TABLES = st.sampled_from(["arms", "visits", "events", "incidence"])
ARRANGED = st.builds(Arrangement, st.sampled_from(["", "week 8", "-"]), st.just("n"), st.booleans())
VIEWS = st.builds(
    View,
    st.sampled_from([Selection(), Selection(endpoint="GLUC", visits=(8.0, 12.5)),
                     Selection(arms=("A, b", "c\\"), where="SEX='F' AGE>=65", text=" -x")]),
    st.sampled_from(PANES),
    st.booleans(),
    st.sampled_from(["observed", "difference"]),
    st.booleans(),
    st.sampled_from(["", "study", "arms", "details", "survival"]),
    time_to_event=st.sampled_from([None, "TTDE"]),
    arranged=st.dictionaries(TABLES, ARRANGED).map(lambda each: tuple(sorted(each.items()))),
)  # fmt: skip


@given(VIEWS, VIEWS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_from_any_view_to_any_other_there_are_words(before, after):
    said = record._Said(before).then(*record.lines(before, after))
    assert said.view == after


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (View(), View(), ()),
        (View(), View(Selection(endpoint="GLUC")), ("endpoint GLUC",)),
        (View(), View(Selection(where="AGE>=65 SEX=F")), ("where AGE>=65 SEX=F",)),
        (
            View(Selection(unit="%", visits=(8.0,))),
            View(Selection(endpoint="GLUC")),
            ("endpoint GLUC",),
        ),
        (View(Selection(method="welch")), View(), ("reset method",)),
        (View(Selection(method="welch", alpha=0.1)), View(), ("reset",)),
        (
            View(Selection(method="welch", visits=(8.0,), text="x")),
            View(Selection(text="x", alpha=0.1)),
            ("reset", "alpha=0.1 text=x"),
        ),
        (View(), View(page="values", cell=(8.0, "2.0 M/kg")), ("values 8 2.0 M/kg",)),
        (
            View(page="values", cell=(8.0, "2.0 M/kg")),
            View(page="subject", subject="01-701-1015", cell=(8.0, "2.0 M/kg")),
            ("subject 01-701-1015",),
        ),
        (View(page="help", about="power"), View(), ("visits",)),
        (View(), View(page="help"), ()),
        (View(), View(pane="events", incidence=True, zoom=True), ("incidence", "zoom")),
        (
            View(),
            View(arranged=(("visits", Arrangement("week 8", "mean", True)),)),
            ("keep week 8", "sort -mean"),
        ),
    ],
)
def test_a_step_is_said_in_few_words(before, after, said):
    assert record.lines(before, after) == said


def test_a_value_that_no_line_can_hold_is_a_remark_and_the_next_step_is_whole(tmp_path):
    path = tmp_path / "script.txt"
    recording = Recording("a study", "shift_jis")
    recording.switch(str(path))
    recording.follow(View(Selection(text="a\nreset")))
    recording.follow(View(Selection(text="a\x1b[31m")))
    recording.follow(View(Selection(method="welch")))
    assert path.read_text(encoding="utf-8").splitlines()[1:] == [
        "study a study",
        "encoding shift_jis",
        "# A step is missing here: A value of the selection cannot be written as a line.",
        "method welch",
    ]


def test_a_record_is_its_owners_alone_and_never_written_over_a_file(tmp_path):
    path = tmp_path / "script.txt"
    recording = Recording(None, None)
    assert recording.notice == ""
    assert "record alone ends it" in recording.switch(str(path))
    assert recording.notice == "recording"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(TrialdeckError, match="is being recorded"):
        recording.switch("another")
    assert recording.switch("") == f"recorded in {path}: trialdeck replay {path}"
    with pytest.raises(TrialdeckError, match="is there already"):
        recording.switch(str(path))
    with pytest.raises(TrialdeckError, match="needs the name of a file"):
        recording.switch("")


def test_a_record_whose_file_is_gone_ends_with_a_sentence_and_makes_no_other(tmp_path):
    path = tmp_path / "script.txt"
    recording = Recording(None, None)
    recording.switch(str(path))
    path.unlink()
    said = recording.follow(View(pane="arms"))
    assert said.startswith("Recording has ended: ")
    assert recording.follow(View()) == ""
    assert not path.exists()


def test_what_is_printed_of_a_view_is_written_once_the_view_is(tmp_path):
    path, welch = tmp_path / "script.txt", View(Selection(method="welch"))
    recording = Recording(None, None)
    recording.switch(str(path))
    recording.did("show", welch)  # its figures are still to come
    recording.follow(welch)
    recording.did("show", View(Selection(method="refused")))
    recording.follow(welch)
    recording.did("export x.csv")
    assert path.read_text(encoding="utf-8").splitlines()[2:] == [
        "method welch",
        "show",
        "export x.csv",
    ]


def test_a_study_whose_path_breaks_a_line_is_not_recorded(tmp_path):
    with pytest.raises(TrialdeckError, match="cannot be written as a line"):
        Recording("a\nb", None).switch(str(tmp_path / "script.txt"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("values 8", "values needs a visit's number and an arm"),
        ("values week Placebo", "values takes numbers, not 'week'."),
        ("page nowhere", "page takes study, arms"),
        ("columns all", "columns takes observed, change, lsmean or difference, not 'all'."),
        ("zoom twice", "zoom takes on or off, not 'twice'."),
    ],
)
def test_words_that_open_something_say_what_they_take(words, said):
    with pytest.raises(SelectionError) as raised:
        run(words, View())
    assert str(raised.value).startswith(said)
