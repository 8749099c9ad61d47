"""The rows of a dataset told apart by parameter, by way of a file: they may not fit in memory.

The rows of a portion are told apart and put into the file, a batch a parameter; then the batches of
each parameter are read back in the order in which they were put there. So the rows of a parameter
keep their order, and so do the parameters: whatever goes by the first row of several finds the same
one as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import polars as pl

from tui.study.header import Header
from tui.study.row_groups import Group

if TYPE_CHECKING:
    import pyarrow

_MOST_SAID = 10_000
"""Parameters that a footer tells of: 0.5 MB, which is read whenever the file is opened."""


@dataclass(frozen=True)
class Batch:
    """Rows of one parameter.

    Attributes:
        parameter: Their PARAMCD and, where the dataset has it, PARAM.
        rows: How many they are.
        numbers: Each PARAMN that they have; none where the dataset has no such column.
    """

    parameter: tuple[Any, ...]
    rows: int
    numbers: frozenset[Any]


def table(frame: pl.DataFrame, schema: pyarrow.Schema) -> pyarrow.Table:
    """Rows as they are written."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)


def put(
    portions: Iterable[pl.DataFrame],
    header: Header,
    schema: pyarrow.Schema,
    beside: IO[bytes],
    came: Callable[[int], None],
) -> list[Batch]:
    """Puts rows into a file, told apart.

    Args:
        portions: The rows, with the columns' own names.
        header: That of the dataset, which has PARAMCD.
        schema: The columns as they are written.
        beside: The file.
        came: Is told how many rows have been put there.

    Returns:
        What the file holds, in its order.
    """
    import pyarrow.ipc

    own = {one.name: one.own_name for one in header.columns}
    keys, number = [own[name] for name in ("PARAMCD", "PARAM") if name in own], own.get("PARAMN")
    found = []
    packed = pyarrow.ipc.IpcWriteOptions(compression="lz4")
    with pyarrow.ipc.new_file(beside, schema, options=packed) as out:
        for frame in portions:
            for key, part in frame.partition_by(keys, as_dict=True, maintain_order=True).items():
                numbers = frozenset(part[number].unique() if number else ())
                for batch in table(part, schema).combine_chunks().to_batches():
                    out.write_batch(batch)
                    found.append(Batch(key, batch.num_rows, numbers))
            came(frame.height)
    return found


def groups(batches: Sequence[Batch], beside: IO[bytes]) -> Iterator[Group]:
    """The rows of each parameter, in the order in which the parameters come first."""
    import pyarrow.ipc

    beside.seek(0)
    stored = pyarrow.ipc.open_file(beside)
    for places in _places(batches).values():
        read = (pyarrow.Table.from_batches([stored.get_batch(place)]) for place in places)
        yield Group(sum(batches[place].rows for place in places), read)


def counted(batches: Sequence[Batch]) -> list[tuple[int, dict[str, Any]]]:
    """The rows of each parameter, in the order of `groups`, and what all of them have.

    Empty where that cannot be told in a footer: they are too many, or one has several PARAMN, or
    what tells them is no text and no number.
    """
    found = []
    for key, places in _places(batches).items():
        numbers = frozenset[Any]().union(*(batches[place].numbers for place in places))
        values = (*key, *numbers)
        if len(numbers) > 1 or not all(isinstance(one, str | int | float | None) for one in values):
            return []
        same = [
            *zip(("PARAMCD", "PARAM"), key, strict=False),
            *(("PARAMN", one) for one in numbers),
        ]
        found.append((sum(batches[place].rows for place in places), dict(same)))
    return found if len(found) <= _MOST_SAID else []


def _places(batches: Sequence[Batch]) -> dict[tuple[Any, ...], list[int]]:
    """Where the batches of each parameter are."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for place, one in enumerate(batches):
        found.setdefault(one.parameter, []).append(place)
    return found
