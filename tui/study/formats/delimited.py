"""CSV and TSV files with a header; polars scans them, column by column, once their layout is known.

The types come from the whole file: one guessed from the first rows fails, or lies, on the last.
Reading all as text and asking polars what can be cast takes 0.7 s for 1 M rows of 20 columns (its
own search for types 1.2 s, pyarrow's 1.2), and shows what a type would lose: the zeros of 0101, the
last digits of a long number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import polars as pl

from tui.study.formats import iso
from tui.study.formats.layout import Layout, as_utf8, layout_of
from tui.study.header import Header, Unreadable, columns_of, numbered

MISSING = ["", "."]
"""What stands for a missing value in text files: nothing, or SAS's dot."""

_SMALL = 4 << 20
"""Bytes up to which a file is held as text while it is looked through: read once, not thrice."""

_NOT_AVAILABLE = "NA"
"""R's missing value: one in a column of numbers or dates, but a text (Namibia) among texts."""

_IDENTIFIERS = ("STUDYID", "USUBJID", "SUBJID", "SITEID")
"""Text even where every value is digits: 101 is a name."""

_LONG_OR_ZERO = r"^[+-]?(0\d|\d{16,})"  # a double is exact up to 2**53, of 16 digits
_DECIMAL_COMMA = r"^[+-]?\d*,\d+$"


@dataclass(frozen=True)
class _Place:
    """How the rows of a file that has been looked through are read.

    Attributes:
        layout: How it is laid out.
        dates: The columns that are dates, and how they are written.
        not_available: The columns of numbers and dates in which NA is a missing value.
    """

    layout: Layout
    dates: Mapping[str, iso.Way]
    not_available: frozenset[str]


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """One dataset; each row of it has as many fields as the header."""
    return (_inspected(path, layout_of(path, encoding)),)


def scan(path: Path, header: Header, number: str | None = None) -> pl.LazyFrame:
    """The file's rows."""
    found = header.place
    assert isinstance(found, _Place)
    plain = {
        name: kind
        for name, kind in header.kinds.items()
        if name not in found.dates and name not in found.not_available
    }
    rows = _rows(path, found.layout, list(header.kinds), plain)
    return numbered(rows, number).with_columns(
        _value(name, header.kinds[name], found.dates.get(name))
        for name in header.kinds
        if name not in plain
    )


def labels(path: Path, header: Header) -> dict[str, str]:
    """Such files have none."""
    return {}


def recipe(path: Path, header: Header, texts: list[str]) -> str:
    """Of the columns, those named in `texts` are read as text even where all are digits."""
    found = header.place
    assert isinstance(found, _Place)
    own = {column.name: column.own_name for column in header.columns}
    overrides = ", ".join(f'"{own[name]}": pl.String' for name in texts)
    options = [
        f"separator={found.layout.separator!r}" if found.layout.separator != "," else "",
        f"eol_char={found.layout.end!r}" if found.layout.end != "\n" else "",
        f'encoding="{found.layout.encoding}"' if found.layout.encoding != "utf-8" else "",
        f"n_rows={found.layout.rows}" if found.layout.trailing else "",
    ]
    said = "".join(f"{option}, " for option in options if option)
    cast = ", ".join(
        f'pl.col("{own[name]}").replace("NA", None).cast(pl.{header.kinds[name]})'
        for name in sorted(found.not_available - found.dates.keys())
    )
    return (
        f'pl.read_csv(\n    "{path.name}", {said}infer_schema_length=None, '
        f"null_values={MISSING}, try_parse_dates=True,\n"
        f"    schema_overrides={{{overrides}}},\n)"
    ) + (f".with_columns({cast})" if cast else "")


def _inspected(path: Path, layout: Layout) -> Header:
    own = [name if name.strip() else f"COLUMN{at}" for at, name in enumerate(layout.names, 1)]
    names = [column.name for column in columns_of((name, pl.String()) for name in own)]
    rows = _rows(path, layout, names, {})
    if path.stat().st_size < _SMALL:
        texts = _Texts(rows.collect(engine="in-memory").lazy(), "in-memory")
    else:
        texts = _Texts(rows, "streaming")
    found = _of_values(texts, [name for name in names if not _is_name(name)])
    if layout.separator != ",":
        _no_decimal_commas(texts, found)
    numbers = {name for name, (filled, odd, na, _) in found.items() if filled > na == odd}
    kinds, notes = _numbers(texts, sorted(numbers, key=names.index))
    first = {name: one.first for name, one in found.items() if name not in numbers}
    dates, not_whole = _dates(texts, first)
    kinds |= {name: iso.KINDS[way.sort] for name, way in dates.items()}
    missing = {name: found[name].na for name in kinds if found[name].na}
    notes += [*not_whole, *_said(texts, found, missing, set(names) - kinds.keys())]
    if own != list(layout.names):
        notes.append("A column without a name is called COLUMN and its place.")
    columns = columns_of(
        (name, kinds.get(one, pl.String())) for name, one in zip(own, names, strict=True)
    )
    place = _Place(layout, dates, frozenset(missing))
    return Header(path.stem.upper(), columns, layout.rows, "", (*layout.notes, *notes), place)


class _Texts(NamedTuple):
    """A file's rows as text, and the engine of polars that answers questions about them.

    That of streams hands the work to threads, which takes longer than the work on a few rows.
    """

    rows: pl.LazyFrame
    engine: Literal["in-memory", "streaming"]

    def ask(
        self, names: Sequence[str], *questions: Callable[[pl.Expr], pl.Expr]
    ) -> Iterator[tuple[Any, ...]]:
        """The answers to some questions, column by column, in one pass through the file.

        An expression a question, not one a question and column: polars takes 30 µs to make each.
        """
        if not names:
            return iter(())
        columns = pl.col(list(names))
        asked = [ask(columns).name.suffix(f" {at}") for at, ask in enumerate(questions)]
        answers = self.rows.select(asked).collect(engine=self.engine).row(0)
        each = len(names)
        return zip(*(answers[at : at + each] for at in range(0, len(answers), each)), strict=True)


