"""A prepared study: the same answers from other files, written whole or not at all."""

from __future__ import annotations

import io
import json
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.errors import StudyError, TrialdeckError
from tui.queries import endpoint
from tui.report.terminal import progress_bar
from tui.selection import Selection
from tui.study import by_parameter, endpoints, files
from tui.study.formats import prepared
from tui.study.header import Stretch
from tui.study.open import open_study
from tui.study.prepare import prepare
from tui.study.row_groups import LEAST, Group, row_groups

ARMS = ("Placebo", "Active")
ADSL = "USUBJID,TRT01P,AGE,ITTFL\n" + "".join(
    f"S{who},{ARMS[who % 2]},{40 + who},Y\n" for who in range(12)
)


def records(order: int) -> str:
    """A laboratory dataset whose rows lie by visit, so that no parameter's stand together."""
    rows = [
        f"S{who},{code},{code} ({unit}),Week {week},{week},{who + week + place},{who + place}\n"
        for week in (0, 4, 8)
        for place, (code, unit) in enumerate((("ZZ", "g/L"), ("AA", "U/L"), ("AA", "nkat/L")))
        for who in range(12)
    ]
    random.Random(order).shuffle(rows)
    return "usubjid,PARAMCD,PARAM,AVISIT,AVISITN,AVAL,BASE\n" + "".join(rows)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "adsl.csv").write_text(ADSL, encoding="utf-8")
    (folder / "adlb.csv").write_text(records(1), encoding="utf-8")
    (folder / "study.toml").write_text('title = "A study"\n', encoding="utf-8")
    return folder


def answers(folder: Path) -> list[object]:
    """What a study answers on every endpoint, but for the names of its files."""
    session = Session(open_study(str(folder)))
    found: list[object] = []
    for one in session.study.endpoints:
        asked = session.answer(Question("visits", Selection(endpoint=one.key)))
        found.append((one.key, one.title, one.rows, asked.title, asked.rows, asked.funnel))
        found.append(asked.notes)
    found.append(session.answer(Question("baseline")).rows)
    return found


