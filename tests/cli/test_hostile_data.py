"""Data are never markup, nor commands to the terminal."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tui.analyses.session import KINDS

from .hostile import ACTS, ESCAPE, HOSTILE_ARM
from .program import refusal, show

NEEDED_BY_HOSTILE = {"subject": ["--subject", "03"], "responders": ["--responder", "change>0"]}
"""What has to be said where the built-in study says it itself."""


@pytest.mark.parametrize("form", ["text", "md"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_the_data_acts_on_the_terminal(kind, form, here, hostile):
    needed = NEEDED_BY_HOSTILE.get(kind, [])
    text = show(here, kind, hostile, *needed, "--format", form).out
    assert [line for line in text.splitlines() if ACTS.search(line)] == []
    assert "Red" in text
    code = form == "text" or kind == "notes"  # which name the arms in the selection alone
    assert ("[bold]" if code else r"\[bold\]") in text


def test_a_hostile_name_in_an_error_is_shown_and_does_not_act(trialdeck, hostile):
    said = refusal(trialdeck, "visits", hostile, "--arms", f"{ESCAPE}[2Jno")
    assert not ACTS.search(said)
    assert "Red" in said


@pytest.mark.parametrize("kind", ["arms", "baseline", "visits", "events", "incidence"])
def test_every_row_of_a_markdown_table_has_the_cells_of_its_header(kind, here, hostile):
    """A bar in the data is no border."""
    text = show(here, kind, hostile, "--format", "md").out
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("| ")]
    assert blocks
    for block in blocks:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block}
        assert len(widths) == 1, block


@pytest.mark.parametrize("kind", KINDS)
def test_programs_get_the_data_as_they_are(kind, here, hostile):
    needed = NEEDED_BY_HOSTILE.get(kind, [])
    answer = show(here, kind, hostile, *needed, "--format", "json").json
    assert answer["arms"][1]["label"] == HOSTILE_ARM
    text = show(here, kind, hostile, *needed, "--format", "csv").out
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == len(answer["rows"]) + 1
