"""The pilot study, written in each format, gives the same figures to the last byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from tui.study.formats import parquet

from .writers import WRITERS as OTHERS

DATASETS = ("adsl", "adlbc", "adae", "adadas")
QUESTIONS = [
    ("visits", "--endpoint=ALT"),
    ("visits", "--endpoint=ACTOT", "--population=EFFFL", "--imputed=drop"),
    ("incidence",),
    ("baseline",),
]

Labels = dict[str, str]
Writer = Callable[[pl.DataFrame, Labels, Path], object]


def xpt(version: int) -> Writer:
    def write(frame: pl.DataFrame, labels: Labels, path: Path) -> None:
        file = path.with_suffix(".xpt")
        pyreadstat.write_xport(frame, file, column_labels=labels, file_format_version=version)

    return write


def sas7bdat(frame: pl.DataFrame, labels: Labels, path: Path) -> None:
    """By nbase-converter, which takes numbers and text alone: the one writer of the format."""
    converter = pytest.importorskip("nbase_converter", reason="the one writer of SAS7BDAT")
    dates = frame.select(pl.col(pl.Date)).columns
    days = (pl.col(dates) - pl.date(1960, 1, 1)).dt.total_days().cast(pl.Float64)
    columns = {name: {"label": labels.get(name, "")} for name in frame.columns}
    columns |= {name: {**columns[name], "sas": {"format": "DATE9."}} for name in dates}
    converter.write_dataset(
        frame.with_columns(days).to_arrow(),
        path.with_suffix(".sas7bdat"),
        target_format="sas7bdat",
        metadata={"columns": columns},
    )


WRITERS: dict[str, Writer] = {
    "SAS transport, version 5": xpt(5),
    "SAS transport, version 8": xpt(8),
    "SAS7BDAT": sas7bdat,
    **OTHERS,
}
"""Each writes a frame and its labels to a path without an ending, to which it adds its own."""


@pytest.fixture
def written(pilot, tmp_path) -> Callable[[Writer], Path]:
    """The folder that holds a folder `study` of the pilot's datasets in a format."""

    def write(writer: Writer) -> Path:
        study = tmp_path / "study"
        study.mkdir()
        for name in DATASETS:
            path = pilot / f"{name}.parquet"
            (header,) = parquet.headers(path)
            writer(pl.read_parquet(path), parquet.labels(path, header), study / name)
        return tmp_path

    return write


@pytest.fixture
def shown(here, monkeypatch) -> Callable[[Path], list[str]]:
    """What the commands print of the study there, but for the code, which reads other files."""

    def show(folder: Path) -> list[str]:
        monkeypatch.chdir(folder)
        runs = [here("show", kind, "study", *rest, "--format=json") for kind, *rest in QUESTIONS]
        assert [(run.status, run.err) for run in runs] == [(0, "")] * len(runs)
        return [
            "\n".join(line for line in run.out.split("\n") if not line.startswith(' "code": '))
            for run in runs
        ]

    return show


@pytest.fixture(scope="module")
def from_parquet() -> list[str]:
    """What the commands print of the parquet files, once they have been asked."""
    return []


@pytest.mark.parametrize("form", WRITERS)
def test_the_figures_are_those_of_the_parquet_files(
    pilot, tmp_path_factory, written, shown, from_parquet, form
):
    if not from_parquet:
        folder = tmp_path_factory.mktemp("parquet")
        (folder / "study").mkdir()
        for name in DATASETS:
            (folder / "study" / f"{name}.parquet").symlink_to(pilot / f"{name}.parquet")
        from_parquet += shown(folder)
    for one, other in zip(shown(written(WRITERS[form])), from_parquet, strict=True):
        assert one == other
