"""Conditions, thresholds and commands of any text, any length: a meaning or a sentence, at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.browser import commands
from tui.browser.view import View
from tui.errors import SelectionError, TrialdeckError
from tui.queries import where
from tui.selection import FIELDS, MOST, Selection, from_texts, parse
from tui.study.open import open_study

SIGNS = "AGESXRC=<>!,.'\"\\ \t\n#$-+()[]{}|&*%é漢🙂٣\u202e\x1b\x00019e"
FUZZ = settings(max_examples=100, deadline=None, derandomize=True)
LONG = {
    "brackets": "(",
    "nested conditions": "(AGE>1 ",
    "conditions": "AGE>1 ",
    "equals signs": "A=",
    "digits": "9",
    "an exponent": "1e9",
    "commas": ",",
    "items": "1,",
    "names": "Placebo,",
    "quotation marks": "'",
    "quoted": '"a"',
    "backslashes": "\\",
    "blanks": " ",
    "letters": "é",
    "signs": "-",
}


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(open_study(None))


@contextmanager
def no_hang() -> Iterator[None]:
    """Fails where it takes a minute of computing: it is a second on any machine."""

    def late(*_: object) -> None:
        raise AssertionError("it computes for a minute")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, 60)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def is_sentence(error: TrialdeckError, text: str = "") -> None:
    said = str(error)
    assert said.endswith(".")
    assert not text or "\n" not in said.replace(text, "")


def said_or_meant(session: Session, name: str, text: str) -> None:
    """A field's text is answered or refused in a sentence."""
    kind = {"responder": "responders", "subgroup": "subgroups", "text": "events", "days": "events"}
    try:
        session.answer(Question(kind.get(name, "visits"), from_texts({name: text})))
    except TrialdeckError as error:
        is_sentence(error, text)


@FUZZ
@given(st.text(SIGNS, max_size=20))
@example("AGE>1e999")
@example("AGE>nan")
@example("TRTSDT>99999-01-01")
@example("A" * 400 + "=1")
def test_any_condition_is_met_or_refused_in_a_sentence(session: Session, text: str):
    try:
        conditions = where.parse(text)
        where.mask(session.study.subject_rows, conditions)
    except SelectionError as error:
        is_sentence(error)
        return
    assert all(one.column and one.values for one in conditions)


@FUZZ
@given(st.text(SIGNS, min_size=1, max_size=20).filter(str.strip))
def test_a_condition_of_any_text_comes_back_from_the_printed_selection(text: str):
    chosen = Selection(where=text)
    assert parse(str(chosen)) == chosen
    assert parse(str(parse(str(chosen)))) == chosen


@FUZZ
@given(st.sampled_from([*commands.WORDS, ""]), st.text(SIGNS, max_size=16))
@example("", "+" + "9" * 10_000)
@example("values", "1e999 x")
@example("", "٣")
def test_any_command_is_understood_or_refused_in_a_sentence(word: str, rest: str):
    try:
        said = commands.run(f"{word} {rest}", View())
    except SelectionError as error:
        is_sentence(error)
    else:
        assert isinstance(said, View | commands.Effect)


@pytest.mark.parametrize("piece", LONG.values(), ids=list(LONG))
def test_as_many_characters_as_are_taken_are_no_hang(session: Session, piece: str):
    text = (piece * MOST)[:MOST]
    with no_hang():
        for name in ("where", "arms", "responder", "text", "visits", "covariates", "endpoint"):
            said_or_meant(session, name, text)


@pytest.mark.parametrize("field", FIELDS)
def test_more_characters_are_refused_at_once(field: str):
    with no_hang(), pytest.raises(SelectionError, match="1,000,000 characters; 65,536 are the"):
        from_texts({field: "(" * 1_000_000})
    with no_hang(), pytest.raises(SelectionError, match="The selection has 1,000,0"):
        parse(f"{field}={'(' * 1_000_000}")


def test_a_pasted_filter_of_a_million_characters_is_a_sentence(session: Session):
    with pytest.raises(SelectionError, match="text has 1,000,000 characters"):
        session.answer(Question("events", Selection(text="é" * 1_000_000)))