def left(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_it_answers_as_the_study_does_in_the_same_order_of_endpoints(study, tmp_path):
    done = prepare(str(study), tmp_path / "new")
    assert answers(tmp_path / "new") == answers(study)
    assert (done.datasets, done.rows, done.copied) == (2, 12 + 108, ("study.toml",))
    assert left(tmp_path / "new") == ["adlb.parquet", "adsl.parquet", "study.toml"]


@settings(max_examples=15, deadline=None)
@given(order=st.integers(0, 10**6))
def test_in_whatever_order_the_rows_lie(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("any") / "study"
    folder.mkdir()
    (folder / "adsl.csv").write_text(ADSL, encoding="utf-8")
    (folder / "adlb.csv").write_text(records(order), encoding="utf-8")
    prepare(str(folder), folder.parent / "new")
    assert answers(folder.parent / "new") == answers(folder)


def test_a_parameter_s_rows_stand_together_in_their_order_and_columns_keep_their_names(
    study, tmp_path
):
    prepare(str(study), tmp_path / "new")
    before, after = pl.read_csv(study / "adlb.csv"), pl.read_parquet(tmp_path / "new/adlb.parquet")
    assert after.columns == before.columns
    assert after["PARAM"].rle_id().max() == 2
    for one in before.partition_by("PARAM"):
        kept = after.filter(pl.col("PARAM") == one["PARAM"][0])
        assert kept.equals(
            one.with_columns(pl.col(name).cast(kept[name].dtype) for name in kept.columns)
        )


@pytest.mark.parametrize("kind", ["visits", "incidence", "baseline"])
def test_the_command_prints_the_same_but_for_where_the_study_lies(trialdeck, tmp_path, kind):
    """The built-in study; the program that recomputes its figures reads other files, too."""
    made = trialdeck("prepare", "msb-dm003", tmp_path / "new")
    assert made.status == 0
    assert made.out.startswith(f"Written to {tmp_path / 'new'}: 5 datasets of 2,799 rows, ")
    assert made.err == ""
    shown = [
        json.loads(trialdeck("show", kind, one, "--format", "json").out)
        for one in ("msb-dm003", tmp_path / "new")
    ]
    for one in shown:
        del one["study"]["source"], one["code"]
    assert shown[0] == shown[1]


def test_a_study_in_parquet_stays_as_it_is_to_the_last_byte_of_its_answers(
    pilot, trialdeck, tmp_path
):
    trialdeck("prepare", pilot, tmp_path / "new")
    for kind in ("visits", "incidence", "baseline"):
        old, new = (
            trialdeck("show", kind, one, "--format", "json").out.replace(str(one), "HERE")
            for one in (pilot, tmp_path / "new")
        )
        assert new == old


def test_labels_formats_and_what_the_reader_decided_are_kept(tmp_path):
    import pyreadstat

    (tmp_path / "old").mkdir()
    frame = pl.DataFrame({"USUBJID": ["1", "2"], "TRT01P": ["A", "B"], "BRTHDT": [1.0, 2.0]})
    pyreadstat.write_xport(
        frame,
        tmp_path / "old/adsl.xpt",
        file_format_version=5,
        file_label="Subjects",
        column_labels={"USUBJID": "Unique subject"},
        variable_format={"BRTHDT": "DATE9."},
    )
    prepare(str(tmp_path / "old"), tmp_path / "new")
    old, new = (open_study(str(tmp_path / name)).subjects for name in ("old", "new"))
    assert files.labels(new) == files.labels(old) == {"USUBJID": "Unique subject"}
    assert new.label == old.label == "Subjects"
    assert new.header.kinds == old.header.kinds
    assert new.header.notes == old.header.notes
    schema = pa.parquet.read_schema(tmp_path / "new/adsl.parquet")
    assert schema.field("BRTHDT").metadata[b"format"] == b"DATE9."


def test_what_is_left_out_is_said(study, tmp_path):
    shutil.copy(study / "adlb.csv", study / "adlb.tsv")
    done = prepare(str(study), tmp_path / "new")
    assert done.said()[1:] == (
        "adlb.tsv is not written: the same dataset as adlb.csv, which is read.",
    )


def test_only_its_owner_can_read_it(study, tmp_path):
    old = os.umask(0)
    try:
        prepare(str(study), tmp_path / "new")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "new").iterdir()} == {0o600}


