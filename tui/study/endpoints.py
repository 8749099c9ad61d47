"""The endpoints of a study: the parameters of its findings and time-to-event datasets."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from types import NoneType
from typing import overload

import polars as pl

from tui.errors import StudyError
from tui.study import describe, files
from tui.study.header import Stretch
from tui.study.model import Dataset, Endpoint, Role, StudyFile

_COLUMNS = ("PARAMCD", "PARAM", "PARAMN")

AT_ONCE = 1_000_000
"""Rows of a dataset up to which all its parameters are listed when the study is opened: 0.03 s."""

_FIRST = 100_000
"""Rows among which the first parameter is looked for: 3 ms."""


_Sought = Callable[[pl.Expr, str], pl.Expr]
"""Which codes are sought, by a text."""


def _exactly(code: pl.Expr, text: str) -> pl.Expr:
    """In two thirds of the time of `_called`: of 100 million rows in 0.10 s and not 0.15."""
    return code == text


def _called(code: pl.Expr, text: str) -> pl.Expr:
    return code.str.to_uppercase() == text


def _beginning(code: pl.Expr, text: str) -> pl.Expr:
    return code.str.to_uppercase().str.starts_with(text)


class Endpoints(Sequence[Endpoint]):
    """The parameters of some datasets, each in the order of PARAMN or the data.

    All of a large dataset are listed when all are asked for: that takes a pass over its PARAMCD and
    PARAM, which is 0.28 s of computing for 10 million rows, and to find one code in them 0.02 s.
    What is found is the same either way.
    """

    def __init__(self, datasets: Sequence[Dataset], file: StudyFile) -> None:
        self._datasets = datasets
        self._file = file
        self._found: dict[tuple[_Sought, str], tuple[Endpoint, ...]] = {}
        self._begins: dict[Dataset, str | None] = {}
        self._listed = {one: _parameters(one) for one in datasets if not _is_large(one)}
        if len(self._listed) == len(datasets):  # what is wrong in study.toml is said when it opens
            self._all = self._made(self._listed)

    @overload
    def __getitem__(self, place: int) -> Endpoint: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Endpoint]: ...
    def __getitem__(self, place: int | slice) -> Endpoint | Sequence[Endpoint]:
        return self._all[place]

    def __len__(self) -> int:
        return len(self._all)

    def __bool__(self) -> bool:
        return any(self._first_code(one) is not None for one in self._datasets)

    def called(self, name: str) -> tuple[Endpoint, ...]:
        """Every one whose key or code this is, in capitals or not."""
        wanted = name.upper()
        # What has no point is the key of none but those whose code it is.
        if "." in wanted or "_all" in vars(self):
            return tuple(self._by_name.get(wanted, ()))
        return self._of(_called, wanted)

    def beginning(self, text: str) -> tuple[Endpoint, ...]:
        """Every one whose code begins with this, in capitals or not."""
        return self._of(_beginning, text.upper())

    def first(self, wanted: Callable[[Dataset], object]) -> Endpoint | None:
        """The first one of the first dataset that is wanted and has any."""
        for dataset in filter(wanted, self._datasets):
            code = self._first_code(dataset)
            if code is not None:
                return next(one for one in self._of(_exactly, code) if one.dataset is dataset)
        return None

    @cached_property
    def _all(self) -> tuple[Endpoint, ...]:
        return self._made({one: self._list(one) for one in self._datasets})

    @cached_property
    def _by_name(self) -> dict[str, list[Endpoint]]:
        """All by their keys and by their codes, in capitals."""
        found: dict[str, list[Endpoint]] = {}
        for one in self._all:
            for name in {one.key.upper(), one.code.upper()}:
                found.setdefault(name, []).append(one)
        return found

    def _first_code(self, dataset: Dataset) -> str | None:
        """The code that stands first in a dataset's list; None where that is empty."""
        if dataset not in self._listed and dataset not in self._begins:
            self._begins[dataset] = _first_code(dataset)
        if (code := self._begins.get(dataset)) is not None:
            return code
        codes = self._list(dataset)["PARAMCD"]
        return codes[0] if len(codes) else None

    def _list(self, dataset: Dataset) -> pl.DataFrame:
        if dataset not in self._listed:
            self._listed[dataset] = _parameters(dataset)
        return self._listed[dataset]

    def _of(self, sought: _Sought, text: str) -> tuple[Endpoint, ...]:
        """Those with such a code; remembered."""
        if (sought, text) not in self._found:
            wanted = sought(pl.col("PARAMCD"), text)
            self._found[sought, text] = self._made(
                {
                    one: self._listed[one].filter(wanted)
                    if one in self._listed
                    else _parameters(one, wanted)
                    for one in self._datasets
                }
            )
        return self._found[sought, text]

    def _made(self, parameters: Mapping[Dataset, pl.DataFrame]) -> tuple[Endpoint, ...]:
        """Endpoints of what `_parameters` gives of each dataset, all that a code has there."""
        found: list[Endpoint] = []
        for dataset in self._datasets:
            rows = parameters[dataset]
            uses = Counter(rows["PARAMCD"])
            for code, param, count, _ in rows.rows():
                defined = dataset.defined.parameters.get(code, "") if dataset.defined else ""
                one = _endpoint(dataset, code, param or defined or code, count, self._file)
                found.append(_told_apart(one, param, found) if uses[code] > 1 else one)
        uses = Counter(one.key for one in found)
        return tuple(
            dataclasses.replace(one, key=f"{one.dataset.name}.{one.key}")
            if uses[one.key] > 1
            else one
            for one in found
        )


