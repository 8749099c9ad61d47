"""One endpoint of a large dataset is found as it stands in the list of all, which is not made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.errors import SelectionError
from tui.queries import match
from tui.selection import parse
from tui.study import endpoints
from tui.study.model import Dataset, Endpoint, Study
from tui.study.open import open_study

ROW = st.tuples(
    st.sampled_from(["ALT", "alt", "ALT2", "HBA1C", "HbA1cX", None]),
    st.sampled_from(["ALT (U/L)", "ALT (ukat/L)", "Alanine", "", None]),
    st.sampled_from([1.0, 2.5, float("nan"), None]),
)


def write(
    folder: Path, name: str, rows: Sequence[tuple[object, ...]], numbered: bool = True
) -> None:
    """A findings dataset with these PARAMCD, PARAM and PARAMN."""
    kinds = {"PARAMCD": pl.String(), "PARAM": pl.String(), "PARAMN": pl.Float64()}
    frame = pl.DataFrame(rows, kinds, orient="row").with_columns(
        USUBJID=pl.lit("1"), AVISITN=pl.lit(0.0), AVAL=pl.lit(1.0)
    )
    frame = frame if numbered else frame.drop("PARAMN")
    frame.write_parquet(folder / f"{name}.parquet", row_group_size=7)


def opened(folder: Path, at_once: int = 1_000_000, first: int = 100_000) -> Study:
    """The study, its datasets of more rows than `at_once` being large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(endpoints, "AT_ONCE", at_once)
        patch.setattr(endpoints, "_FIRST", first)
        return open_study(str(folder))


def subjects(folder: Path) -> None:
    people = pl.DataFrame({"USUBJID": ["1", "2"], "TRT01P": ["Placebo", "Active"]})
    people.write_parquet(folder / "adsl.parquet")


def said(found: Endpoint | None) -> tuple[object, ...] | None:
    """All of an endpoint, of one or the other opening of a study."""
    if found is None:
        return None
    names = ("key", "code", "label", "unit", "rows", "param", "decimals", "target")
    return (found.dataset.name, *(getattr(found, name) for name in names))


@settings(deadline=None)
@given(
    labs=st.lists(ROW, min_size=1, max_size=30),
    vitals=st.lists(ROW, min_size=1, max_size=12),
    numbered=st.booleans(),
    at_once=st.sampled_from([0, 12]),
    first=st.sampled_from([1, 100]),
)
def test_what_is_found_of_a_large_dataset_is_what_its_list_has(
    labs: list[tuple[object, ...]],
    vitals: list[tuple[object, ...]],
    numbered: bool,
    at_once: int,
    first: int,
) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        subjects(folder)
        write(folder, "adlb", labs, numbered)
        write(folder, "advs", vitals)
        listed = opened(folder).endpoints
        large = opened(folder, at_once, first).endpoints
        patch.setattr(endpoints, "_FIRST", first)
        assert bool(large) == bool(len(listed))
        for wanted in (lambda one: True, lambda one: one.name == "ADVS"):
            expected = next((one for one in listed if wanted(one.dataset)), None)
            assert said(large.first(wanted)) == said(expected)
        for asked in ("ALT", "alt2", "hba1c", "ADLB.ALT", "ALT.U/L", "nothing"):
            expected_all = [
                one for one in listed if asked.upper() in (one.key.upper(), one.code.upper())
            ]
            assert list(map(said, large.called(asked))) == list(map(said, expected_all))
        begun = [one for one in listed if one.is_hba1c]
        assert list(map(said, large.beginning("HBA1C"))) == list(map(said, begun))
        assert list(map(said, large)) == list(map(said, listed))


def test_the_first_table_of_a_large_dataset_lists_no_endpoints_and_says_the_same(
    tmp_path: Path,
) -> None:
    subjects(tmp_path)
    write(tmp_path, "adlb", [("ALT", "ALT (U/L)", None), ("AST", "AST (U/L)", None)] * 5)
    small, large = opened(tmp_path), opened(tmp_path, 0)
    for line in ("", "endpoint=AST", "endpoint=ast"):
        question = Question("visits", parse(line), statistics=False)
        answer, expected = (Session(study).answer(question) for study in (large, small))
        assert (answer.rows, answer.notes) == (expected.rows, expected.notes)
    assert "_all" not in vars(large.endpoints)


def test_a_name_that_no_code_has_is_looked_for_in_all_labels(tmp_path: Path) -> None:
    subjects(tmp_path)
    rows = [("ALT", "Alanine Transaminase (U/L)", None), ("AST", "Aspartate (U/L)", None)]
    write(tmp_path, "adlb", rows * 5)
    assert match.endpoint(opened(tmp_path, 0), "aspartate")[0].key == "AST"
    with pytest.raises(SelectionError, match="no endpoint 'GLUC': there is ALT Alan"):
        match.endpoint(opened(tmp_path, 0), "GLUC")


def test_a_frequent_hba1c_goes_before_the_first_and_a_rare_one_does_not(tmp_path: Path) -> None:
    subjects(tmp_path)
    often = [("ALT", "ALT (U/L)", None)] * 20 + [("HBA1C", "HbA1c (%)", None)] * 4
    write(tmp_path, "adlb", often)
    assert match.endpoint(opened(tmp_path, 0), None)[0].key == "HBA1C"
    write(tmp_path, "adlb", often[:21])
    chosen, note = match.endpoint(opened(tmp_path, 0), None)
    assert chosen.key == "ALT"
    assert note == (
        "No endpoint was chosen and none is named in study.toml: ALT is the first and is shown."
    )


def test_a_large_dataset_with_changes_goes_before_one_without(tmp_path: Path) -> None:
    subjects(tmp_path)
    write(tmp_path, "adlb", [("ALT", "ALT (U/L)", None)] * 5)
    write(tmp_path, "advs", [("WEIGHT", "Weight (kg)", None)] * 5)
    vitals = tmp_path / "advs.parquet"
    pl.read_parquet(vitals).with_columns(CHG=0.0).write_parquet(vitals)
    assert match.endpoint(opened(tmp_path, 0), None)[0].key == "WEIGHT"


def test_a_study_without_a_parameter_has_no_endpoint_however_large(tmp_path: Path) -> None:
    subjects(tmp_path)
    write(tmp_path, "adlb", [(None, "ALT (U/L)", None)] * 5)
    study = opened(tmp_path, 0)
    assert not study.endpoints

    def large(one: Dataset) -> bool:
        return one.rows == 5

    assert study.endpoints.first(large) is None
    with pytest.raises(SelectionError, match="has no findings"):
        match.endpoint(study, None)
