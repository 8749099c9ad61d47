"""What is left where SAS stops; its figures themselves are met in tests/validation."""

from __future__ import annotations

import numpy as np
import pytest

from tui.validation import fev
from tui.validation.figures import read


@pytest.mark.parametrize("code", fev.STRUCTURES)
def test_what_sas_leaves_is_what_its_criterion_allows(code: str) -> None:
    model = fev.arms_alone(code)
    ours = model.average_differences(0, "satterthwaite")[1]
    allowed = np.sqrt(1e-8 * model.neg2_log_likelihood / ours.df) / 2
    for label, df in (("kr", "kenward-roger"), ("kr1", "kenward-roger-linear")):
        theirs = read("sas-fev")["fev_armcd_only_kr"]["results"][f"{label}_{code}"]["StdErr"]
        assert abs(model.average_differences(0, df).se[1] / float(theirs) - 1) < allowed
    assert model.convergence.gradient < 1e-5


def test_the_likelihood_is_greater_than_where_sas_stops() -> None:
    expected = float(read("sas-fev")["fev_un_satterthwaite"]["m2rll"])
    assert expected - 1e-4 < fev.unstructured().neg2_log_likelihood < expected
