"""Every case that ships with the program, and what became of it on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tui.validation import builtin, csr, fev, published, r_mmrm, r_survival, r_visits
from tui.validation.figures import Case, Figure
from tui.validation.studies import pilot_folder


@dataclass(frozen=True)
class Outcome:
    """A case with its figures.

    Attributes:
        case: The case.
        figures: Its figures; none where it could not be computed.
        error: Why it could not be computed; that fails it.
    """

    case: Case
    figures: tuple[Figure, ...]
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether it was computed and every figure agrees."""
        return not self.error and bool(self.figures) and all(one.agrees for one in self.figures)

    @property
    def worst(self) -> Figure | None:
        """The figure that comes nearest its limit, or lies farthest beyond it."""
        return max(self.figures, key=lambda one: one.of_limit, default=None)

    @property
    def fewest(self) -> Figure | None:
        """The figure with the fewest digits that agree, before all of those that lack some."""
        counted = [one for one in self.figures if one.digits is not None]
        return min(
            counted,
            key=lambda one: (one.digits == one.printed, one.digits, -one.printed),
            default=None,
        )


@dataclass(frozen=True)
class Validation:
    """What became of the cases.

    Attributes:
        outcomes: Those that were run.
        not_run: Those whose data are not installed.
    """

    outcomes: tuple[Outcome, ...]
    not_run: tuple[Case, ...]

    @property
    def passed(self) -> bool:
        """Whether something was run and all of it agrees."""
        return bool(self.outcomes) and all(one.passed for one in self.outcomes)

    @property
    def figures(self) -> int:
        """How many figures were compared."""
        return sum(len(one.figures) for one in self.outcomes)

    @property
    def differing(self) -> int:
        """How many of them differ."""
        return sum(not figure.agrees for one in self.outcomes for figure in one.figures)


def cases() -> Iterator[Case]:
    """All of them, what is in print first."""
    for module in (published, fev, builtin, r_survival, csr, r_visits, r_mmrm):
        yield from module.cases()


def run(chosen: Iterable[Case]) -> Validation:
    """Computes the figures of each case whose data are installed."""
    can_run: list[Case] = []
    cannot: list[Case] = []
    for case in chosen:
        (cannot if case.needs and pilot_folder() is None else can_run).append(case)
    return Validation(tuple(map(_outcome, can_run)), tuple(cannot))


def _outcome(case: Case) -> Outcome:
    try:
        return Outcome(case, tuple(case.figures()))
    except Exception as error:  # whatever went wrong, this case has failed and the others count
        return Outcome(case, (), f"{type(error).__name__}: {error}")
