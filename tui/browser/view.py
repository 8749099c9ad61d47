"""What the browser shows, as a value; where it has been; and what it has to ask to show it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from tui.analyses.answer import Question
from tui.browser.arrangement import Arrangement
from tui.selection import ENDPOINT_FIELDS, FIELDS, Selection

PANES = ("arms", "visits", "trends", "events")
"""The panes, in the order of the digits that lead to them."""

PAGES = (
    "study",
    "arms",
    "baseline",
    "responders",
    "tests",
    "subgroups",
    "sensitivity",
    "power",
    "mmrm",
    "survival",
    "notes",
)
"""The answers that fill a page and need nothing but the selection."""

OVER = ("help", "tour")
"""Pages about the program itself: what they were opened on is there again after them."""

TABLE_PAGES = ("values", "notes")
"""Pages that are a table with a cursor, below lines about what is at it."""

NOTE_COUNT = Question("notes", statistics=False)
"""What the header's number of notes is taken from; where it would take seconds there is none."""

EVENT_FIELDS = ("text", "severity", "serious", "related", "days", "emergent")
"""Fields that only the adverse events look at: a letter of their filter asks nothing else."""

SUBJECT_FIELDS = ("arms", "reference", "population", "arm", "where", "alpha")
"""Fields that the adverse events share with the rest."""


TIME_FIELDS = (*SUBJECT_FIELDS, "covariates", "adjust", "strata")
"""Fields that times to an event share with the rest."""


@dataclass(frozen=True)
class View:
    """What is on the screen.

    Attributes:
        selection: What is looked at; None in a field leaves the choice to the study.
        pane: The pane that has the keys.
        zoom: Whether that pane has the whole body.
        columns: The column set that the visits table begins with.
        incidence: Whether the events pane shows incidence instead of the log.
        page: A page over the panes: the kind of question it shows, `help`, or empty.
        subject: The subject of a `subject` page.
        cell: Visit number and arm of a `values` page.
        time_to_event: The endpoint of a `survival` page; None is the study's first.
        about: The page that `help` or the tour was opened on.
        arranged: Which rows of a table are shown and in which order, by the table's name.
    """

    selection: Selection = field(default_factory=Selection)
    pane: str = "visits"
    zoom: bool = False
    columns: str = "observed"
    incidence: bool = False
    page: str = ""
    subject: str | None = None
    cell: tuple[float, str] | None = None
    time_to_event: str | None = None
    about: str = ""
    arranged: tuple[tuple[str, Arrangement], ...] = ()

    def but(self, **changes: object) -> View:
        """This view with some parts replaced; a page that closes takes what it was about along."""
        if changes.get("page") == "":
            kept = tuple(one for one in self.arranged if one[0] not in TABLE_PAGES)
            changes = {"subject": None, "cell": None, "arranged": kept, **changes}
        if "page" in changes:
            changes = {"about": "", **changes}
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def over(self, page: str) -> View:
        """The help or the tour over what is shown; from there back to it."""
        if self.page == page:
            return self.but(page=self.about)
        return self.but(page=page, about=self.about if self.page in OVER else self.page)

    @property
    def table(self) -> str:
        """The name of the table that has the keys; empty where there is none."""
        if self.page or self.pane == "trends":
            return self.page if self.page in TABLE_PAGES else ""
        return "incidence" if self.pane == "events" and self.incidence else self.pane

    def arrangement(self, name: str) -> Arrangement:
        """How the table with this name is shown."""
        return dict(self.arranged).get(name, Arrangement())

    def arranging(self, how: Arrangement) -> View:
        """This view with the table that has the keys shown in another way."""
        others = tuple(one for one in self.arranged if one[0] != self.table)
        made = others if how == Arrangement() else (*others, (self.table, how))
        return self.but(arranged=tuple(sorted(made, key=lambda one: one[0])))

    def selecting(self, **changes: object) -> View:
        """This view with another selection; another endpoint leaves behind what was chosen of it.

        A unit, time point or visit of one endpoint means nothing for the next.
        """
        if changes.get("endpoint") is not None:
            changes = {**dict.fromkeys(ENDPOINT_FIELDS), **changes}
        return self.but(selection=self.selection.changed(**changes))


