"""The 61 subjects at baseline, fitted to Table 1."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import published as pub
from calibrate import Bounds, Figure, Span, both, climb, half_up, moments, printed, to_int
from chance import Chance
from published import ARMS, RACES, Moments

COHORT_STARTS = (date(2012, 6, 11), date(2012, 10, 15), date(2013, 2, 19))  # not published
HOLIDAYS = {
    date(2012, 7, 4),
    date(2012, 9, 3),
    date(2012, 11, 22),
    date(2012, 11, 23),
    date(2012, 12, 24),
    date(2012, 12, 25),
    date(2013, 1, 1),
    date(2013, 5, 27),
    date(2013, 7, 4),
}
SEX_GAP_CM = 10.0  # men are taller than women by this much in the plan


@dataclass(frozen=True)
class Subject:
    """One subject at baseline; lengths in cm, `_tenths` in tenths of the unit."""

    arm: int
    cohort: int
    site: int
    number: str
    infusion: date
    male: bool
    race: str
    age: int
    height: int
    weight_tenths: int
    bmi_tenths: int
    duration_tenths: int
    hba1c_tenths: int


def arm_rows() -> list[list[int]]:
    """Return the row numbers of each arm, arms one after the other."""
    rows, start = [], 0
    for arm in ARMS:
        rows.append(list(range(start, start + arm.size)))
        start += arm.size
    return rows


ROWS = arm_rows()
ARM_OF = [number for number, rows in enumerate(ROWS) for _ in rows]
EVERYONE = list(range(len(ARM_OF)))


def table_figures(
    name: str, cells: list[int], scale: float, targets: list[Moments]
) -> list[Figure]:
    """Return mean and SD of each arm with the span of what is printed."""
    figures = []
    for arm, rows, target in zip(ARMS, ROWS, targets, strict=True):
        mean, sd = moments([cells[row] for row in rows], scale)
        figures.append(Figure(f"{name} mean {arm.label}", mean, printed(target.mean)))
        figures.append(Figure(f"{name} SD {arm.label}", sd, printed(target.sd)))
    return figures


def overall_figures(name: str, cells: list[int], scale: float, target: Moments) -> list[Figure]:
    """Return mean and SD of all subjects with the span of what is printed."""
    mean, sd = moments(cells, scale)
    return [
        Figure(f"{name} mean", mean, printed(target.mean)),
        Figure(f"{name} SD", sd, printed(target.sd)),
    ]


def sexes() -> list[bool]:
    """Tell for each subject whether he is a man; counts from T1."""
    chance = Chance("sex")
    male = [False] * len(EVERYONE)
    for arm, rows in zip(ARMS, ROWS, strict=True):
        for row in chance.shuffled(rows)[: arm.men]:
            male[row] = True
    return male


def races() -> list[str]:
    """Give each subject a race; counts from T1."""
    chance = Chance("race")
    race = [""] * len(EVERYONE)
    for arm, rows in zip(ARMS, ROWS, strict=True):
        terms = [term for term, count in zip(RACES, arm.races, strict=True) for _ in range(count)]
        for row, term in zip(chance.shuffled(rows), terms, strict=True):
            race[row] = term
    return race


def ages() -> list[int]:
    """Return ages in years."""
    chance = Chance("age")
    plan = [
        to_int(float(ARMS[arm].age.mean) + float(ARMS[arm].age.sd) * chance.normal())
        for arm in ARM_OF
    ]
    targets = [arm.age for arm in ARMS]
    low, high = pub.AGES
    bounds: Bounds = [(low + 12, high - 2)] * len(plan)
    return climb("age", plan, bounds, lambda cells: table_figures("age", cells, 1, targets))


def heights(male: list[bool]) -> list[int]:
    """Return heights in whole centimeters."""
    chance = Chance("height")
    plan = []
    for row, number in enumerate(ARM_OF):
        arm = ARMS[number]
        share = arm.men / arm.size
        center = float(arm.height.mean) + SEX_GAP_CM * ((1 if male[row] else 0) - share)
        sd = float(arm.height.sd)
        spread = sqrt(sd * sd - SEX_GAP_CM * SEX_GAP_CM * share * (1 - share))
        plan.append(to_int(center + spread * chance.normal()))
    targets = [arm.height for arm in ARMS]
    bounds: Bounds = [(156, 194) if man else (148, 180) for man in male]
    return climb("height", plan, bounds, lambda cells: table_figures("height", cells, 1, targets))


def bmi_tenths(weight_tenths: int, height: int) -> int:
    """Return weight / height squared, rounded to one decimal, in tenths."""
    return half_up(weight_tenths * 10_000, height * height)


def weights(height: list[int]) -> list[int]:
    """Return weights in tenths of a kilogram; the BMI that follows from them fits as well."""
    chance = Chance("weight")
    plan = []
    for row, number in enumerate(ARM_OF):
        target = ARMS[number].bmi
        bmi = float(target.mean) + float(target.sd) * chance.normal()
        plan.append(to_int(min(max(bmi, 24.0), 43.5) * height[row] * height[row] / 1000))
    low, high = pub.BMI_TENTHS
    bounds: Bounds = []
    for row, tall in enumerate(height):
        top = pub.HEAVIEST_TENTHS - 30 if ARM_OF[row] == 3 else pub.WEIGHT_TENTHS[1] - 20
        squared = tall * tall
        bounds.append(((low + 3) * squared // 10_000, min((high - 3) * squared // 10_000, top)))
    heaviest = max(ROWS[3], key=lambda row: (height[row], plan[row]))
    bounds[heaviest] = (pub.HEAVIEST_TENTHS, pub.HEAVIEST_TENTHS)
    weight_targets, bmi_targets = [arm.weight for arm in ARMS], [arm.bmi for arm in ARMS]

    def figures(cells: list[int]) -> list[Figure]:
        bmi = [bmi_tenths(cell, tall) for cell, tall in zip(cells, height, strict=True)]
        return [
            *table_figures("weight", cells, 10, weight_targets),
            *table_figures("BMI", bmi, 10, bmi_targets),
            *overall_figures("BMI", bmi, 10, pub.BMI),
        ]

    return climb("weight", plan, bounds, figures, steps=(1, 7, 23))


def durations(age: list[int]) -> list[int]:
    """Return diabetes durations in tenths of a year: at least one year, skewed to the right."""
    chance = Chance("duration")
    plan = []
    for number in ARM_OF:
        target = ARMS[number].duration
        mean, sd = float(target.mean), float(target.sd)
        root = sqrt(mean)
        drawn = root * 0.94 + sd / (2 * root) * chance.normal()
        plan.append(max(to_int(10 * drawn * drawn), chance.between(12, 34)))
    bounds: Bounds = [(pub.SHORTEST_TENTHS + 1, min(10 * (years - 25), 320)) for years in age]
    targets = [arm.duration for arm in ARMS]

    def figures(cells: list[int]) -> list[Figure]:
        return [
            *table_figures("duration", cells, 10, targets),
            *overall_figures("duration", cells, 10, pub.DURATION),
        ]

    return climb("duration", plan, bounds, figures, steps=(1, 4, 11))


def hba1c_figures(cells: list[int]) -> list[Figure]:
    """Return the HbA1c rows of Table 1, in % and where they can be met in mmol/mol."""
    figures = []
    for arm, rows in zip(ARMS, ROWS, strict=True):
        mean, sd = moments([cells[row] for row in rows], 10)
        figures += both_units(f"HbA1c {arm.label}", mean, sd, arm.hba1c, arm.hba1c_mmol)
    mean, sd = moments(cells, 10)
    figures += both_units("HbA1c", mean, sd, pub.HBA1C, pub.HBA1C_MMOL)
    figures.append(Figure("HbA1c crowding", crowding(cells), Span(-24.0, 5.0)))
    return figures


def crowding(cells: list[int]) -> float:
    """Return how many subjects of one arm share a value at a limit, so that few ever do."""
    counts = []
    for rows in ROWS:
        values = [cells[row] for row in rows]
        counts += [values.count(71), values.count(72) - 1, values.count(80), values.count(104) + 1]
    return float(max(counts))


def both_units(name: str, mean: float, sd: float, percent: Moments, mmol: Moments) -> list[Figure]:
    """Return mean and SD in % with the span in which they print as given in both units.

    An SD of 8.7 mmol/mol in two arms excludes 10.9 in all: there the % alone counts (README.md).
    """
    in_mmol = printed(mmol.mean)
    shifted = Span((in_mmol.low - pub.OFFSET) / pub.SLOPE, (in_mmol.high - pub.OFFSET) / pub.SLOPE)
    spread = printed(percent.sd)
    if mmol.sd != "8.7":
        spread = both(spread, printed(mmol.sd, pub.SLOPE))
    return [
        Figure(f"{name} mean", mean, both(printed(percent.mean), shifted)),
        Figure(f"{name} SD", sd, spread),
    ]


def hba1c() -> list[int]:
    """Return baseline HbA1c in tenths of a percent, with the count below 8 % of T1."""
    chance = Chance("hba1c")
    lowest, highest = pub.HBA1C_TENTHS
    plan, bounds = [0] * len(EVERYONE), [(0, 0)] * len(EVERYONE)
    for arm, rows in zip(ARMS, ROWS, strict=True):
        order = chance.shuffled(rows)
        for row in order[: arm.below_8]:
            plan[row], bounds[row] = chance.between(lowest, 78), (lowest, 79)
        for row in order[arm.below_8 :]:
            skewed = chance.normal()
            plan[row], bounds[row] = 81 + to_int(9 * skewed * skewed), (80, highest)
    return climb("hba1c", plan, bounds, hba1c_figures)


def is_closed(day: date) -> bool:
    """Tell whether a clinic is closed: weekends and holidays."""
    return day.weekday() > 4 or day in HOLIDAYS


def enrollment() -> list[tuple[int, int, str, date]]:
    """Return cohort, site, number and day of infusion of each subject; none is published."""
    chance = Chance("enrollment")
    queue = list(range(pub.SITES)) + [
        min(chance.below(pub.SITES), chance.below(pub.SITES))
        for _ in range(len(EVERYONE) - pub.SITES)
    ]
    queue = chance.shuffled(queue)
    seen = [0] * pub.SITES
    result: list[tuple[int, int, str, date]] = [(0, 0, "", COHORT_STARTS[0])] * len(EVERYONE)
    for cohort, start in enumerate(COHORT_STARTS):
        members = []
        for arm, rows in zip(ARMS, ROWS, strict=True):
            before = sum(arm.cohorts[:cohort])
            members += rows[before : before + arm.cohorts[cohort]]
        day = start
        for row in chance.shuffled(members):
            site = queue.pop()
            seen[site] += 1
            result[row] = (cohort + 1, site + 1, f"{site + 1:02d}-{seen[site]:03d}", day)
            day += timedelta(days=chance.between(1, 7))
            while is_closed(day):
                day += timedelta(days=1)
    return result


def all_subjects() -> list[Subject]:
    """Return the subjects, arm by arm."""
    male, race, age = sexes(), races(), ages()
    height = heights(male)
    weight, duration, glycated, entry = weights(height), durations(age), hba1c(), enrollment()
    return [
        Subject(
            arm=ARM_OF[row],
            cohort=entry[row][0],
            site=entry[row][1],
            number=entry[row][2],
            infusion=entry[row][3],
            male=male[row],
            race=race[row],
            age=age[row],
            height=height[row],
            weight_tenths=weight[row],
            bmi_tenths=bmi_tenths(weight[row], height[row]),
            duration_tenths=duration[row],
            hba1c_tenths=glycated[row],
        )
        for row in EVERYONE
    ]
