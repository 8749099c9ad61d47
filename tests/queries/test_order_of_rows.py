"""The records of an analysis do not depend on the order in which a file has its rows."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tui.queries import endpoint, records
from tui.queries.records import Records
from tui.selection import parse
from tui.study.open import open_study

SUBJECTS = [f"P{place}" for place in range(10)]


def written(folder: Path, rows: list[dict[str, object]], own_arm: bool) -> Records:
    """The records of X, of a study that has these rows."""
    folder.mkdir()
    arms = ["Placebo", "Drug"] * 5
    pl.DataFrame({"USUBJID": SUBJECTS, "TRT01P": arms}).write_parquet(folder / "adsl.parquet")
    frame = pl.DataFrame(rows)
    frame = frame if own_arm else frame.drop("TRTP")
    frame.write_parquet(folder / "adlb.parquet", row_group_size=9)
    return records.build(open_study(str(folder)), parse("endpoint=X"), endpoint.load)


@pytest.mark.parametrize("own_arm", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_records_stand_by_visit_arm_and_subject_however_the_file_has_them(
    tmp_path: Path, seed: int, own_arm: bool
) -> None:
    """Of each subject some visits; P11 is none of the study's."""
    rows: list[dict[str, object]] = [
        {
            "USUBJID": subject,
            "TRTP": ["Placebo", "Drug"][place % 2],
            "PARAMCD": "X",
            "AVISIT": f"Week {visit}",
            "AVISITN": float(visit),
            "AVAL": 0.1 * place + visit,
            "ABLFL": "Y" if visit == 0 else "",
        }
        for place, subject in enumerate([*SUBJECTS, "P11"])
        for visit in (0, 4, 8)
        if (place + visit) % 5
    ]
    found = written(tmp_path / "file", rows, own_arm)
    random.Random(seed).shuffle(rows)
    shuffled = written(tmp_path / "shuffled", rows, own_arm)
    assert_frame_equal(found.frame.drop("row"), shuffled.frame.drop("row"))
    assert found.funnel == shuffled.funnel
    keys = found.frame.select("visit", "arm", "subject")
    assert keys.rows() == sorted(keys.rows())
    assert set(keys["subject"]) <= set(SUBJECTS)
