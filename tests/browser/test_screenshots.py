"""The pictures of the README, made by the program itself. UPDATE_GOLDENS=1 makes them anew."""

import os
from pathlib import Path

import pytest

PICTURES = Path(__file__).parents[2] / "screenshots"

# The pictures of a size in their order: the keys that lead to each from the one before, every one
# with the kind of the answer that is looked at then.
TOURS = {
    (80, 24): {"start-80x24": []},
    (120, 40): {
        "start-120x40": [],
        "detail": [("G", "visits"), *[("k", "visits")] * 4, ("enter", "values")],
        "trends": [("3", "trends"), ("z", "trends")],
        "incidence": [("4", "events"), ("i", "incidence")],
    },
}


@pytest.mark.parametrize(("width", "height"), TOURS)
def test_the_pictures_are_those_of_the_program_as_it_is(browser, width, height):
    made = {}

    async def play(app, pilot) -> None:
        for name, keys in TOURS[width, height].items():
            for key, then in keys:
                await pilot.press(key)
                while app.engine.busy:
                    await pilot.pause(0.01)
                await pilot.pause()
                shown = app.answers["page" if app.view.page else app.view.pane]
                assert shown.question.kind == then
            made[name] = app.export_screenshot(title="trialdeck")

    browser(play, width, height)
    for name, picture in made.items():
        path = PICTURES / f"{name}.svg"
        if os.environ.get("UPDATE_GOLDENS") == "1":
            path.parent.mkdir(exist_ok=True)
            path.write_text(picture, encoding="utf-8")
        assert picture == path.read_text(encoding="utf-8")
        assert "RECONSTRUCTION" in picture


def test_there_is_no_picture_that_no_test_makes():
    assert {path.stem for path in PICTURES.glob("*.svg")} == {
        name for tour in TOURS.values() for name in tour
    }
