"""The pages about the program itself: the keys, those of the pane first, and the tour."""

from __future__ import annotations

from collections.abc import Sequence

from tui.browser.keys import ARROWS, Keymap
from tui.browser.view import View

_ROWS = (
    ("find", "the next row with a text"),
    ("keep", "keep the rows with a text, on the screen alone"),
)

PLACES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "arms": (
        "The arms",
        (
            ("open", "sex, age and baseline, by arm"),
            ("toggle_arm", "show or hide the arm"),
            ("reference", "make it the one that the others are compared with"),
            ("sort", "sort by a column, which is asked for"),
            *_ROWS,
        ),
    ),
    "visits": (
        "The week-by-week table",
        (
            ("open", "the subjects' values behind the figure"),
            ("columns", "begin with the next set of columns"),
            ("method", "choose how arms are compared"),
            ("value", "change from baseline, or the value"),
            ("details", "how the figures came about"),
            ("sort", "sort by the cursor's column: up, down, as it was"),
            *_ROWS,
        ),
    ),
    "trends": (
        "The trends",
        (("open", "the pane alone, with the chart, and back"), ("down", "scroll")),
    ),
    "events": (
        "The adverse-event log",
        (
            ("open", "the subject: who, values over time, events"),
            ("find", "filter by term, body system or subject; rows follow"),
            ("incidence", "incidence by body system and term"),
            ("keep", "keep the rows with a text in any column, on the screen alone"),
            ("sort", "sort by a column, which is asked for"),
        ),
    ),
    "incidence": (
        "The incidence of adverse events",
        (
            ("open", "the events of the term, in the log"),
            ("incidence", "back to the log"),
            ("sort", "sort body systems, and terms within them, by a column"),
            *_ROWS,
        ),
    ),
    "values": (
        "The values behind a figure",
        (
            ("open", "the subject"),
            ("close", "back to the table"),
            ("sort", "sort by a column, which is asked for"),
            *_ROWS,
        ),
    ),
    "notes": (
        "The notes on the data",
        (
            ("open", "the rows that the note is about"),
            ("close", "back to the panes"),
            ("sort", "sort by a column, which is asked for"),
            *_ROWS,
        ),
    ),
}
"""What the keys mean in a pane, or on a page that is a table."""

_PAGE = (("down", "scroll"), ("find", "the next line with a text"), ("close", "back"))

WORDS = (
    "After a colon, a field and its value change the selection:",
    "  :endpoint GLUC   :where AGE>=65 SEX=F   :visits 8,12   :covariates SEX",
    "  :reset where     takes a choice back; :reset takes all back",
    "  :subject ID      opens a subject",
    "  :values 8 Placebo  shows the values of a visit and arm",
    "  :columns change  begins with a set of columns; :zoom and :zoom off",
    "  :12              goes to row 12; :+5 and :-5 move",
    "  :sort n          sorts by a column; :sort -n downwards; :sort as it was",
    "  :keep TEXT       keeps the rows with a text; :keep keeps all",
    "  :copy FILE       writes what was sent to the terminal last",
    "  :export FILE     writes the view (.csv .md .json .txt .xlsx .html .rtf .svg)",
    "  :record FILE     writes what is done from here on as a script; :record ends it",
    "  :describe FILE   writes what the page of the study recognized, as a study.toml",
    "  :tour            what is where, on a page",
    "Tab completes words and values; the arrows bring back what was said before.",
)


def help_lines(view: View, keymap: Keymap, ascii_only: bool) -> list[str]:
    """The keys of the pane or page that help was asked on; then all keys, and the words."""
    place = view.about or view.but(page="").table or view.pane
    name, said = PLACES.get(place, (f"The {place} page", _PAGE))
    lines = [name, *_columns([(keymap.key(id).shown, text) for id, text in said], ascii_only)]
    for group in dict.fromkeys(key.group for key in keymap.keys):
        members = [key for key in keymap.keys if key.group == group]
        lines += ["", group, *_columns([(key.shown, key.help) for key in members], ascii_only)]
    return [*lines, "", *WORDS]


def _columns(rows: Sequence[tuple[str, str]], ascii_only: bool) -> list[str]:
    if ascii_only:
        rows = [(shown.translate(ARROWS), text) for shown, text in rows]
    wide = max(11, *(len(shown) + 2 for shown, _ in rows))
    return [f"  {shown:<{wide}}{text}" for shown, text in rows]


def tour_lines(keymap: Keymap, ascii_only: bool) -> list[str]:
    """What is where, and the first keys."""
    key = keymap.hint
    first = (
        (f"{key('open')} {key('close')}", "what is behind a row or a figure, and back"),
        (key("endpoint"), "another endpoint; letters narrow the list"),
        (key("method"), "another method of comparison"),
        (key("details"), "how the figures came about: method, rows kept, notes"),
        (key("command"), "say it in words, such as :where AGE>=65; Tab completes"),
        (key("help"), "the keys of where you are, and all the others"),
    )
    panes = "arms", "week by week", "trends", "adverse events"
    digits = [f"{key(f'pane_{n}')} {name}" for n, name in enumerate(panes, 1)]
    lines = [
        "At the top stand the study and what is in force: population, reference arm,",
        "method, records. At the bottom: where the cursor is, and what a filter leaves.",
        "",
        f"Four panes:  {'   '.join(digits)}",
        f"{key('next_pane')} goes to the next; where there is little room one is shown at a time.",
        f"Arrows or {key('left')} {key('down')} {key('up')} {key('right')} move.",
        "",
        "Six keys to begin with:",
        *_columns(first, ascii_only),
        "",
        f"Every screen has a command that prints the same numbers: {key('copy_command')} shows it.",
        "Nothing here changes the data.",
        f"{key('close')} closes this page, :tour shows it again, {key('quit')} leaves.",
    ]
    return [line.translate(ARROWS) for line in lines] if ascii_only else lines
