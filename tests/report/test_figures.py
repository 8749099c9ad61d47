"""The charts in HTML and Excel: marks where their figures are, arms told by more than color."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import Color

from tui.analyses.answer import Answer, Question
from tui.analyses.rows.visits import VisitRow
from tui.browser.themes import THEMES
from tui.report import courses, curves, provenance, svg
from tui.report.exports import EXPORTS
from tui.report.looks import LOOKS
from tui.selection import Selection

from .office import Page, answer, session, workbook
from .test_hostile_cells import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"
MOVED = re.compile(r"translate\((\S+) (\S+)\)")
TAGS = {SVG + name for name in ("svg", "title", "path", "text", "g")}


@pytest.fixture(scope="module")
def times(pilot_session) -> Answer:
    return pilot_session.answer(Question("survival"))


def drawn(one: Answer) -> ElementTree.Element:
    return ElementTree.fromstring(svg.figure(one))


def texts(picture: ElementTree.Element) -> list[tuple[float, float, str]]:
    return [
        (float(one.get("x")), float(one.get("y")), one.text or "")
        for one in picture.iter(SVG + "text")
    ]


def y_values(picture: ElementTree.Element):
    """From pixels to values, by the labels of the y axis."""
    ticks = [(y - 4, float(text)) for x, y, text in texts(picture) if x == svg.LEFT - 9]
    (low, first), (high, last) = ticks[0], ticks[-1]
    return lambda y: first + (y - low) / (high - low) * (last - first)


def markers(group: ElementTree.Element) -> list[tuple[float, float]]:
    found = (MOVED.match(path.get("transform") or "") for path in group)
    return [(float(one[1]), float(one[2])) for one in found if one]


@pytest.mark.parametrize("kind", ["visits", "trends"])
def test_each_mean_and_interval_is_drawn_where_its_figures_are(kind: str):
    one = answer(kind)
    picture, course = drawn(one), courses.course(one)
    value = y_values(picture)
    groups = list(picture.iter(SVG + "g"))
    assert len(groups) == len(one.arms) == 4
    pixel = abs(value(1) - value(0))
    for group, series in zip(groups, course.series, strict=True):
        known = [point for point in series.points if point.mean is not None]
        assert len(known) > 3
        assert [value(y) for _, y in markers(group)] == pytest.approx(
            [point.mean for point in known], abs=pixel
        )
        bars = [re.match(r"M\S+ (\S+)V([^M]+)M", path.get("d")) for path in group]
        limits = [(value(float(bar[1])), value(float(bar[2]))) for bar in bars if bar]
        assert [x for pair in limits for x in pair] == pytest.approx(
            [x for p in known if p.lower is not None for x in (p.lower, p.upper)], abs=pixel
        )


def test_the_interval_is_that_of_the_method_in_force():
    ancova = answer("visits")
    row = ancova.rows[-1]
    assert courses.course(ancova).series[-1].points[-1] == courses.Point(
        row.visit_number, row.lsmean, row.lsmean_lower, row.lsmean_upper
    )
    assert "LS mean change from baseline with 95% CI (ANCOVA" in svg.figure(ancova)
    welch = session().answer(Question("visits", Selection(method="welch")))
    row, last = welch.rows[-1], courses.course(welch).series[-1].points[-1]
    assert (last.mean, last.upper) == (row.change_mean, row.change_mean + row.change_se)
    assert "mean change from baseline with one standard error" in svg.figure(welch)


def test_visits_that_are_numbered_one_after_the_other_are_not_called_weeks():
    weeks = answer("trends")
    places = {
        number: place for place, number in enumerate(sorted({r.visit_number for r in weeks.rows}))
    }
    rows = [dataclasses.replace(r, visit_number=float(places[r.visit_number])) for r in weeks.rows]
    assert courses.axis(weeks) == "Week"
    assert courses.axis(dataclasses.replace(weeks, rows=tuple(rows))) == "Visit"


def test_weeks_stand_as_far_apart_as_they_are():
    at = {
        int(text): x
        for x, y, text in texts(drawn(answer("visits")))
        if y == svg.TOP + svg.HIGH + 19
    }
    assert sorted(at) == [0, 1, 2, 4, 8, 12]
    assert (at[12] - at[8]) == pytest.approx(at[8] - at[4], abs=0.2)
    assert (at[12] - at[8]) == pytest.approx(4 * (at[2] - at[1]), abs=0.5)


def test_a_curve_has_its_steps_its_censorings_and_the_numbers_at_risk(times: Answer):
    picture, made = drawn(times), curves.curves(times)
    value = y_values(picture)
    for group, one in zip(picture.iter(SVG + "g"), made.curves, strict=True):
        steps = re.findall(r"H\S+?V([^H]+)", group[0].get("d"))
        assert [value(float(y)) for y in steps] == pytest.approx(
            [height for _, height in one.steps], abs=0.2
        )
        assert group[1].get("d").count("M") == len(one.censored)
        assert markers(group)
    said = [text for _, _, text in texts(picture)]
    at = said.index("At risk")
    assert said[at + 1 : at + 6] == [*map(str, made.curves[0].at_risk), "Placebo"]


def test_arms_are_told_apart_without_their_colors_and_the_colors_are_those_for_paper():
    looks = list(LOOKS.values())
    assert len({one.dash for one in looks}) == len({one.excel[0] for one in looks}) == 8
    assert len({(one.shape, one.filled) for one in looks}) == 8
    light = [Color.from_ansi(n).get_truecolor().hex for n in THEMES["light"].many.arms]
    assert [one.color for one in looks] == light
    groups = list(drawn(answer("visits")).iter(SVG + "g"))
    assert len({group[0].get("stroke-dasharray") for group in groups}) == len(groups)
    assert len({group[-1].get("d") for group in groups}) == len(groups)


def test_a_chart_says_that_it_shows_a_reconstruction_and_stands_above_its_tables():
    one = answer("visits")
    assert provenance.warning(one) in "".join(text for *_, text in texts(drawn(one)))
    page = EXPORTS[".html"](one)
    assert page.index("<svg") < page.index("<table")
    assert [tag for tag, _ in Page(page).tags].count("svg") == 1
    assert not svg.figure(answer("events"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("kind", ["visits", "survival"])
def test_whatever_arms_and_endpoints_are_called_nothing_in_a_chart_acts(
    kind: str, text: str, times: Answer
):
    one = renamed(times if kind == "survival" else answer(kind), text)
    assert {element.tag for element in drawn(one).iter()} <= TAGS
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", svg.figure(one))
    content = EXPORTS[".xlsx"](one)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        (chart,) = [name for name in parts.namelist() if "charts/chart" in name]
        found = ElementTree.fromstring(parts.read(chart))
    formulas = [element.text for element in found.iter() if element.tag.rpartition("}")[2] == "f"]
    assert formulas
    assert all(re.fullmatch(r"Chart!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", one) for one in formulas)
    assert all(cell.data_type != "f" for row in workbook(one)["Chart"] for cell in row)


def renamed(one: Answer, text: str) -> Answer:
    """With the text in everything that a chart takes from the data."""
    names = {arm.label: f"{text}{arm.order}" for arm in one.arms}
    study = dataclasses.replace(one.study, id=text, statement=text, reconstruction=True)
    return dataclasses.replace(
        one,
        title=text,
        unit=text,
        study=study,
        arms=tuple(dataclasses.replace(arm, label=names[arm.label]) for arm in one.arms),
        rows=tuple(dataclasses.replace(r, arm=names.get(r.arm, r.arm)) for r in one.rows),
    )


VALUES = (
    st.none()
    | st.floats(-1e9, 1e9)
    | st.sampled_from([0.0, 1e-12, 8.2, 8.2000001, 1.7e308, -1.7e308, float("inf"), float("nan")])
)


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=12), st.integers(1, 8))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_whatever_the_figures_are_each_mark_is_on_the_chart(figures, count: int):
    base = answer("visits")
    arms = tuple(dataclasses.replace(base.arms[0], label=f"arm {n}", order=n) for n in range(count))
    empty = dict.fromkeys(field.name for field in dataclasses.fields(VisitRow))
    rows = tuple(
        VisitRow(
            **empty
            | {"visit": "Day", "visit_number": float(visit**2), "arm": arms[visit % count].label}
            | {"lsmean": mean, "lsmean_lower": limit, "lsmean_upper": mean}
        )
        for visit, (mean, limit) in enumerate(figures)
    )
    one = dataclasses.replace(base, arms=arms, rows=rows)
    made = svg.figure(one)
    assert "nan" not in made
    assert "inf" not in made
    if made:
        width, height = map(float, ElementTree.fromstring(made).get("viewBox").split()[2:])
        for group in drawn(one).iter(SVG + "g"):
            assert all(0 <= x <= width and 0 <= y <= height for x, y in markers(group))
    assert EXPORTS[".xlsx"](one)


# -- Excel


def test_a_workbook_has_a_chart_over_the_cells_of_its_sheet(times: Answer):
    one, sheet = answer("visits"), workbook(answer("visits"))["Chart"]
    (chart,) = sheet._charts
    assert [series.yVal.numRef.f for series in chart.series] == [
        f"Chart!${column}$30:${column}$35" for column in "BGLQ"
    ]
    course = courses.course(one)
    for place, series in enumerate(course.series):
        for at, point in enumerate(series.points, 30):
            row = [sheet.cell(at, 5 * place + column).value for column in range(1, 5)]
            expected = [point.x, point.mean]
            if point.mean is not None:
                expected += [point.mean - point.lower, point.upper - point.mean]
            assert [x for x in row if x is not None] == pytest.approx(
                [x for x in expected if x is not None]
            )
    assert provenance.warning(one) in sheet["A1"].value
    assert len({series.graphicalProperties.line.prstDash for series in chart.series}) == 4
    assert len({series.marker.symbol for series in chart.series}) == 4
    (steps,) = workbook(times)["Chart"]._charts
    assert len(steps.series) == 2 * len(times.arms)
