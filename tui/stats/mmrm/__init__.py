"""The mixed model for repeated measures, as SAS PROC MIXED and R's mmrm fit it."""

from tui.stats.mmrm.inference import DF_METHODS, FTest
from tui.stats.mmrm.model import fit
from tui.stats.mmrm.result import Convergence, Mmrm
from tui.stats.mmrm.structures import STRUCTURES, Structure

__all__ = ["DF_METHODS", "STRUCTURES", "Convergence", "FTest", "Mmrm", "Structure", "fit"]