@dataclass(frozen=True)
class History:
    """The views that led here, oldest first, and those that were gone back from."""

    past: tuple[View, ...] = ()
    future: tuple[View, ...] = ()

    def went_from(self, view: View) -> History:
        """After a step to a new view; the last 200 are kept."""
        return History((*self.past[-199:], view), ())

    def back(self, view: View) -> tuple[History, View]:
        """The view before this one; this one where there is none."""
        if not self.past:
            return self, view
        return History(self.past[:-1], (view, *self.future)), self.past[-1]

    def forward(self, view: View) -> tuple[History, View]:
        """The view that was last gone back from."""
        if not self.future:
            return self, view
        return History((*self.past, view), self.future[1:]), self.future[0]

    def back_to(self, view: View, shown: Selection) -> tuple[History, View]:
        """The last view whose table has the figures of a selection; this one if there is none."""
        history, found = self, view
        while questions(found)["visits"].selection != shown and history.past:
            history, found = history.back(found)
        there = questions(found)["visits"].selection == shown
        return (history, found) if there else (self, view)

    def without(self, selection: Selection) -> History:
        """The same without the views of a selection that means nothing any more."""
        past = tuple(one for one in self.past if one.selection != selection)
        return History(past, tuple(one for one in self.future if one.selection != selection))

    def undo(self, view: View) -> tuple[History, View]:
        """The present view with the selection before its last change."""
        for place in range(len(self.past) - 1, -1, -1):
            if self.past[place].selection != view.selection:
                return self.went_from(view), view.but(selection=self.past[place].selection)
        return self, view


def questions(view: View) -> dict[str, Question]:
    """What has to be asked for a view, by the pane or page that shows the answer."""
    of_records = view.selection.changed(**dict.fromkeys(EVENT_FIELDS))
    unused = [name for name in FIELDS if name not in (*EVENT_FIELDS, *SUBJECT_FIELDS)]
    of_events = view.selection.changed(**dict.fromkeys(unused))
    everyone = of_records.changed(arms=None, reference=None)
    asked = {
        "visits": Question("visits", of_records),
        "trends": Question("trends", of_records),
        "arms": Question("arms", everyone),
        "events": Question("incidence" if view.incidence else "events", of_events),
    }
    if view.page == "values" and view.cell:
        visit, arm = view.cell
        one = of_records.changed(visits=(visit,), arms=(arm,), reference=arm)
        asked["page"] = Question("values", one)
    elif view.page == "survival":
        others = [name for name in FIELDS if name not in TIME_FIELDS]
        of_times = view.selection.changed(**dict.fromkeys(others))
        asked["page"] = Question("survival", of_times.changed(endpoint=view.time_to_event))
    elif view.page == "notes":
        asked["page"] = Question("notes")
    elif view.page in PAGES:
        asked["page"] = Question(view.page, of_records)
    elif view.page == "subject":
        asked["page"] = Question("subject", of_records, subject=view.subject)
    return asked


def shown(view: View) -> Question:
    """The question whose answer is what the view shows: that of its page, else of its pane."""
    asked = questions(view)
    return asked.get("page") or asked[view.pane]


def command(view: View, study: str | None, encoding: str | None = None) -> str:
    """The command that prints what the view shows."""
    return shown(view).command(study, encoding)


FIRST = "first"
"""The slot of the table without statistics, which is there soonest."""


def first_questions(view: View) -> dict[str, Question]:
    """What is asked when the browser starts, most urgent first.

    The table comes without statistics first (slot `FIRST`), and is complete soon after; the notes
    on the data are counted when everything else is there.
    """
    asked = questions(view)
    first = dataclasses.replace(asked["visits"], statistics=False)
    return {FIRST: first, **asked, "notes": NOTE_COUNT}