class _Values(NamedTuple):
    """What stands in a column: how many values, how many of them no numbers, how many NA."""

    filled: int
    odd: int
    na: int
    first: str | None


def _rows(
    path: Path, layout: Layout, names: list[str], kinds: Mapping[str, pl.DataType]
) -> pl.LazyFrame:
    """The rows, as text but for the columns of these types."""
    return pl.scan_csv(
        path if layout.encoding == "utf-8" else as_utf8(path, layout),
        separator=layout.separator,
        eol_char=layout.end,
        new_columns=names,  # by place: the file's own names may be lower case
        schema_overrides={**dict.fromkeys(names, pl.String()), **kinds},
        infer_schema_length=0,
        null_values=MISSING,
        n_rows=layout.rows if layout.trailing else None,
    )


def _is_name(column: str) -> bool:
    return column in _IDENTIFIERS or column.endswith(("FL", "DTC", "CD"))


def _known(texts: pl.Expr) -> pl.Expr:
    """Texts without NA."""
    return pl.when(texts != _NOT_AVAILABLE).then(texts)


def _value(name: str, kind: pl.DataType, way: iso.Way | None) -> pl.Expr:
    known = _known(pl.col(name))
    return (iso.values(known, way) if way else known.cast(kind)).alias(name)


def _is_odd(texts: pl.Expr) -> pl.Expr:
    return texts.cast(pl.Float64, strict=False).is_null() & texts.is_not_null()


def _of_values(texts: _Texts, names: list[str]) -> dict[str, _Values]:
    answers = texts.ask(
        names,
        lambda column: column.count(),
        lambda column: _is_odd(column).sum(),
        lambda column: (column == _NOT_AVAILABLE).sum(),
        lambda column: _known(column).drop_nulls().first(),
    )
    return {name: _Values(*answer) for name, answer in zip(names, answers, strict=True)}


def _numbers(texts: _Texts, names: list[str]) -> tuple[dict[str, pl.DataType], list[str]]:
    """The type of each column of numbers; none where a type would lose something of a value."""
    answers = texts.ask(
        names,
        lambda column: (
            _known(column).cast(pl.Int64, strict=False).is_null() & _known(column).is_not_null()
        ).any(),
        lambda column: column.str.contains(_LONG_OR_ZERO).any(),
        lambda column: (~_known(column).cast(pl.Float64).is_finite()).any(),
    )
    kinds: dict[str, pl.DataType] = {}
    notes = []
    for name, (broken, digits, beyond) in zip(names, answers, strict=True):
        if digits and not _digits_hold(texts, name, not broken):
            notes.append(f"{name} is text: as numbers, some of its values would lose digits.")
        elif beyond:
            notes.append(f"{name} is text: some of its numbers are not finite.")
        else:
            kinds[name] = pl.Float64() if broken else pl.Int64()
    return kinds, notes


def _digits_hold(texts: _Texts, name: str, whole: bool) -> bool:
    """Whether numbers of many digits are whole ones that 64 bits hold, and none begins with 0."""
    if not whole:
        return False
    ((leading_zero,),) = texts.ask([name], lambda column: column.str.contains(r"^[+-]?0\d").any())
    return not leading_zero


def _dates(texts: _Texts, first: Mapping[str, str | None]) -> tuple[dict[str, iso.Way], list[str]]:
    """The columns all of whose values are dates, written as the first of them is."""
    maybe = {
        name: way
        for name, text in first.items()
        for way in iso.OF_TEXT_FILES
        if text and re.search(way.shape, text)
    }
    ways, notes = {}, []
    for way in dict.fromkeys(maybe.values()):
        names = [name for name in maybe if maybe[name] == way]
        misfits = texts.ask(names, partial(_misfits, way=way))
        for name, (count,) in zip(names, misfits, strict=True):
            if count:
                notes.append(f"{name} is text: {count:,} of its values are no whole {way.sort}.")
            else:
                ways[name] = way
    return ways, notes


def _misfits(column: pl.Expr, way: iso.Way) -> pl.Expr:
    return iso.misfits(_known(column), way)


def _no_decimal_commas(texts: _Texts, found: Mapping[str, _Values]) -> None:
    maybe = [name for name, one in found.items() if re.search(_DECIMAL_COMMA, one.first or "")]
    comma = texts.ask(maybe, lambda one: _known(one).str.contains(r"^[+-]?\d*,?\d+$").all())
    for name, (all_of_them,) in zip(maybe, comma, strict=True):
        if all_of_them:
            raise Unreadable(
                f"column {name} has decimal commas ({found[name].first}); write decimal points."
            )


def _said(
    texts: _Texts, found: Mapping[str, _Values], missing: Mapping[str, int], left: set[str]
) -> list[str]:
    """What was decided of NA, and of columns that are numbers but for a few values."""
    notes = []
    if missing:
        each = ", ".join(f"{name} ({count:,})" for name, count in missing.items())
        notes.append(f"NA is a missing value in columns of numbers and dates: {each}.")
    mixed = [name for name, one in found.items()
             if name in left and one.odd and one.odd * 10 <= one.filled]  # fmt: skip
    odd = texts.ask(mixed, lambda one: pl.when(_is_odd(one)).then(one).drop_nulls().first())
    for name, (text,) in zip(mixed, odd, strict=True):
        one = found[name]
        notes.append(
            f"{name} is text because of {one.odd:,} of its {one.filled:,} values ({text})."
        )
    return notes
