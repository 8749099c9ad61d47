"""What of a selection still means something after a study has been read anew."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.queries import endpoint, records
from tui.queries.meaning import still_meaningful
from tui.selection import FIELDS, Selection, parse

ADSL = """
    USUBJID TRT01P  TRT01PN AGE SEX RACE         ITTFL EFFFL
    P1      Placebo 0       61  F   WHITE        Y     Y
    P2      Placebo 0       45  M   WHITE        Y     Y
    A1      Low     1       70  F   ASIAN        Y     Y
    A2      Low     1       52  M   WHITE        Y     Y
    B1      High    2       63  F   NOT_REPORTED Y     Y
    B2      High    2       58  M   ASIAN        Y     Y
"""
ADLB = """
    USUBJID PARAMCD PARAM           AVISIT   AVISITN ATPT   ATPTN AVAL BASE CHG ABLFL ANL02FL
    P1      HBA1C   HbA1c_(%)       Baseline 0       Early  1     8    8    -   Y     Y
    P1      HBA1C   HbA1c_(%)       Week_4   4       Early  1     7    8    -1  -     Y
    P1      HBA1C   HbA1c_(%)       Week_4   4       Late   2     6    8    -2  -     Y
    A1      HBA1C   HbA1c_(%)       Baseline 0       Early  1     8    8    -   Y     Y
    A1      HBA1C   HbA1c_(%)       Week_8   8       Early  1     7    8    -1  -     Y
    B1      GLUC    Glucose_(mg/dL) Week_8   8       Early  1     90   80   10  -     -
"""
ADAE = """
    USUBJID AEDECOD AESEV    AESER ASTDY
    P1      Nausea  MILD     N     3
    A1      Rash    GRADE_4  Y     5
