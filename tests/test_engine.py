"""The engine: messages through a pipe, and the process that answers them."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Question
from tui.engine import BEHIND, Ask, Frames, Opening, Reload, Reloaded, Reply, frame
from tui.selection import Selection
from tui.study.builtin import folder

LENGTH = struct.Struct("!I")
VISITS = Question("visits", statistics=False)

asks = st.builds(Ask, st.integers(), st.text(max_size=5), st.binary(max_size=300))
replies = st.builds(Reply, st.integers(), st.text(max_size=5), st.none(), st.text(max_size=50))
messages = st.lists(asks | replies, max_size=6)


@given(messages, st.data())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_messages_are_whole_again_wherever_their_bytes_are_cut(sent, data):
    stream = b"".join(map(frame, sent))
    places = st.lists(st.integers(0, len(stream)), max_size=8)
    cuts = [0, *sorted(data.draw(places)), len(stream)]
    frames, got = Frames(), []
    for start, end in pairwise(cuts):
        before = sum(len(frame(message)) for message in got)
        got += frames.feed(stream[start:end])
        assert before <= sum(len(frame(message)) for message in got) <= end
    assert got == sent


@given(messages)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_messages_are_whole_again_byte_by_byte(sent):
    frames = Frames()
    stream = b"".join(map(frame, sent))
    assert [one for at in range(len(stream)) for one in frames.feed(stream[at : at + 1])] == sent


class Process:
    """An engine process, asked and read as a browser does."""

    def __init__(self, study: str | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui.engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.ask(Opening(study))

    def ask(self, *asks: Ask | Opening) -> None:
        """Sends questions, all in one write."""
        self.process.stdin.write(b"".join(map(frame, asks)))
        self.process.stdin.flush()

    def message(self) -> Reply:
        """The next reply, or the next state of the data."""
        (length,) = LENGTH.unpack(self.process.stdout.read(LENGTH.size))
        return pickle.loads(self.process.stdout.read(length))

    def reply(self) -> Reply:
        """The next reply to something asked, or that the study cannot be opened."""
        while (reply := self.message()).slot == "data":
            pass
        return reply

    def end(self) -> tuple[list[Any], bytes]:
        """Closes its input; the replies still to come, and what it complained of."""
        out, err = self.process.communicate(timeout=20)
        frames = Frames()
        rest = frames.feed(out)
        assert not frames._buffer  # whole messages and nothing else
        return [one for one in rest if one.slot != "data"], err


@pytest.fixture
def engine() -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def start(study: str | None = None) -> Process:
        started.append(Process(study))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


def test_every_slot_gets_its_answer_and_nothing_else_is_on_standard_output(engine):
    one = engine()
    one.ask(Ask(1, "visits", VISITS), Ask(2, "arms", Question("arms")))
    one.ask(Ask(3, "events", Question("events")))
    replies = [one.reply() for _ in range(3)]
    assert [(reply.number, reply.slot, reply.error) for reply in replies] == [
        (1, "visits", None),
        (2, "arms", None),
        (3, "events", None),
    ]
    assert [reply.answer.question.kind for reply in replies] == ["visits", "arms", "events"]
    assert replies[0].answer.partial
    assert one.end() == ([], b"")
    assert one.process.returncode == 0


def test_of_two_questions_of_a_slot_that_wait_only_the_later_is_answered_and_in_its_turn(engine):
    one = engine()  # both are in the pipe before it has read the study
    one.ask(
        Ask(1, "visits", VISITS),
        Ask(2, "arms", Question("arms")),
        Ask(3, "visits", Question("visits", Selection(endpoint="GLUC"), statistics=False)),
    )
    arms, visits = one.reply(), one.reply()
    assert [(reply.number, reply.slot) for reply in (arms, visits)] == [(2, "arms"), (3, "visits")]
    assert visits.answer.selection.endpoint == "GLUC"
    assert one.end() == ([], b"")


def test_an_answered_question_can_be_asked_again(engine):
    one = engine()
    one.ask(Ask(1, "visits", VISITS))
    first = one.reply()
    one.ask(Ask(2, "visits", VISITS))
    second = one.reply()
    assert (first.number, second.number) == (1, 2)
    assert first.answer == second.answer
    assert one.end()[0] == []


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (Question("visits", Selection(endpoint="NOPE")), "NOPE"),
        (Question("visits", Selection(arms=("nobody",))), "There is no arm 'nobody'"),
        (Question("nonsense"), "There is nothing called 'nonsense'"),
        (Question("subject", subject="nobody"), "nobody"),
        ("not a question", "This should not happen"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_a_sentence_and_the_next_its_answer(
    engine, question, sentence
):
    one = engine()
    one.ask(Ask(1, "visits", question), Ask(2, "arms", Question("arms")))
    refused, answered = one.reply(), one.reply()
    assert (refused.number, refused.slot, refused.answer) == (1, "visits", None)
    assert sentence in refused.error
    assert refused.error.endswith(".")
    assert "\n" not in refused.error
    assert not refused.fatal
    assert answered.answer is not None
    assert one.end() == ([], b"")


def test_a_study_that_cannot_be_opened_is_one_sentence_and_the_end(engine, tmp_path: Path):
    one = engine(str(tmp_path))
    reply = one.reply()
    assert (reply.fatal, reply.answer) == (True, None)
    assert reply.error.endswith(".")
    assert one.end() == ([], b"")
    assert one.process.returncode == 0


def test_a_broken_file_is_named(engine, tmp_path: Path, pilot: Path):
    for path in pilot.glob("ads*.parquet"):
        shutil.copy(path, tmp_path)
        whole = (tmp_path / path.name).read_bytes()
        (tmp_path / path.name).write_bytes(whole[: len(whole) // 2])
    reply = engine(str(tmp_path)).reply()
    assert reply.fatal
    assert "adsl" in reply.error
    assert "\n" not in reply.error


@pytest.mark.parametrize("asks", [[], [Ask(1, "visits", VISITS)]], ids=["nothing", "a question"])
def test_it_ends_with_its_input_whatever_waits(engine, asks):
    one = engine()
    one.ask(*asks)
    assert one.end() == ([], b"")
    assert one.process.returncode == 0


def test_it_ends_quietly_when_nobody_reads_its_answers(engine):
    one = engine()
    one.process.stdout.close()
    one.ask(Ask(1, "visits", VISITS))
    assert one.process.wait(timeout=20) == 0
    assert one.process.stderr.read() == b""
    one.process.stdout = None


def test_the_engine_makes_way_for_the_keys_once_the_first_data_are_there(engine):
    one = engine()
    before = os.getpriority(os.PRIO_PROCESS, one.process.pid)
    one.ask(Ask(1, "first", VISITS))
    assert one.reply().answer
    one.ask(Ask(2, "arms", Question("arms")))
    one.reply()
    assert os.getpriority(os.PRIO_PROCESS, one.process.pid) == before + BEHIND


def test_ctrl_c_in_the_terminal_is_not_for_the_engine(engine):
    one = engine()
    one.ask(Ask(1, "arms", Question("arms")))
    one.reply()
    one.process.send_signal(signal.SIGINT)
    one.ask(Ask(2, "arms", Question("arms")))
    assert one.reply().number == 2


# -- a study that changes


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder(), tmp_path / "study"))


def test_the_state_of_the_data_is_said_first_and_again_when_the_files_change(engine, study):
    one = engine(str(study))
    first = one.message()
    assert (first.number, first.slot) == (0, "data")
    (study / "adae.csv").unlink()
    assert one.message().answer not in ("", first.answer)


def test_figures_of_another_state_than_the_one_on_the_screen_are_refused(engine):
    one = engine()
    now = one.message().answer
    one.ask(Ask(1, "arms", Question("arms"), data="another"), Ask(2, "visits", VISITS, data=now))
    refused, answered = one.reply(), one.reply()
    assert refused.changed
    assert refused.error == "The data changed on disk since they were read: R reloads."
    assert answered.answer is not None


def test_a_reload_says_what_changed_and_what_means_nothing_now_and_answers_from_then_on(
    engine, study
):
    one = engine(str(study))
    before = one.message().answer
    chosen = Selection(arms=("Placebo", "2.0 M/kg"), method="welch")
    path = study / "adsl.csv"
    path.write_text(path.read_text().replace("2.0 M/kg", "Highest"))
    one.ask(Ask(1, "arms", Question("arms")), Ask(2, "reload", Reload(chosen)))
    one.ask(Ask(3, "visits", VISITS, data=before), Ask(4, "later", Question("arms")))
    old, done, refused, new = (one.reply() for _ in range(4))
    assert [arm.label for arm in old.answer.arms][-1] == "2.0 M/kg"
    assert done.answer.data != before
    assert done.answer.changes == "adsl.csv changed"
    assert done.answer.kept == Selection(arms=("Placebo",), method="welch")
    assert [line[:31] for line in done.answer.gone] == ["arms=2.0 M/kg is taken back: th"]
    assert refused.changed
    assert [arm.label for arm in new.answer.arms][-1] == "Highest"


def test_a_reload_that_fails_keeps_the_study_that_was_read(engine, study):
    one = engine(str(study))
    data = one.message().answer
    shutil.rmtree(study)
    one.ask(Ask(1, "reload", Reload(Selection())), Ask(2, "visits", VISITS, data=data))
    failed, refused = one.reply(), one.reply()
    assert failed.error.startswith("There is no file or folder")
    assert refused.changed  # the rows had not been read yet
    one.ask(Ask(3, "arms", Question("nonsense"), data=data))
    assert not one.reply().changed


selections = st.builds(
    Selection,
    arms=st.none() | st.sampled_from([("A",), ("A", "B")]),
    method=st.sampled_from([None, "welch", "mmrm"]),
    where=st.sampled_from([None, "SEX=F"]),
)


@given(selections, selections, selections)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_what_was_chosen_while_a_study_was_reloaded_stays(asked, kept, now):
    applied = Reloaded("", "", asked, kept, ()).applied(now)
    for name in ("arms", "method", "where"):
        untouched = getattr(now, name) == getattr(asked, name)
        assert getattr(applied, name) == getattr(kept if untouched else now, name)


# -- what the process that draws loads

HEAVY = ("polars", "numpy", "scipy", "pandas", "pyarrow")


def loaded(code: str, data: bytes = b"") -> set[str]:
    """The heavy modules in memory at the end of a process that runs the code."""
    watch = f"import sys; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{watch}"], input=data, capture_output=True, check=True
    )
    return set(done.stdout.decode().split())


def test_importing_the_browser_loads_no_library_of_data_or_statistics():
    assert loaded("import tui.browser.app") == set()


def test_unpickling_replies_loads_no_library_of_data_or_statistics(engine):
    one = engine()
    kinds = ("visits", "arms", "trends", "events", "incidence", "values", "study", "baseline")
    questions = [Question(kind) for kind in kinds]
    questions += [Question("subject", subject="04-003"), Question("nonsense")]
    one.ask(*(Ask(place, f"slot {place}", each) for place, each in enumerate(questions)))
    replies = [one.reply() for _ in questions]
    code = (
        "import sys; from tui.engine import Frames\n"
        "replies = Frames().feed(sys.stdin.buffer.read())\n"
        f"assert [reply.number for reply in replies] == list(range({len(questions)}))"
    )
    assert loaded(code, b"".join(map(frame, replies))) == set()
