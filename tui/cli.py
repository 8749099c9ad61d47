"""The command line. `--help` and `--version` load nothing heavy; a command only what it needs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui import parsers
from tui.errors import TrialdeckError

if TYPE_CHECKING:
    from tui.analyses.answer import Answer
    from tui.browser.child import Child

_LONGEST = 2_000
"""Characters of a sentence on standard error."""


def main(arguments: Sequence[str] | None = None, engine: Child | None = None) -> int:
    """Runs a command; returns the exit status: 0, 1 if a validation fails, 2 on bad input.

    Args:
        arguments: The words of the command line; else those of this process.
        engine: The browser's engine, if it has been started; the caller ends it.
    """
    _take_closed_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        try:
            return _run(words, engine)
        except SystemExit as ended:
            _write("")  # what --help has printed is out, or cannot be
            return int(ended.code or 0)
    except TrialdeckError as error:
        print(f"trialdeck: {_printable(str(error))}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:  # it is what the error is about
            _drop_output()
        return 2
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is lost that anyone wants.
        _drop_output()
        return 0
    except KeyboardInterrupt:
        return 130


def _run(words: list[str], engine: Child | None) -> int:
    if words[:1] == ["show"]:
        return _show(parsers.show_parser().parse_intermixed_args(words[1:]))
    if words[:1] == ["replay"]:
        return _replay(parsers.replay_parser().parse_intermixed_args(words[1:]))
    if words[:1] == ["describe"]:
        return _describe(parsers.describe_parser().parse_intermixed_args(words[1:]))
    if words[:1] == ["prepare"]:
        return _prepare(parsers.prepare_parser().parse_intermixed_args(words[1:]))
    if words[:1] == ["keys"]:
        return _keys(parsers.keys_parser().parse_args(words[1:]))
    if words[:1] == ["validate"]:
        return _validate(parsers.validate_parser().parse_args(words[1:]))
    return _browse(parsers.browse_parser().parse_intermixed_args(words), engine)


def _take_closed_streams() -> None:
    """Streams that the caller has closed (`2>&-`): nothing comes, nothing is heard, output fails.

    Their numbers are taken: else a file that is written would get one, and what is printed with it.
    """
    for name, mode, way in (
        ("stdin", "r", os.O_RDONLY),
        ("stdout", "w", os.O_RDONLY),
        ("stderr", "w", os.O_WRONLY),
    ):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, way)
            setattr(sys, name, os.fdopen(handle, mode, encoding="utf-8"))


def _printable(text: str) -> str:
    """A sentence as it can be printed; a long argument in it is not printed whole."""
    from tui.report.visible import visible

    return visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ...")


def _show(options: argparse.Namespace) -> int:
    from tui.selection import from_texts

    # Read before the rest is loaded: a slip of the keyboard is answered at once.
    selection = from_texts(parsers.selection_texts(options))
    if options.output is not None:
        from tui.report import exports

        exports.check(Path(options.output))
    from tui.analyses.answer import Question
    from tui.analyses.session import Session
    from tui.report.terminal import showing_progress
    from tui.study.open import open_study

    with showing_progress(sys.stderr):
        session = Session(open_study(options.study, options.encoding))
        answer = session.answer(Question(options.what, selection, options.subject))
    if options.output is not None:
        _write(exports.write(Path(options.output), answer) + "\n")
    else:
        _print(answer, options)
    return 0


def _print(answer: Answer, options: argparse.Namespace) -> None:
    """An answer in the format that was asked for."""
    if options.format == "text":
        from tui.report.terminal import is_ascii
        from tui.report.text import render

        _write(render(answer, options.ascii or is_ascii(os.environ)))
    else:
        from tui.report.formats import FORMATS

        _write(FORMATS[options.format](answer))


def _replay(options: argparse.Namespace) -> int:
    from tui.browser import replay, script

    read = script.read(options.file)
    study = options.study or read.study
    encoding = options.encoding or (None if options.study else read.encoding)
    from tui.analyses.session import Session
    from tui.report.terminal import showing_progress
    from tui.study.open import open_study

    with showing_progress(sys.stderr):
        session = Session(open_study(study, encoding))
    if options.screen:
        from tui.browser import run

        ahead = replay.views(read, session)[1:]
        return run(study, {}, encoding=encoding, ascii_only=options.ascii, ahead=ahead)
    for place, answer in enumerate(replay.printed(read, session, _tell)):
        if place:
            _write("\n")
        _print(answer, options)
    return 0


def _tell(said: str) -> None:
    print(_printable(said), file=sys.stderr)


def _describe(options: argparse.Namespace) -> int:
    from tui.errors import StudyError
    from tui.queries import match
    from tui.report import file
    from tui.study import builtin, draft
    from tui.study.open import open_study

    path = builtin.place(options.study)
    try:
        study = open_study(options.study, options.encoding)
        endpoint = match.endpoint(study, None)[0].key if study.endpoints else None
        text = draft.text(study, endpoint)
    except StudyError as error:
        text = draft.unopened(path, str(error), options.encoding)
    if options.output is None:
        _write(text)
    else:
        _write(file.write(Path(options.output), text) + "\n")
    return 0


def _prepare(options: argparse.Namespace) -> int:
    from tui.report.terminal import progress_bar
    from tui.study.prepare import prepare

    with progress_bar(sys.stderr) as tell:
        done = prepare(options.study, Path(options.to), tell, options.encoding)
    _write("".join(f"{line}\n" for line in done.said()))
    return 0


def _keys(options: argparse.Namespace) -> int:
    from tui.browser import keys_file
    from tui.report.terminal import is_ascii

    keymap = keys_file.load(os.environ)
    as_text = options.format == "text"
    _write(keymap.text(is_ascii(os.environ)) if as_text else keymap.markdown() + "\n")
    return 0


def _validate(options: argparse.Namespace) -> int:
    from tui.validation.report import FORMATS
    from tui.validation.suite import cases, run

    outcome = run(cases())
    _write(FORMATS[options.format](outcome, options.all))
    return 0 if outcome.passed else 1


def _write(text: str) -> None:
    """As UTF-8 whatever the locale says: a program that reads it expects that.

    What UTF-8 cannot hold (half a character, from an argument that was not text) is escaped. CSV
    and JSON hold the data as they are: on a terminal what would act there is made visible.
    """
    if sys.stdout.isatty():
        from tui.report.visible import visible

        text = "\n".join(visible(line) for line in text.split("\n"))
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:  # a full disk
        raise TrialdeckError(f"The output cannot be written: {error.strerror}.") from None


def _drop_output() -> None:
    """What is still buffered goes nowhere, so that Python does not try again at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _browse(options: argparse.Namespace, engine: Child | None) -> int:
    if options.study is not None:
        from tui.study import builtin

        builtin.place(options.study)
    if options.encoding:
        from tui.study.formats.encoding import check

        check(options.encoding)
    if options.plain:
        if options.theme or options.mouse:
            raise TrialdeckError("Lines of text have no theme and no mouse: --plain alone.")
        from tui.browser import plain
        from tui.selection import from_texts

        selection = from_texts(parsers.selection_texts(options))
        return plain.run(options.study, selection, options.ascii, options.encoding)
    from tui.browser import run

    return run(
        options.study,
        parsers.selection_texts(options),
        encoding=options.encoding,
        theme=options.theme,
        ascii_only=options.ascii,
        mouse=options.mouse,
        started=engine,
    )


if __name__ == "__main__":
    sys.exit(main())
