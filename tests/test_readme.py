"""The README shows real output, and the keys there are."""

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path

from tui.browser.keys import DEFAULT

README = Path(__file__).parents[1] / "README.md"
KEYS = re.compile(r"(<!-- keys[^\n]*-->\n).*?(<!-- end of keys -->)", re.DOTALL)
SHOWN = re.compile(r"```console\n\$ trialdeck ([^\n]*)\n.*?```", re.DOTALL)


def test_the_readme_shows_what_the_program_prints(trialdeck: Callable):
    def output(block: re.Match[str]) -> str:
        run = trialdeck(*shlex.split(block[1]), cwd=README.parent)
        return f"```console\n$ trialdeck {block[1]}\n{run.out or run.err}```"

    text = README.read_text(encoding="utf-8")
    expected = SHOWN.sub(output, KEYS.sub(rf"\1\n{DEFAULT.markdown()}\n\n\2", text))
    if os.environ.get("UPDATE_GOLDENS") == "1":
        README.write_text(expected, encoding="utf-8")
        text = expected
    assert text == expected
    assert len(SHOWN.findall(text)) == 5
