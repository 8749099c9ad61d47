"""What columns and their values are called."""

from __future__ import annotations

from tui.study import files
from tui.study.model import Dataset, Study


def of(study: Study, dataset: Dataset) -> dict[str, str]:
    """Labels of a dataset's columns: as study.toml says, else its file, define.xml, or CDISC.

    A column that is another one under its standard name has that one's label.
    """
    defined = dataset.defined.variables if dataset.defined else {}
    said = {name: one.label for name, one in defined.items() if one.label}
    found = {**said, **files.labels(dataset)}
    for one in dataset.derived:
        sources = one.expression.meta.root_names()
        if len(sources) == 1 and sources[0] in found:
            found.setdefault(one.name, found[sources[0]])
    usual = {name: label for name, label in _USUAL.items() if dataset.has(name)}
    stated = {name: str(label) for name, label in (study.file.labels or {}).items()}
    return {**usual, **found, **stated}


_USUAL = {
    "AGE": "Age",
    "AGEGR1": "Pooled Age Group 1",
    "SEX": "Sex",
    "RACE": "Race",
    "ETHNIC": "Ethnicity",
    "HEIGHTBL": "Baseline Height (cm)",
    "WEIGHTBL": "Baseline Weight (kg)",
    "BMIBL": "Baseline BMI (kg/m^2)",
    "BMIBLGR1": "Pooled Baseline BMI Group 1",
    "DURDIS": "Duration of Disease (Months)",
    "DURDSGR1": "Pooled Disease Duration Group 1",
    "EDUCLVL": "Years of Education",
    "MMSETOT": "MMSE Total",
}
"""CDISC's labels for variables of a baseline table: the ADaM implementation guide's, and the pilot
study's. They stand where neither the file nor define.xml has any, as beside a CSV file; the units
are those that SDTM's standardized results have."""


def decoded(dataset: Dataset, column: str, value: str) -> str:
    """A value as delivered, with what it means in brackets where define.xml says so."""
    meaning = dataset.decodes(column).get(value)
    return f"{value} ({meaning})" if meaning else value
