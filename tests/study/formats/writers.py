"""Writers of the formats beside SAS's: a frame and its labels, to a path without an ending."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet

Labels = dict[str, str]
Writer = Callable[[pl.DataFrame, Labels, Path], object]

_TYPES = {pl.String: "string", pl.Float64: "float", pl.Date: "date"}


def _metadata(frame: pl.DataFrame, labels: Labels, name: str) -> dict[str, Any]:
    columns = [
        {"itemOID": f"IT.{column}", "name": column, "label": labels.get(column, column)}
        | {"dataType": _TYPES[type(kind)]}
        | ({"targetDataType": "integer", "displayFormat": "DATE9."} if kind == pl.Date else {})
        for column, kind in frame.schema.items()
    ]
    said = {"datasetJSONVersion": "1.1.0", "itemGroupOID": f"IG.{name}", "records": frame.height}
    return {**said, "name": name.upper(), "label": name, "columns": columns}


def _rows(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    texts = pl.col(pl.String).fill_null("")  # a missing text is an empty one, as SAS has it
    return frame.with_columns(texts, pl.col(pl.Date).cast(pl.String)).rows()


def document(frame: pl.DataFrame, labels: Labels, path: Path) -> None:
    said = {**_metadata(frame, labels, path.name), "rows": _rows(frame)}
    path.with_suffix(".json").write_text(json.dumps(said))


def lines(suffix: str, pack: Callable[[bytes], bytes] = bytes) -> Writer:
    def write(frame: pl.DataFrame, labels: Labels, path: Path) -> None:
        said = _metadata(frame, labels, path.name)
        text = "".join(json.dumps(one) + "\n" for one in (said, *_rows(frame)))
        path.with_suffix(suffix).write_bytes(pack(text.encode()))

    return write


def version_1_0(frame: pl.DataFrame, labels: Labels, path: Path) -> None:
    """As it was: dates are SAS's numbers, and the first column counts the records."""
    said = _metadata(frame, labels, path.name)
    items = [
        {"OID": one["itemOID"], "name": one["name"], "label": one["label"]}
        | {"type": "integer" if one["dataType"] == "date" else one["dataType"]}
        | ({"displayFormat": one["displayFormat"]} if "displayFormat" in one else {})
        for one in said.pop("columns")
    ]
    first = {"OID": "ITEMGROUPDATASEQ", "name": "ITEMGROUPDATASEQ", "type": "integer"}
    numbers = frame.with_columns((pl.col(pl.Date) - pl.date(1960, 1, 1)).dt.total_days())
    rows = [[place, *row] for place, row in enumerate(_rows(numbers), 1)]
    nest = {"itemGroupData": {"IG": {**said, "items": [first, *items], "itemData": rows}}}
    whole = {"datasetJSONVersion": "1.0.0", "clinicalData": nest}
    path.with_suffix(".json").write_text(json.dumps(whole))


def _table(frame: pl.DataFrame, labels: Labels) -> pyarrow.Table:
    table = frame.to_arrow()
    fields = [one.with_metadata({"label": labels.get(one.name, "")}) for one in table.schema]
    return table.cast(pyarrow.schema(fields))


def parquet(frame: pl.DataFrame, labels: Labels, path: Path) -> None:
    pyarrow.parquet.write_table(_table(frame, labels), path.with_suffix(".parquet"))


def feather(suffix: str, compression: str) -> Writer:
    def write(frame: pl.DataFrame, labels: Labels, path: Path) -> None:
        file = str(path.with_suffix(suffix))
        pyarrow.feather.write_feather(_table(frame, labels), file, compression)

    return write


def stream(frame: pl.DataFrame, labels: Labels, path: Path) -> None:
    table = _table(frame, labels)
    with pyarrow.ipc.new_stream(path.with_suffix(".ipc"), table.schema) as file:
        file.write_table(table, max_chunksize=1000)


_DEFINE = """<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.0">
<Study OID="S"><MetaDataVersion OID="M" Name="M" def:DefineVersion="2.0.0">
</MetaDataVersion></Study></ODM>
"""


def text(suffix: str, encoding: str = "utf-8", **options: str) -> Writer:
    """Text files, which have no labels: as in a delivery, those stand in a define.xml."""

    def write(frame: pl.DataFrame, labels: Labels, path: Path) -> None:
        path.with_suffix(suffix).write_bytes(frame.write_csv(**options).encode(encoding))
        define = path.with_name("define.xml")
        said = define.read_text() if define.exists() else _DEFINE
        refs, items = "", ""
        for column, label in labels.items():
            place = f"IT.{path.name}.{column}"
            refs += f'<ItemRef ItemOID="{place}" Mandatory="No"/>'
            items += (
                f'<ItemDef OID="{place}" Name="{column}" DataType="text">'
                f"<Description><TranslatedText>{label}</TranslatedText></Description></ItemDef>"
            )
        name = path.name.upper()
        group = f'<ItemGroupDef OID="IG.{name}" Name="{name}" Repeating="No">{refs}</ItemGroupDef>'
        define.write_text(said.replace("</MetaDataVersion>", f"{group}{items}</MetaDataVersion>"))

    return write


WRITERS: dict[str, Writer] = {
    "parquet": parquet,
    "Dataset-JSON": document,
    "Dataset-JSON, lines": lines(".ndjson"),
    "Dataset-JSON, zlib": lines(".dsjc", zlib.compress),
    "Dataset-JSON, gzip": lines(".dsjc", gzip.compress),
    "Dataset-JSON 1.0": version_1_0,
    "Arrow": feather(".arrow", "uncompressed"),
    "Feather": feather(".feather", "zstd"),
    "Arrow stream": stream,
    "CSV": text(".csv"),
    "CSV without define.xml": lambda frame, labels, path: frame.write_csv(path.with_suffix(".csv")),
    "CSV as R writes it": text(".csv", null_value="NA", quote_style="non_numeric"),
    "CSV, semicolons": text(".csv", separator=";"),
    "CSV, UTF-16": text(".csv", "utf-16"),
    "TSV": text(".tsv", separator="\t"),
}
