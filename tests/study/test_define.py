"""define.xml in its three versions: what it gives, what it cannot take away, what is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Answer, Question
from tui.analyses.session import Session
from tui.selection import parse
from tui.study import define_xml, labels
from tui.study.header import Unreadable
from tui.study.model import Role, Study
from tui.study.open import open_study

# One study as each version writes it: (dataset, class, keys, variables), a variable with its label
# and code list. The structures are those of the standard: labels are attributes in 1.0, the class
# is an element in 2.1, and keys are one attribute in 1.0.
DATASETS = [
    ("ADSL", "Subjects", "SUBJECT LEVEL ANALYSIS DATASET", ["USUBJID"],
     {"USUBJID": ("Subject", ""), "TRT01P": ("Planned & given", ""), "SEX": ("Sex", "SEX")}),
    ("ADLB", "Laboratory", "BASIC DATA STRUCTURE", ["USUBJID", "PARAMCD", "AVISITN"],
     {"USUBJID": ("Subject", ""), "PARAMCD": ("Parameter Code", "PARAMCD"),
      "AVISITN": ("Visit", ""), "AVAL": ("Value", "")}),
    ("ADAE", "Adverse Events", "OCCURRENCE DATA STRUCTURE", [],
     {"AETERM": ("Term", ""), "AESEV": ("Severity", "SEV"), "AESER": ("Serious", "NY")}),
]  # fmt: skip
LISTS = {
    "SEX": {"F": "Female", "M": "Male"},
    "PARAMCD": {"GLUC": "Glucose (mmol/L)"},
    "SEV": {"1": "Mild", "2": "Moderate", "3": "Severe"},
    "NY": {"Y": "Yes", "N": "No"},
}
VERSIONS = ("1.0", "2.0", "2.1")


def define(version: str, head: str = "", datasets: list = DATASETS) -> str:
    """A Define-XML file of a version."""
    old = version == "1.0"

    def label(text: str, attribute: bool = False) -> str:
        if attribute:
            return f" def:Label={quoteattr(text)}" if old else ""
        text = text.replace("&", "&amp;")
        said = f'<TranslatedText xml:lang="en">{text}</TranslatedText>'
        return "" if old else f"<Description>{said}</Description>"

    parts = []
    for name, title, kind, keys, variables in datasets:
        classes = "" if version == "2.1" else f' def:Class="{kind}"'
        listed = f' def:DomainKeys="{", ".join(keys)}"' if old else ""
        refs = "".join(
            f'<ItemRef ItemOID="IT.{name}.{one}" OrderNumber="{place}"'
            + (f' KeySequence="{keys.index(one) + 1}"' if one in keys and not old else "")
            + "/>"
            for place, one in enumerate(variables, 1)
        )
        element = f'<def:Class Name="{kind}"/>' if version == "2.1" else ""
        parts.append(
            f'<ItemGroupDef OID="IG.{name}" Name="{name}" Purpose="Analysis"{classes}{listed}'
            f"{label(title, True)}>{label(title)}{refs}{element}</ItemGroupDef>"
        )
        parts += [
            f'<ItemDef OID="IT.{name}.{one}" Name="{one}" DataType="text" '
            f'def:DisplayFormat="$20."{label(said, True)}>{label(said)}'
            + (f'<CodeListRef CodeListOID="CL.{codes}"/>' if codes else "")
            + "</ItemDef>"
            for one, (said, codes) in variables.items()
        ]
    for name, pairs in LISTS.items():
        items = "".join(
            f'<CodeListItem CodedValue="{code}"><Decode><TranslatedText>{said}</TranslatedText>'
            "</Decode></CodeListItem>"
            for code, said in pairs.items()
        )
        parts.append(f'<CodeList OID="CL.{name}" Name="{name}" DataType="text">{items}</CodeList>')
    odm = "1.2" if old else "1.3"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}'
        f'<ODM xmlns="http://www.cdisc.org/ns/odm/v{odm}"'
        f' xmlns:def="http://www.cdisc.org/ns/def/v{version}">\n'
        f'<Study OID="S"><MetaDataVersion OID="M" def:DefineVersion="{version}.0">'
        f"{''.join(parts)}</MetaDataVersion></Study></ODM>\n"
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A study whose files say nothing of labels."""
    files = {
        "adsl": "USUBJID,TRT01P,SEX\nS1,Placebo,F\nS2,Drug,M\nS3,Drug,F\n",
        "adlb": "USUBJID,PARAMCD,AVISITN,AVAL,CHG\n"
        + "".join(f"S{who},GLUC,{week},{5 + who},{week}\n" for who in (1, 2, 3) for week in (0, 4)),
        "adae": "USUBJID,AETERM,AESEV,AESER,AESTDY\nS1,Fall,1,N,3\nS3,Fever,3,Y,9\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def opened(place: Path, text: str | bytes, name: str = "define.xml") -> Study:
    content = text.encode("utf-8") if isinstance(text, str) else text
    (place / name).write_bytes(content)
    return open_study(str(place))


def ask(study: Study, kind: str, **fields: str) -> Answer:
    return Session(study).answer(Question(kind, **fields))


@pytest.fixture(params=VERSIONS)
def described(request: pytest.FixtureRequest, place: Path) -> Study:
    """The study with a define.xml of each version beside it."""
    return opened(place, define(request.param))


# What it gives


def test_datasets_have_their_labels_and_keys(described: Study):
    named = {one.name: (one.label, one.keys) for one in described.datasets}
    assert named == {
        "ADSL": ("Subjects", ("USUBJID",)),
        "ADLB": ("Laboratory", ("USUBJID", "PARAMCD", "AVISITN")),
        "ADAE": ("Adverse Events", ()),
    }
    titles = {row.name: row.title for row in ask(described, "study").rows if row.title}
    assert titles == {name: label for name, (label, _) in named.items()}


def test_columns_have_their_labels_and_study_toml_goes_before_them(place: Path):
    (place / "study.toml").write_text('[labels]\nSEX = "Gender"\n', encoding="utf-8")
    study = opened(place, define("2.1"))
    assert labels.of(study, study.subjects) == {
        "USUBJID": "Subject",
        "TRT01P": "Planned & given",
        "SEX": "Gender",
    }


def test_the_labels_of_the_file_go_before_those_of_define_xml(pilot: Path, tmp_path: Path):
    (tmp_path / "adsl.parquet").symlink_to(pilot / "adsl.parquet")
    datasets = [("ADSL", "", "", [], {"AGE": ("Another", ""), "X": ("Lost", "")})]
    study = opened(tmp_path, define("2.0", datasets=datasets))
    found = labels.of(study, study.subjects)
    own = labels.files.labels(study.subjects)
    assert found["AGE"] == own.get("AGE", "Another")
    assert found == {"AGE": "Another", "X": "Lost", **own}


def test_a_parameter_without_param_has_the_label_of_its_code(described: Study):
    (glucose,) = described.endpoints
    assert (glucose.code, glucose.label, glucose.unit) == ("GLUC", "Glucose", "mmol/L")


def test_coded_values_are_shown_with_their_meaning_and_selected_as_delivered(described: Study):
    rows = [row for row in ask(described, "baseline").rows if row.variable == "SEX"]
    assert {(row.level, row.decode) for row in rows} == {("F", "Female"), ("M", "Male")}
    only = ask(described, "arms", selection=parse("where=SEX=F population=all"))
    assert sum(row.n for row in only.rows) == 2
    who = ask(described, "subject", subject="S1").rows
    assert ("Sex", "F (Female)") in {(row.name, row.text) for row in who}


def test_the_log_keeps_the_codes_and_says_what_they_mean(described: Study):
    answer = ask(described, "events")
    assert [row.severity for row in answer.rows] == ["1", "3"]
    assert "AESEV: 1 is Mild, 3 is Severe (define.xml)." in answer.notes
    assert not any("AESER" in note for note in answer.notes)  # that Y is Yes is no news
    severe = ask(described, "events", selection=parse("severity=3"))
    assert [row.term for row in severe.rows] == ["Fever"]


def test_the_page_prints_the_meaning(place: Path, here: Callable):
    opened(place, define("2.1"))
    run = here("show", "baseline", place)
    assert "F (Female), n (%)" in run.out
    assert "define.xml: Define-XML 2.1: labels, code lists, classes and keys" in (
        here("show", "study", place).out
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_labels_of_parameters_are_found_in_value_lists_too(version: str, tmp_path: Path):
    old = version == "1.0"
    label = ' def:Label="Weight (kg)"' if old else ""
    described = (
        "" if old else "<Description><TranslatedText>Weight (kg)</TranslatedText></Description>"
    )
    where = "" if old else '<def:WhereClauseRef WhereClauseOID="W"/>'
    listed = (
        f'<def:ValueListDef OID="V"><ItemRef ItemOID="X">{where}</ItemRef></def:ValueListDef>'
        '<def:WhereClauseDef OID="W"><RangeCheck Comparator="EQ" def:ItemOID="IT.ADVS.PARAMCD">'
        "<CheckValue>WT</CheckValue></RangeCheck></def:WhereClauseDef>"
        f'<ItemDef OID="X" Name="WT"{label}>{described}</ItemDef></MetaDataVersion>'
    )
    datasets = [("ADVS", "", "", [], {"PARAMCD": ("Code", ""), "AVAL": ("Value", "")})]
    text = define(version, datasets=datasets).replace("</MetaDataVersion>", listed)
    item = f'<ItemDef OID="IT.ADVS.{"PARAMCD" if old else "AVAL"}" '
    head, tail = text.split(item)
    tail = tail.replace("</ItemDef>", '<def:ValueListRef ValueListOID="V"/></ItemDef>', 1)
    path = tmp_path / "define.xml"
    path.write_text(head + item + tail, encoding="utf-8")
    assert define_xml.read(path).datasets["ADVS"].parameters == {"WT": "Weight (kg)"}


# The part a dataset plays


def test_the_class_tells_where_columns_leave_the_part_open(place: Path):
    (place / "adex.csv").write_text("USUBJID,TRT01P,DOSE\nS1,A,1\nS2,B,2\n", encoding="utf-8")
    (place / "adxx.csv").write_text("USUBJID,TRT01P\nS1,A\nS2,B\n", encoding="utf-8")
    classes = [
        ("ADEX", "", "ADAM OTHER", [], {}),
        ("ADXX", "", "SUBJECT LEVEL ANALYSIS DATASET", [], {}),
        ("ADSL", "", "", [], {}),
    ]
    parts = {one.name: one for one in opened(place, define("2.0", datasets=classes)).datasets}
    assert parts["ADXX"].role is Role.SUBJECTS
    assert parts["ADXX"].why.endswith(
        "define.xml gives it the class SUBJECT LEVEL ANALYSIS DATASET"
    )
    assert (parts["ADEX"].role, parts["ADEX"].why) == (
        Role.UNUSED,
        "define.xml gives it the class ADAM OTHER",
    )
    assert (parts["ADSL"].role, parts["ADSL"].why) == (
        Role.UNUSED,
        "a further subject-level dataset; ADXX is used",
    )


def test_a_class_that_the_data_contradict_does_not_keep_the_study_closed(place: Path):
    (place / "adex.csv").write_text("USUBJID,TRT01P\nS1,A\nS1,B\n", encoding="utf-8")
    classes = [("ADEX", "", "SUBJECT LEVEL ANALYSIS DATASET", [], {})]
    study = opened(place, define("2.0", datasets=classes))
    assert study.subjects.name == "ADSL"
    (adex,) = [one for one in study.datasets if one.name == "ADEX"]
    assert adex.role is Role.UNUSED
    assert adex.why.endswith("but it holds several records a subject")


def test_the_class_does_not_make_a_part_of_a_dataset_without_its_columns(place: Path):
    classes = [("ADAE", "", "BASIC DATA STRUCTURE", [], {})]
    study = opened(place, define("2.1", datasets=classes))
    assert study.events is not None


# Which file, and what is wrong with it


def test_of_several_the_one_that_describes_the_datasets_is_taken_and_said(place: Path):
    (place / "define.xml").write_text(define("2.0", datasets=[]), encoding="utf-8")
    study = opened(place, define("2.1"), name="about.xml")
    assert study.subjects.label == "Subjects"
    assert study.remarks[0] == (
        "about.xml is the one of 2 that describes the most datasets here; define.xml is not used."
    )


def test_other_xml_beside_the_data_is_no_define_xml(place: Path):
    study = opened(place, "<odd", name="map.xml")
    assert (study.subjects.defined, study.remarks) == (
        None,
        ("ADSL has no actual arm; TRT01P stands for it.",),
    )
    assert [(one.name, one.said) for one in study.beside] == [("map.xml", "not a dataset")]


BOMB = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
REFUSED = "it declares a document type, and with it entities, which are refused"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (define("2.1").replace("</Study>", ""), "line 3: it is not well-formed (mismatched tag)"),
        ("", "line 1: it is not well-formed (no element found)"),
        ("\0\0\0\0", "line 1: it is not well-formed"),
        ("<html/>", "it is not a Define-XML file"),
        ('<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"/>', "it is not a Define-XML file"),
        ("<?xml version='1.0' encoding='none'?><ODM/>", "its encoding is not known"),
        (define("2.1", f'<!DOCTYPE ODM [<!ENTITY a "ha">{BOMB}]>\n'), f"line 2: {REFUSED}"),
        (define("2.1", '<!DOCTYPE O [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n'), REFUSED),
        (define("2.1", '<!DOCTYPE O [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>\n'), REFUSED),
        (define("2.1", '<!DOCTYPE ODM SYSTEM "http://127.0.0.1:9/odm.dtd">\n'), REFUSED),
        (define("2.1").replace("Sex", "&a;"), "it is not well-formed (undefined entity)"),
    ],
)
def test_a_file_that_is_wrong_costs_the_labels_and_not_the_study(
    content: str, said: str, place: Path
):
    study = opened(place, content)
    assert study.subjects.defined is None
    remark = next(text for text in study.remarks if "define.xml" in text)
    assert remark.startswith("define.xml: ")
    assert said in remark
    assert remark.endswith("; its labels are not used.")


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_other_encodings_are_read(encoding: str, place: Path):
    text = define("2.0").replace("UTF-8", encoding).replace("Planned", "Prévu")
    study = opened(place, text.encode(encoding))
    assert labels.of(study, study.subjects)["TRT01P"] == "Prévu & given"


