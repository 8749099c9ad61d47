"""Student's t: two means, the variance pooled over those two arms."""

from __future__ import annotations

from tui.analyses.answer import MethodStatement
from tui.analyses.methods import two_sample
from tui.analyses.methods.method import Data, Method, settings
from tui.stats.two_sample import pooled_sd, student

_TEST = """\
        test = stats.ttest_ind(treated, control)
        squares = sum(((x - x.mean()) ** 2).sum() for x in (treated, control))
        sd = np.sqrt(squares / test.df)
        se = sd * np.sqrt(1 / len(treated) + 1 / len(control))
        result[arm] = {"difference": treated.mean() - control.mean(), "difference_se": se}
        result[arm] |= {"difference_df": test.df, "p": test.pvalue, "sd_within": sd}
"""


def _statement(data: Data) -> MethodStatement:
    return MethodStatement(
        id="student",
        name="Student's t test",
        formula=f"mean {data.response_name}, arm minus reference",
        variance="pooled over the two arms compared",
        df="n1 + n2 - 2",
        multiplicity="none",
        settings=settings(data),
        source="Student 1908; SAS PROC TTEST, Pooled row",
    )


METHOD = Method(
    id="student",
    label="Student",
    meaning="difference of means, one variance for the two arms compared",
    statement=_statement,
    compare=lambda data: two_sample.compare(
        data, student, pooled_sd, "the SD pooled over the two arms"
    ),
    recompute=two_sample.EACH_ARM + _TEST,
    unusable=two_sample.unusable,
)
