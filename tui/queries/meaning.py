"""What of a selection still means something in a study that has been read anew.

The judge of a choice is the query that would refuse it, so that there is no second opinion.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any

from tui.errors import SelectionError, StudyError
from tui.queries import covariates, events, match, population, records, responders, subgroup
from tui.queries.endpoint import EndpointRows
from tui.queries.records import Records
from tui.selection import ENDPOINT_FIELDS, FIELDS, Selection, show
from tui.study.model import Endpoint, Study

Load = Callable[[Endpoint], EndpointRows]

_ORDER = (
    *("endpoint", "arm", "population", "where", "arms", "reference"),
    *("timepoint", "basetype", "records", "severity"),
)
"""What others depend on comes first: a visit is one of an endpoint, a reference one of the arms."""

_LISTS = ("arms", "visits", "covariates", "strata")


def still_meaningful(
    study: Study, selection: Selection, load: Load
) -> tuple[Selection, tuple[str, ...]]:
    """The part of a selection that a study understands, and a sentence on each choice it does not.

    Of a list (arms, visits, conditions) what is still there stays. What a broken file or a study
    without findings keeps from being judged stays too: the question itself will say why.

    Args:
        study: The study as it is now.
        selection: What was chosen in it as it was.
        load: Reads an endpoint's rows, or remembers them.
    """
    kept, said = Selection(), list[str]()
    for name in sorted(FIELDS, key=lambda one: _ORDER.index(one) if one in _ORDER else len(_ORDER)):
        value = getattr(selection, name)
        if value is None:
            continue
        if name in ENDPOINT_FIELDS and selection.endpoint and not kept.endpoint:
            said.append(f"{name}={show(value)} belonged to that endpoint and is taken back.")
            continue
        kept, refused = _keep(study, kept, name, value, load)
        said += refused
    return kept, tuple(said)


def _keep(
    study: Study, kept: Selection, name: str, value: Any, load: Load
) -> tuple[Selection, list[str]]:
    """The selection with as much of a field's value as means something."""
    if _refusal(study, kept, name, load):  # not for this field's sake
        return kept.changed(**{name: value}), []
    parts = _parts(name, value)
    good, said = list[Any](), list[str]()
    for part in parts:
        tried = _joined(name, [*good, part])
        if reason := _refusal(study, kept.changed(**{name: tried}), name, load):
            lower = reason[:1].lower() if reason[1:2].islower() else reason[:1]
            said.append(f"{name}={show(part)} is taken back: {lower}{reason[1:]}")
        else:
            good.append(part)
    if not said:
        return kept.changed(**{name: value}), []
    return kept.changed(**{name: _joined(name, good) if good else None}), said


def _refusal(study: Study, selection: Selection, name: str, load: Load) -> str | None:
    """Why the query that looks at a field refuses the selection, if it does."""
    try:
        _JUDGES.get(name, _build)(study, selection, load)
    except SelectionError as error:
        return str(error)
    except StudyError:  # a file that cannot be read says nothing of the choice
        return None
    return None


def _build(study: Study, selection: Selection, load: Load) -> Records:
    return records.build(study, selection, load)


def _endpoint(study: Study, selection: Selection, load: Load) -> None:
    match.endpoint(study, selection.endpoint)


def _people(study: Study, selection: Selection, load: Load) -> None:
    found = match.endpoint(study, selection.endpoint)[0] if study.endpoints else None
    population.subjects(study, selection, found.dataset if found else None)


def _covariates(study: Study, selection: Selection, load: Load) -> None:
    built = _build(study, selection, load)
    covariates.of_records(built.frame, built.people, selection.covariates)


def _strata(study: Study, selection: Selection, load: Load) -> None:
    built = _build(study, selection, load)
    covariates.strata(built.frame, built.people, selection.strata)


def _responder(study: Study, selection: Selection, load: Load) -> None:
    built = _build(study, selection, load)
    if selection.responder is not None:
        responders.threshold(built)


def _subgroup(study: Study, selection: Selection, load: Load) -> None:
    subgroup.choose(_build(study, selection, load).people, selection.subgroup)


def _severity(study: Study, selection: Selection, load: Load) -> None:
    if study.events is not None:
        events.build(study, selection, "all")


_JUDGES: dict[str, Callable[[Study, Selection, Load], object]] = {
    "endpoint": _endpoint,
    "population": _people,
    "arm": _people,
    "where": _people,
    "arms": _people,
    "reference": _people,
    "covariates": _covariates,
    "strata": _strata,
    "responder": _responder,
    "subgroup": _subgroup,
    "severity": _severity,
}
"""Who looks at a field; of the others it is the query that builds the records."""


def _parts(name: str, value: Any) -> list[Any]:
    """What a value consists of that can be there or be gone each by itself."""
    if name in _LISTS:
        return list(value)
    if name == "where":
        return shlex.split(value)
    return [value]


def _joined(name: str, parts: list[Any]) -> Any:
    if name in _LISTS:
        return tuple(parts)
    if name == "where":
        return " ".join(shlex.quote(one) if re.search(r"[\s'\"\\]", one) else one for one in parts)
    return parts[0]