"""


@pytest.fixture
def meaning(study):
    """What a study, with some lines of it replaced, keeps of a selection."""

    def of(line: str, adsl: str = ADSL, adlb: str = ADLB, adae: str = ADAE):
        kept, said = still_meaningful(
            study(adsl=adsl, adlb=adlb, adae=adae), parse(line), endpoint.load
        )
        return str(kept), list(said)

    return of


EVERYTHING = (
    "endpoint=HBA1C arms=Low,Placebo reference=Low population=EFF records=ANL02FL arm=planned "
    "timepoint=early imputed=keep visits=0,4 where='AGE>=40 SEX=F,M' value=CHG unit=mmol/mol "
    "method=welch covariates=AGE,SEX alpha=0.1 adjust=holm strata=SEX responder='value<50' "
    "subgroup=RACE text=rash severity='GRADE 4' serious=yes days=1,9 emergent=all"
)


def test_what_is_all_still_there_is_kept_and_nothing_is_said(meaning):
    assert meaning(EVERYTHING) == (str(parse(EVERYTHING)), [])


def without(table: str, *words: str) -> str:
    return "\n".join(
        line for line in table.splitlines() if not any(word in line.split() for word in words)
    )


@pytest.mark.parametrize(
    ("chosen", "changed", "kept", "sentences"),
    [
        (
            "arms=Placebo,High,Low",
            {"adsl": without(ADSL, "High")},
            "arms=Placebo,Low",
            ["arms=High is taken back: there is no arm 'High': there is Placebo or Low."],
        ),
        (
            "arms=High reference=High",
            {"adsl": without(ADSL, "High")},
            "",
            [
                "arms=High is taken back: there is no arm 'High': there is Placebo or Low.",
                "reference=High is taken back: there is no arm 'High': there is Placebo or Low.",
            ],
        ),
        (
            "arms=Low",
            {"adsl": ADSL.replace("Placebo", "Low_of_A").replace("Low ", "Low_of_B ")},
            "",
            ["arms=Low is taken back: 'Low' could be more than one arm: Low of A or Low of B."],
        ),
        (
            "endpoint=GLUC visits=8 value=AVAL method=welch",
            {"adlb": without(ADLB, "GLUC")},
            "method=welch",
            [
                "endpoint=GLUC is taken back: there is no endpoint 'GLUC': there is HBA1C HbA1c.",
                "visits=8 belonged to that endpoint and is taken back.",
                "value=AVAL belonged to that endpoint and is taken back.",
            ],
        ),
        (
            "endpoint=HBA1C visits=4,8",
            {"adlb": without(ADLB, "Week_8")},
            "endpoint=HBA1C visits=4",
            ["visits=8 is taken back: there is no visit 8: there is 0 or 4."],
        ),
        (
            "endpoint=HBA1C timepoint=Late",
            {"adlb": without(ADLB, "Late")},
            "endpoint=HBA1C",
            [
                "timepoint=Late is taken back: 'Late' is no time point of this endpoint: "
                "there is Early."
            ],
        ),
        (
            "endpoint=HBA1C records=ANL02FL",
            {"adlb": ADLB.replace("ANL02FL", "ANL03FL")},
            "endpoint=HBA1C",
            [
                "records=ANL02FL is taken back: there is no record flag ANL02FL: there is "
                "auto, all or ANL03FL."
            ],
        ),
        (
            "endpoint=HBA1C unit=mmol/mol",
            {"adlb": ADLB.replace("(%)", "(g/L)")},
            "endpoint=HBA1C",
            ["unit=mmol/mol is taken back: HBA1C cannot be shown in mmol/mol: its unit is g/L."],
        ),
        (
            "population=EFFFL",
            {"adsl": ADSL.replace("EFFFL", "EFFLG")},
            "",
            [
                "population=EFFFL is taken back: there is no population 'EFFFL': "
                "there is ITTFL or all."
            ],
        ),
        (
            "where='AGE>=40 RACE=\"NOT REPORTED\" SEX=F'",
            {"adsl": ADSL.replace("NOT_REPORTED", "WHITE       ")},
            "where='AGE>=40 SEX=F'",
            [
                "where=RACE=NOT REPORTED is taken back: no subject has RACE=NOT REPORTED: "
                "there is ASIAN or WHITE."
            ],
        ),
        (
            "where='RACE=\"NOT REPORTED\" SEX=F'",
            {"adsl": ADSL.replace("SEX", "SEX1")},
            str(Selection(where="'RACE=NOT REPORTED'")),
            ["where=SEX=F is taken back: there is no subject-level column SEX: use SEX1."],
        ),
        (
            "covariates=AGE,SEX strata=SEX subgroup=SEX",
            {"adsl": ADSL.replace("SEX", "SEX1")},
            "covariates=AGE",
            [
                "covariates=SEX is taken back: there is no subject-level column SEX: use SEX1.",
                "strata=SEX is taken back: there is no subject-level column SEX: use SEX1.",
                "subgroup=SEX is taken back: there is no subject-level column SEX: use SEX1.",
            ],
        ),
        (
            "severity='MILD,GRADE 4' text=rash",
            {"adae": without(ADAE, "Rash")},
            "text=rash",
            ["severity=MILD,GRADE 4 is taken back: there is no severity 'GRADE 4': there is MILD."],
        ),
    ],
)
def test_what_is_gone_is_taken_back_and_said_in_a_sentence(
    meaning, chosen, changed, kept, sentences
):
    assert meaning(chosen) == (str(parse(chosen)), [])
    assert meaning(chosen, **changed) == (kept, sentences)


def test_a_study_without_findings_or_events_keeps_what_it_cannot_judge(study):
    bare = study(adsl=ADSL)
    chosen = parse("visits=4 covariates=AGE responder='value<7' severity=MILD where=SEX=F arms=Low")
    assert still_meaningful(bare, chosen, endpoint.load) == (chosen, ())


def test_a_broken_value_takes_no_choice_back(meaning):
    line = "endpoint=HBA1C visits=4,8"
    assert meaning(line, adlb=ADLB.replace(" 7    8 ", " xx   8 ")) == (line, [])


choices = {
    "endpoint": st.sampled_from(["HBA1C", "GLUC", "gone", "ADLB.HBA1C"]),
    "arms": st.lists(st.sampled_from(["Placebo", "Low", "2", "gone"]), min_size=1).map(tuple),
    "reference": st.sampled_from(["Placebo", "High", "gone"]),
    "population": st.sampled_from(["all", "EFFFL", "goneFL"]),
    "records": st.sampled_from(["all", "auto", "ANL02FL", "ANL01FL"]),
    "visits": st.lists(st.sampled_from([0.0, 4.0, 8.0, 99.0]), min_size=1).map(tuple),
    "timepoint": st.sampled_from(["Early", "Late", "gone", "e"]),
    "where": st.lists(
        st.sampled_from(["AGE>=40", "AGE>900", "SEX=F", "GONE=1", "RACE='NOT REPORTED'"]),
        min_size=1,
        max_size=3,
    ).map(" ".join),
    "unit": st.sampled_from(["%", "mmol/mol", "gone"]),
    "covariates": st.lists(st.sampled_from(["AGE", "SEX", "GONE"]), min_size=1).map(tuple),
    "subgroup": st.sampled_from(["SEX", "RACE", "GONE"]),
    "method": st.sampled_from(["welch", "ancova"]),
}


@pytest.fixture
def opened(study):
    """The study, and what reads each of its endpoints once for all examples."""
    return study(adsl=ADSL, adlb=ADLB, adae=ADAE), cache(endpoint.load)


@given(st.fixed_dictionaries({}, optional=choices))
@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_kept_can_be_asked_and_every_field_that_is_not_has_its_sentence(opened, fields):
    study, load = opened
    chosen = Selection(**fields)
    kept, said = still_meaningful(study, chosen, load)
    records.build(study, kept, load)  # means something, or it would raise
    assert still_meaningful(study, kept, load) == (kept, ())
    for name in FIELDS:
        same = getattr(kept, name) == getattr(chosen, name)
        assert same == (not any(one.startswith(f"{name}=") for one in said))
