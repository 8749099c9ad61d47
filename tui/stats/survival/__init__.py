"""Time to an event, right censored: as R's survival and SAS's LIFETEST and PHREG compute it."""

from tui.stats.survival.cox import HazardRatio, hazard_ratio
from tui.stats.survival.kaplan_meier import KaplanMeier, Limits, kaplan_meier
from tui.stats.survival.log_rank import log_rank

__all__ = ["HazardRatio", "KaplanMeier", "Limits", "hazard_ratio", "kaplan_meier", "log_rank"]
