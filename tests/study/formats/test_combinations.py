"""The values that stand together in a parquet file are counted from its codes as from its rows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.study.formats import combinations, parquet
from tui.study.open import open_study

NAMES = ["PARAMCD", "PARAM", "PARAMN"]
ROW = st.tuples(
    st.sampled_from(["ALT", "AST", "", None]),
    st.sampled_from(["ALT (U/L)", "ALT (ukat/L)", None]),
    st.sampled_from([1.0, 2.5, float("nan"), None]),
)
KINDS = {"PARAMCD": pl.String(), "PARAM": pl.String(), "PARAMN": pl.Float64()}


def counted(path: Path) -> dict[tuple[object, ...], tuple[int, int]]:
    """Of each combination its rows and the place of the first, of all row groups."""
    metadata = pyarrow.parquet.read_metadata(path)
    found: dict[tuple[object, ...], tuple[int, int]] = {}
    first = 0
    for group in range(metadata.num_row_groups):
        for one in combinations.combinations(path, metadata, group, first, NAMES):
            rows, place = found.get(values := tuple(one.same.values()), (0, one.first))
            found[values] = rows + one.rows, place
        first += metadata.row_group(group).num_rows
    return found


@settings(deadline=None)  # the first example loads pyarrow
@given(
    rows=st.lists(ROW, min_size=1, max_size=60),
    size=st.integers(1, 60),
    dictionaries=st.booleans(),
)
def test_each_combination_has_its_rows_and_its_first_place(
    rows: list[tuple[object, ...]], size: int, dictionaries: bool
) -> None:
    frame = pl.DataFrame(rows, KINDS, orient="row")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "adlb.parquet"
        pyarrow.parquet.write_table(
            frame.to_arrow(), path, row_group_size=size, use_dictionary=dictionaries
        )
        found = counted(path)
    plain = frame.fill_nan(None).with_row_index("place")
    expected = plain.group_by(NAMES).agg(pl.len().alias("rows"), pl.col("place").min())
    assert found == {(*row[:3],): (row[3], row[4]) for row in expected.rows()}


def test_a_batch_ends_where_a_row_group_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(combinations, "_BATCH", 7)
    frame = pl.DataFrame(
        {"PARAMCD": ["A", "B", "C"] * 20, "PARAM": ["a", "b", None] * 20, "PARAMN": [1.0] * 60}
    )
    frame.write_parquet(path := tmp_path / "adlb.parquet")
    found = counted(path)
    assert found == {
        ("A", "a", 1.0): (20, 0),
        ("B", "b", 1.0): (20, 1),
        ("C", None, 1.0): (20, 2),
    }


def test_a_large_file_lists_the_endpoints_that_its_rows_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two parameters of one code, one without PARAM, in row groups of one parameter and several."""
    pl.DataFrame({"USUBJID": ["1", "2"], "TRT01P": ["Placebo", "Active"]}).write_parquet(
        tmp_path / "adsl.parquet"
    )
    codes = ["ALT"] * 30 + ["AST", "ALT", "GLUC", None] * 5
    labels = ["ALT (U/L)"] * 30 + ["AST (U/L)", "ALT (ukat/L)", None, "no code"] * 5
    pl.DataFrame(
        {
            "USUBJID": ["1", "2"] * 25,
            "paramcd": codes,
            "PARAM": labels,
            "AVISITN": [0.0] * 50,
            "AVAL": [1.0] * 50,
        }
    ).write_parquet(tmp_path / "adlb.parquet", row_group_size=10)

    def listed() -> list[tuple[object, ...]]:
        return [
            (one.key, one.label, one.unit, one.param, one.rows)
            for one in open_study(str(tmp_path)).endpoints
        ]

    from_rows = listed()
    monkeypatch.setattr(parquet, "_MANY", 0)
    assert listed() == from_rows
    assert [(key, rows) for key, *_, rows in from_rows] == [
        ("ALT.U/L", 30),
        ("AST", 5),
        ("ALT.ukat/L", 5),
        ("GLUC", 5),
    ]


def test_codes_that_are_numbers_or_bytes_are_listed_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pl.DataFrame({"USUBJID": ["1"], "TRT01P": ["Placebo"]}).write_parquet(tmp_path / "adsl.parquet")
    pl.DataFrame(
        {
            "USUBJID": ["1"] * 4,
            "PARAMCD": [7, 7, 8, None],
            "PARAM": [b"Seven", b"Seven", "Ächt (g/L)".encode(), b"none"],
            "AVAL": [1.0] * 4,
        }
    ).write_parquet(tmp_path / "adlb.parquet")
    monkeypatch.setattr(parquet, "_MANY", 0)
    found = [
        (one.key, one.label, one.unit, one.rows) for one in open_study(str(tmp_path)).endpoints
    ]
    assert found == [("7", "Seven", "", 2), ("8", "Ächt", "g/L", 1)]
