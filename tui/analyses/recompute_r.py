"""An R program that fits the same MMRM with the package mmrm.

Python has no second MMRM to hold this one against, so the records are written by this program and
the model is R's.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable

from tui.analyses.methods.method import Data
from tui.queries.records import Records
from tui.study import builtin
from tui.study.model import Study

_STRUCTURES = {
    "unstructured": "us",
    "toeplitz-heterogeneous": "toeph",
    "ar1-heterogeneous": "ar1h",
    "ante-dependence": "adh",
    "compound-symmetry": "cs",
    "compound-symmetry-heterogeneous": "csh",
}
_DF = {"kenward-roger": "Kenward-Roger", "satterthwaite": "Satterthwaite"}

_PROGRAM = """\
# {title}, MMRM; recomputed with R. First write the records:
#   {command} > records.csv
library(mmrm)
library(emmeans)

d <- read.csv("records.csv")
d <- d[d$visit %in% c({visits}) & !is.na(d${response}) & !is.na(d$base), ]
d$arm <- factor(d$arm, levels = c({arms}))
d$visit <- factor(d$visit, levels = c({visits}))
d$subject <- factor(d$subject)
fit <- mmrm({response} ~ arm * visit + base * visit + {structure}(visit | subject),
            data = d, reml = {reml}, method = "{df}")
means <- emmeans(fit, ~ arm | visit)
print(means)
print(contrast(means, "trt.vs.ctrl", ref = {reference}, adjust = "none"), infer = TRUE)
"""


def program(study: Study, records: Records, data: Data) -> str:
    """The program; empty with covariates, which the records do not carry."""
    if data.covariates:
        return ""
    later = sorted({int(visit) for visit in data.visit[~data.baseline]})
    where = [] if study.path == builtin.folder() else [str(study.path)]
    words = ["trialdeck", "show", "values", *where, *records.selection.options()]
    return _PROGRAM.format(
        title=records.endpoint.title,
        command=shlex.join([*words, "--format", "csv"]),
        visits=_strings(data.visits[visit] for visit in later),
        response="change" if data.response_name == "CHG" else "value",
        arms=_strings(data.arms),
        structure=_STRUCTURES[data.options.covariance],
        reml=str(data.options.likelihood == "reml").upper(),
        df=_DF[data.options.df],
        reference=data.reference + 1,
    )


def _strings(texts: Iterable[str]) -> str:
    """R strings, separated by commas."""
    return ", ".join(json.dumps(text, ensure_ascii=False) for text in texts)
