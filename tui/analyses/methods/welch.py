"""Welch's t: two means with a variance of their own each."""

from __future__ import annotations

from tui.analyses.answer import MethodStatement
from tui.analyses.methods import two_sample
from tui.analyses.methods.method import Data, Method, settings
from tui.stats.two_sample import mean_sd, welch

_TEST = """\
        test = stats.ttest_ind(treated, control, equal_var=False)
        one, zero = treated.var(ddof=1), control.var(ddof=1)
        se, sd = np.sqrt(one / len(treated) + zero / len(control)), np.sqrt((one + zero) / 2)
        result[arm] = {"difference": treated.mean() - control.mean(), "difference_se": se}
        df = test.df if se > 0 else np.nan
        result[arm] |= {"difference_df": df, "p": test.pvalue, "sd_within": sd}
"""


def _statement(data: Data) -> MethodStatement:
    return MethodStatement(
        id="welch",
        name="Welch's t test",
        formula=f"mean {data.response_name}, arm minus reference",
        variance="each arm has its own",
        df="Satterthwaite",
        multiplicity="none",
        settings=settings(data),
        source="Welch 1947; SAS PROC TTEST, Satterthwaite row",
    )


METHOD = Method(
    id="welch",
    label="Welch",
    meaning="difference of means, each arm with its own variance",
    statement=_statement,
    compare=lambda data: two_sample.compare(
        data, welch, mean_sd, "the root mean square of the two arms' SDs"
    ),
    recompute=two_sample.EACH_ARM + _TEST,
    unusable=two_sample.unusable,
)
