"""Reads files back, by other readers than the libraries that write them."""

from __future__ import annotations

import io
import re
from functools import cache
from html.parser import HTMLParser

import openpyxl
from striprtf.striprtf import rtf_to_text

from tui.analyses.answer import Answer, Question
from tui.analyses.session import Session
from tui.report.exports import EXPORTS
from tui.study.open import open_study


@cache
def session() -> Session:
    return Session(open_study(None))


@cache
def answer(kind: str) -> Answer:
    return session().answer(Question(kind))


def workbook(one: Answer) -> openpyxl.Workbook:
    content = EXPORTS[".xlsx"](one)
    assert isinstance(content, bytes)
    return openpyxl.load_workbook(io.BytesIO(content))


class Page(HTMLParser):
    """The cells of each row of each table, all other text, and every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self._open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open and self._open[-1] in ("td", "th"):
            self.tables[-1][-1][-1] += data


def is_balanced(rtf: str) -> bool:
    depth = 0
    for brace in re.findall(r"\\[\\{}]|[{}]", rtf):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return False
    return depth == 0


def read(document: str) -> str:
    """The text of RTF; what striprtf leaves as two halves of a character is put together."""
    return rtf_to_text(document).encode("utf-16", "surrogatepass").decode("utf-16")


def rtf(one: Answer) -> str:
    content = EXPORTS[".rtf"](one)
    assert isinstance(content, bytes)
    return content.decode("ascii")