def endpoints(datasets: Sequence[Dataset], file: StudyFile, role: Role) -> Endpoints:
    """The parameters of the datasets of a role."""
    return Endpoints([one for one in datasets if one.role is role], file)


def _is_large(dataset: Dataset) -> bool:
    """Whether one code is found sooner than all are listed: where other rows need no reading."""
    listed = files.are_told_apart(dataset, _columns(dataset))
    return dataset.rows > AT_ONCE and not listed and files.skips(dataset, _COLUMNS)


def _columns(dataset: Dataset) -> list[str]:
    """Those of the columns that tell parameters which a dataset has."""
    return [name for name in _COLUMNS if dataset.has(name)]


def _first_code(dataset: Dataset) -> str | None:
    """The code that `_parameters` would list first; None where that is not told by few rows."""
    code, number = pl.col("PARAMCD").cast(pl.String), pl.col("PARAMN")
    rows = files.scan(dataset).select(_columns(dataset))
    some = files.collect(dataset, rows.head(_FIRST)).filter(code.is_not_null())
    if some.height and dataset.has("PARAMN"):
        least = some["PARAMN"].min()
        if least is None:
            return None
        low = rows.filter(code.is_not_null() & (number <= least))
        some = files.collect(dataset, low.group_by(code).agg(number.min()))
        some = some.filter(number == number.min())
        if some.height > 1:
            return None
    return str(some["PARAMCD"][0]) if some.height else None


def _told_apart(endpoint: Endpoint, param: str | None, others: Sequence[Endpoint]) -> Endpoint:
    """One of several parameters of a code, which often differ in their unit alone.

    ADaM has one PARAM for a PARAMCD; where a dataset has several, as one they would be a mixture.
    """
    key = f"{endpoint.code}.{endpoint.unit}" if endpoint.unit else endpoint.code
    same = [one for one in others if (one.dataset, one.code) == (endpoint.dataset, endpoint.code)]
    taken = sum(one.key.startswith(key) for one in same)
    if taken or not endpoint.unit:
        key = f"{key}.{taken + 1}"
    return dataclasses.replace(endpoint, key=key, param=param or "")