def test_an_empty_folder_is_taken_and_no_other(study, tmp_path, here):
    (tmp_path / "empty").mkdir()
    prepare(str(study), tmp_path / "empty")
    before = {one.name: one.read_bytes() for one in (tmp_path / "empty").iterdir()}
    again = here("prepare", study, tmp_path / "empty")
    assert again.status == 2
    assert "is there already and is not empty; choose another folder." in again.err
    assert {one.name: one.read_bytes() for one in (tmp_path / "empty").iterdir()} == before
    nowhere = here("prepare", study, tmp_path / "none/new")
    assert nowhere.status == 2
    assert nowhere.err.endswith("cannot be written: No such file or directory.\n")
    assert left(tmp_path) == ["empty", "study"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_what_stops_it_leaves_nothing_behind(study, tmp_path, error):
    def stop(name: str, done: int, total: int) -> None:
        if name == "adlb.parquet" and done == total:
            raise error

    with pytest.raises((KeyboardInterrupt, TrialdeckError)):
        prepare(str(study), tmp_path / "new", stop)
    assert left(tmp_path) == ["study"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_nothing_behind(study, tmp_path, number):
    code = (
        "import os, sys; from pathlib import Path; from tui.study.prepare import prepare\n"
        "prepare(sys.argv[1], Path(sys.argv[2]), lambda *_: os.kill(os.getpid(), int(sys.argv[3])))"
    )
    arguments = [sys.executable, "-c", code, study, tmp_path / "new", str(int(number))]
    done = subprocess.run(arguments, capture_output=True, timeout=60)
    assert done.returncode not in (0, 1) or b"KeyboardInterrupt" in done.stderr
    assert left(tmp_path) == ["study"]


def test_a_disk_that_takes_no_more_is_one_sentence(study, tmp_path):
    limit = (2_000, 2_000)
    done = subprocess.run(
        # -B: Python would leave the first 2,000 bytes of a module's bytecode to all others.
        [sys.executable, "-B", "-m", "tui", "prepare", study, tmp_path / "new"],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert done.returncode == 2
    assert done.stderr == f"trialdeck: {tmp_path / 'new'} cannot be written: File too large.\n"
    assert left(tmp_path) == ["study"]


def test_a_name_that_leads_elsewhere_is_refused(study, tmp_path):
    columns = [{"itemOID": "A", "name": "A", "label": "A", "dataType": "string"}]
    said = {"datasetJSONVersion": "1.1.0", "name": "../../X", "columns": columns, "rows": [["1"]]}
    said |= {"itemGroupOID": "X", "records": 1, "label": "X"}
    (study / "x.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be the name of a file"):
        prepare(str(study), tmp_path / "new")
    assert left(tmp_path) == ["study"]


@settings(max_examples=200, deadline=None)  # the first one loads pyarrow
@given(sizes=st.lists(st.integers(0, 60), max_size=12), batch=st.integers(1, 30))
def test_row_groups_have_their_size_and_a_large_parameter_one_of_its_own(sizes, batch):
    least = 5
    rows = [(parameter, row) for parameter, size in enumerate(sizes) for row in range(size)]

    def tables(parameter: int, size: int) -> Iterator[pa.Table]:
        whole = pa.table({"p": [parameter] * size, "r": list(range(size))})
        for first in range(0, size, batch):
            yield whole.slice(first, batch)

    groups = [Group(size, tables(place, size)) for place, size in enumerate(sizes)]
    found = [one.to_pydict() for one in row_groups(groups, least) if one.num_rows]
    assert [pair for one in found for pair in zip(one["p"], one["r"], strict=True)] == rows
    for one in found:
        assert len(one["p"]) < 2 * least
        if any(sizes[parameter] >= least for parameter in one["p"]):
            assert len(set(one["p"])) == 1
            assert len(one["p"]) >= least


def large(folder: Path, codes: tuple[str, ...]) -> Path:
    """A study whose parameters have a row group each."""
    folder.mkdir()
    count = LEAST
    who = pl.Series([f"{one:06d}" for one in range(count)])
    pl.DataFrame({"USUBJID": who, "TRT01P": ["A", "B"] * (count // 2)}).write_parquet(
        folder / "adsl.parquet"
    )
    part = pl.DataFrame({"USUBJID": who, "AVISITN": [1.0] * count, "AVAL": [5.0] * count})
    pl.concat(
        part.with_columns(PARAMCD=pl.lit(code), PARAM=pl.lit(f"{code} (U/L)")) for code in codes
    ).sort("USUBJID", maintain_order=True).write_parquet(folder / "adlb.parquet")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    prepare(str(large(folder / "old", ("ZZ", "AA"))), folder / "new")
    return folder / "new"


def spoiled(made: Path, to: Path, which: Callable[[str, int], bool]) -> Path:
    """A copy in which these columns of these row groups hold nothing but zeros."""
    shutil.copytree(made, to)
    path = to / "adlb.parquet"
    metadata, content = pa.parquet.read_metadata(path), bytearray(path.read_bytes())
    for place in range(metadata.num_row_groups):
        for number in range(metadata.num_columns):
            column = metadata.row_group(place).column(number)
            if which(column.path_in_schema, place):
                first = column.dictionary_page_offset or column.data_page_offset
                size = column.total_compressed_size
                content[first : first + size] = bytes(size)
    path.write_bytes(content)
    return to


def test_the_endpoints_of_a_prepared_study_are_known_without_reading_a_row(made, tmp_path):
    study = open_study(str(spoiled(made, tmp_path / "spoiled", lambda column, group: True)))
    assert [(one.key, one.title, one.rows) for one in study.endpoints] == [
        ("ZZ", "ZZ (U/L)", LEAST),
        ("AA", "AA (U/L)", LEAST),
    ]
    with pytest.raises(StudyError, match=r"adlb\.parquet"):
        endpoint.load(study.endpoints[0])


def test_an_endpoint_is_read_without_the_row_groups_of_the_others(made, tmp_path):
    study = open_study(str(spoiled(made, tmp_path / "spoiled", lambda column, group: group == 0)))
    first, second = study.endpoints
    assert endpoint.load(second).frame["row"].to_list() == list(range(LEAST + 1, 2 * LEAST + 1))
    with pytest.raises(StudyError, match=r"adlb\.parquet"):
        endpoint.load(first)


def test_the_endpoints_of_a_large_prepared_study_are_listed_when_it_is_opened(made, monkeypatch):
    monkeypatch.setattr(endpoints, "AT_ONCE", 0)
    assert "_all" in vars(open_study(str(made)).endpoints)


@pytest.mark.parametrize("size", [LEAST, LEAST // 4 * 3])
def test_metadata_that_another_program_wrote_on_do_not_stand_for_the_data(made, tmp_path, size):
    """Whatever became of the rows, other programs may keep what the footer said."""
    shutil.copytree(made, tmp_path / "changed")
    path = tmp_path / "changed/adlb.parquet"
    said = pa.parquet.read_metadata(path).metadata[prepared.ROWS.encode()]
    table = pa.parquet.read_table(path)
    kept = table.slice(LEAST // 2, LEAST).replace_schema_metadata({prepared.ROWS: said})
    pa.parquet.write_table(kept, path, row_group_size=size)
    found = open_study(str(tmp_path / "changed")).endpoints
    assert [(one.key, one.rows) for one in found] == [("ZZ", LEAST // 2), ("AA", LEAST // 2)]


def footer(path: Path, **said: object) -> None:
    """A dataset of four rows whose footer says where the rows of two parameters lie, and this."""
    codes = {"PARAMCD": ["A", "A", "A", "B"], "PARAM": ["a (g)"] * 3 + ["b (g)"]}
    rest = {"USUBJID": ["1"] * 4, "AVISITN": [0, 1, 2, 0], "AVAL": [1.0] * 4}
    table = pa.table(codes | rest)
    with path.open("wb") as file, pa.parquet.ParquetWriter(file, table.schema) as writer:
        writer.write_table(table)
        whole = {"end": file.tell(), "columns": ["PARAMCD", "PARAM"]}
        whole["parts"] = [[3, "A", "a (g)"], [1, "B", "b (g)"]]
        writer.add_key_value_metadata({prepared.ROWS: json.dumps(whole | said)})


def test_a_footer_is_believed_where_it_fits(tmp_path):
    footer(tmp_path / "adlb.parquet")
    (header,) = files.headers(tmp_path / "adlb.parquet")
    assert header.stretches == (
        Stretch(0, 3, {"PARAMCD": "A", "PARAM": "a (g)"}),
        Stretch(3, 1, {"PARAMCD": "B", "PARAM": "b (g)"}),
    )


@pytest.mark.parametrize(
    "said",
    [
        {"end": 7},
        {"end": None},
        {"columns": ["PARAMCD", "NOTHERE"]},
        {"columns": ["PARAMCD", "PARAMCD"]},
        {"columns": None},
        {"parts": [[3, "A", "a (g)"]]},
        {"parts": [[3, "A", "a (g)"], [2, "B", "b (g)"]]},
        {"parts": [[5, "A", "a (g)"], [-1, "B", "b (g)"]]},
        {"parts": [[3.5, "A", "a (g)"], [0.5, "B", "b (g)"]]},
        {"parts": [[None, "A", "a (g)"], [4, "B", "b (g)"]]},
        {"parts": [[3, "A"], [1, "B"]]},
        {"parts": [[3, "A", ["a (g)"]], [1, "B", {"b": 1}]]},
        {"parts": [[10**30, "A", "a (g)"], [1, "B", "b (g)"]]},
        {"parts": {"rows": 4}},
        {"parts": "AB"},
        {"parts": 4},
        {"parts": []},
    ],
)
def test_a_footer_that_does_not_fit_is_not_believed(tmp_path, said):
    subjects = pl.DataFrame({"USUBJID": ["1"], "TRT01P": ["A"]})
    subjects.write_parquet(tmp_path / "adsl.parquet")
    footer(tmp_path / "adlb.parquet", **said)
    study = open_study(str(tmp_path))
    assert [one.header.stretches for one in study.datasets] == [(), ()]
    assert [(one.key, one.title, one.rows) for one in study.endpoints] == [
        ("A", "a (g)", 3),
        ("B", "b (g)", 1),
    ]


@pytest.mark.parametrize(
    ("numbers", "told"),
    [(("3", "1", "2"), True), (("3", "1", "9"), False), (("x", "", "y"), True)],
)
def test_parameters_are_told_by_the_footer_with_their_number_if_each_has_one(
    study, tmp_path, numbers, told
):
    """The numbers are those of the three parameters; where one has two, the footer tells none."""
    lines = records(1).splitlines()
    of = dict(zip(("ZZ (g/L)", "AA (U/L)", "AA (nkat/L)"), numbers, strict=True))
    numbered = [f"{line},{of[line.split(',')[2]]}" for line in lines[1:]]
    if not told:
        last = next(one for one in reversed(numbered) if "AA (nkat/L)" in one)
        numbered.append(last.rsplit(",", 1)[0] + ",8")
    text = "\n".join([lines[0] + ",PARAMN", *numbered]) + "\n"
    (study / "adlb.csv").write_text(text, encoding="utf-8")
    prepare(str(study), tmp_path / "new")
    dataset = open_study(str(tmp_path / "new")).endpoints[0].dataset
    assert len(dataset.header.stretches) == (3 if told else 0)
    assert answers(tmp_path / "new") == answers(study)


def test_more_parameters_than_a_footer_tells_are_counted(study, tmp_path, monkeypatch):
    monkeypatch.setattr(by_parameter, "_MOST_SAID", 2)
    prepare(str(study), tmp_path / "new")
    assert open_study(str(tmp_path / "new")).endpoints[0].dataset.header.stretches == ()
    assert answers(tmp_path / "new") == answers(study)


@pytest.mark.parametrize("said", ["[", "[]", "7", '{"notes": 3, "decodes": {"A": 1}}', "[" * 5000])
def test_metadata_of_another_kind_are_no_metadata(tmp_path, said):
    table = pa.table({"USUBJID": ["1"], "TRT01P": ["A"]}).replace_schema_metadata(
        {"trialdeck": said, "trialdeck.rows": said}
    )
    pa.parquet.write_table(table, tmp_path / "adsl.parquet")
    (one,) = files.headers(tmp_path / "adsl.parquet")
    assert (one.label, one.notes, one.stretches) == ("", (), ())


def test_a_small_prepared_study_is_opened_without_pyarrow(made):
    """To load it takes 0.1 s, and so does opening the whole study."""
    program = (
        "import sys; from tui.study.open import open_study; "
        "found = open_study(sys.argv[1]).endpoints; "
        "print([(one.key, one.rows) for one in found], 'pyarrow' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(made)], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == f"[('ZZ', {LEAST}), ('AA', {LEAST})] False"


def test_a_condition_on_the_parameter_is_part_of_the_scan(made):
    dataset = open_study(str(made)).endpoints[0].dataset
    plan = files.scan(dataset, number="row").filter(pl.col("PARAMCD") == "AA").explain()
    scanned = plan[plan.index("Parquet SCAN") :]
    assert 'SELECTION: col("PARAMCD") == "AA"' in scanned
    assert "ROW_INDEX" in scanned
    assert "FILTER" not in plan


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_and_cleared(study, tmp_path):
    stream, pipe = Terminal(), io.StringIO()
    for place, one in enumerate((stream, pipe)):
        with progress_bar(one) as tell:
            prepare(str(study), tmp_path / f"new{place}", tell)
    assert "writing adlb.parquet [############............]  50 %" in stream.getvalue()
    assert max(map(len, stream.getvalue().split("\r\x1b[K"))) < 80
    assert stream.getvalue().endswith("\r\x1b[K")
    assert pipe.getvalue() == ""
