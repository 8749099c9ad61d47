"""Every answer on the built-in study as the command prints it. UPDATE_GOLDENS=1 writes anew."""

from __future__ import annotations

import pytest

ANSWERS = {
    "study.txt": ["study"],
    "arms.txt": ["arms"],
    "baseline.txt": ["baseline"],
    "visits.txt": ["visits"],
    "visits.md": ["visits", "--format", "md"],
    "trends.txt": ["trends"],
    "trends-ascii.txt": ["trends", "--ascii"],
    "responders.txt": ["responders"],
    "responders-change.txt": [
        "responders",
        "--responder",
        "change<=-0.5",
        "--missing",
        "excluded",
        "--adjust",
        "holm",
        "--visits",
        "8,12",
    ],
    "tests.txt": ["tests", "--responder", "value<7"],
    "mmrm.txt": ["mmrm"],
    "subgroups.txt": ["subgroups"],
    "sensitivity-week-8.txt": ["sensitivity", "--visits", "8"],
    "power.txt": ["power", "--wanted", "0.5"],
    "power-ascii.txt": ["power", "--visits", "8,12", "--ascii"],
    "notes.txt": ["notes"],
    "events.txt": ["events"],
    "incidence.txt": ["incidence"],
    "values-week-8.txt": ["values", "--visits", "8", "--arms", "2.0"],
    "subject.txt": ["subject", "--subject", "04-003"],
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_built_in_study_is_printed_as_it_was(name, here, golden):
    run = here("show", *ANSWERS[name])
    assert (run.status, run.err) == (0, "")
    golden(f"show/{name}", run.out)


def test_the_notes_on_the_pilot_study_are_printed_as_they_were(here, golden, pilot, monkeypatch):
    monkeypatch.chdir(pilot.parent)  # the commands it prints name the study as it was named
    run = here("show", "notes", pilot.name)
    assert (run.status, run.err) == (0, "")
    golden("show/notes-pilot.txt", run.out)


@pytest.mark.parametrize(
    ("name", "options"),
    {
        "survival-pilot.txt": [],
        "survival-pilot-ascii.txt": ["--ascii", "--arms", "Placebo,High Dose"],
        "survival-pilot.md": ["--format", "md", "--adjust", "holm", "--strata", "SEX"],
    }.items(),
)
def test_times_to_an_event_are_printed_as_they_were(name, options, here, golden, pilot):
    run = here("show", "survival", pilot, "--endpoint", "TTDE", *options)
    assert (run.status, run.err) == (0, "")
    golden(f"show/{name}", run.out)