def test_entities_are_refused_in_every_encoding_before_they_are_expanded(tmp_path: Path):
    """In a process of its own with little memory: expanded, the entities are 10^9 words."""
    path = tmp_path / "define.xml"
    head = f'<!DOCTYPE ODM [<!ENTITY a "hahahaha">{BOMB}]>'
    text = define("2.1", f"<!--{'x' * 3_000_000}-->{head}").replace("Sex", "&j;")
    path.write_bytes(text.replace("UTF-8", "UTF-16").encode("utf-16"))
    code = (
        "import resource, sys; from pathlib import Path; from tui.study import define_xml;"
        "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30));"
        "resource.setrlimit(resource.RLIMIT_CPU, (20, 20));"
        "define_xml.read(Path(sys.argv[1]))"
    )
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert run.stderr.strip().endswith(f"{REFUSED}.")


def test_a_file_that_is_too_large_is_not_read(place: Path):
    with (place / "define.xml").open("wb") as file:
        file.truncate(define_xml.LARGEST + 1)
    (remark, _) = open_study(str(place)).remarks
    assert remark == "define.xml: it is larger than 64 MB; its labels are not used."


@pytest.mark.parametrize("content", [define("2.1"), "<odd"])
def test_to_open_the_file_itself_is_refused_in_a_sentence(
    content: str, place: Path, here: Callable
):
    opened(place, content)
    run = here("show", "study", place / "define.xml")
    assert (run.status, run.out) == (2, "")
    assert run.err == (
        "trialdeck: define.xml describes datasets and holds none: open the folder it lies in.\n"
    )


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    version=st.sampled_from(VERSIONS),
    start=st.integers(0),
    length=st.integers(0, 39),
    instead=st.binary(max_size=6),
)
def test_a_file_that_was_cut_or_overwritten_is_read_or_refused(
    version: str, start: int, length: int, instead: bytes, tmp_path: Path
):
    whole = define(version).encode("utf-8")
    start %= len(whole)
    path = tmp_path / "define.xml"
    path.write_bytes(whole[:start] + instead + whole[start + length :])
    reason = "it is read."
    try:
        found = define_xml.read(path)
        assert found.version
    except Unreadable as error:
        reason = str(error)
    assert reason.endswith(".")


def test_a_study_without_one_loads_no_parser():
    code = (
        "import sys; from tui.study.open import open_study; open_study();"
        "print([name for name in sys.modules if name.startswith(('xml', 'pyexpat'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