def _parameters(dataset: Dataset, wanted: pl.Expr | None = None) -> pl.DataFrame:
    """The parameters, or those with a wanted PARAMCD: `PARAMCD`, `label`, `rows`, `order`."""
    if wanted is None:
        parts = groupby(files.stretches(dataset, _columns(dataset)), lambda one: bool(one.same))
        counted = [
            frame
            for same, some in parts
            for frame in (
                [_known(dataset, some)] if same else (_counted(dataset, one) for one in some)
            )
        ]
    else:
        counted = [_counted(dataset, Stretch(0, dataset.rows), wanted)]
    # Collected before the rest, which of a few rows is nothing: polars would not stream it.
    found = files.collect(dataset, pl.concat(counted) if len(counted) > 1 else counted[0])
    if found["PARAMCD"].null_count():
        found = found.filter(pl.col("PARAMCD").is_not_null())
    if found["PARAMCD"].n_unique() < found.height:
        found = _put_together(found)
    return found.sort("order", maintain_order=True, nulls_last=True)


def _put_together(found: pl.DataFrame) -> pl.DataFrame:
    """The parts of each parameter as one; a row without PARAM belongs to the one its code has."""
    labels = pl.col("label").drop_nulls()
    return (
        found.lazy()
        .with_columns(
            pl.when(labels.n_unique().over("PARAMCD") == 1)
            .then(labels.first().over("PARAMCD"))
            .otherwise("label")
            .alias("label")
        )
        .group_by("PARAMCD", "label", maintain_order=True)
        .agg(pl.col("rows").sum(), pl.col("order").min())
        .with_columns(pl.col("order").min().over("PARAMCD"))
        .collect(engine="in-memory")
    )


def _known(dataset: Dataset, parts: Iterable[Stretch]) -> pl.LazyFrame:
    """What `_counted` gives, of rows whose values are known."""
    kinds = {
        "PARAMCD": dataset.schema["PARAMCD"],
        "label": dataset.schema.get("PARAM", pl.String()),
        "rows": pl.get_index_type(),
        "order": dataset.schema.get("PARAMN", pl.Int32()),
    }
    found = [
        (one.same.get("PARAMCD"), one.same.get("PARAM"), one.rows, one.same.get("PARAMN", 0))
        for one in parts
    ]
    known = pl.LazyFrame(found, kinds, orient="row")
    return known.cast({"PARAMCD": pl.String, "label": pl.String})


def _counted(dataset: Dataset, part: Stretch, wanted: pl.Expr | None = None) -> pl.LazyFrame:
    """Rows of each PARAMCD and PARAM in a part of a dataset, and the least PARAMN of each."""
    numbered = dataset.has("PARAMN")
    rows = files.scan(dataset)
    if part.rows < dataset.rows:
        rows = rows.slice(part.first, part.rows)
    if wanted is not None:
        rows = rows.cast({"PARAMCD": pl.String}).filter(wanted)
    param = pl.col("PARAM").cast(pl.String) if dataset.has("PARAM") else pl.lit(None, pl.String)
    return rows.group_by(
        pl.col("PARAMCD").cast(pl.String), param.alias("label"), maintain_order=True
    ).agg(
        pl.len().alias("rows"),
        (pl.col("PARAMN").min() if numbered else pl.lit(0)).alias("order"),
    )


def _endpoint(dataset: Dataset, code: str, param: str, rows: int, file: StudyFile) -> Endpoint:
    """The unit stands in brackets at the end of PARAM, by the ADaM convention."""
    match = re.fullmatch(r"(.*\S)\s*\(([^()]+)\)", param.strip())
    label, unit = match.groups() if match else (param.strip(), "")
    said = (file.endpoints or {}).get(code, {})
    decimals, target = said.get("decimals"), said.get("target")
    if not isinstance(target, (int, float, NoneType)) or isinstance(target, bool):
        raise StudyError(f"{describe.NAME}: the target of {code} has to be a number.")
    return Endpoint(
        code=code,
        label=str(said.get("label", label)),
        unit=str(said.get("unit", unit)),
        dataset=dataset,
        rows=rows,
        key=code,
        decimals=decimals if isinstance(decimals, int) else None,
        target=None if target is None else float(target),
    )
