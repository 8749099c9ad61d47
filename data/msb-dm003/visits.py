"""When the visits took place, and which were missed. Week 0 is the baseline."""

from datetime import timedelta

from chance import Chance
from subjects import EVERYONE, Subject, is_closed

WEEKS = (0, 1, 2, 4, 8, 12)
MISSED = 7  # visits missed, at weeks 1, 2 and 4; not published

Missed = set[tuple[int, int]]  # row, week
Values = dict[int, list[int]]  # week -> value of each row


def missed_visits() -> Missed:
    """Return the (row, week) of missed visits, of different subjects."""
    chance = Chance("missed")
    rows = chance.shuffled(EVERYONE)[:MISSED]
    return {(row, (1, 2, 4)[place % 3]) for place, row in enumerate(rows)}


def visit_days(subjects: list[Subject]) -> dict[int, list[int]]:
    """Return study days: day 1 at baseline, later close to the target, on working days."""
    chance = Chance("visit days")
    days = {0: [1] * len(subjects)}
    for week in WEEKS[1:]:
        slack = 1 if week == 1 else 2 if week < 8 else 3
        days[week] = []
        for subject in subjects:
            day = 7 * week + 1 + chance.between(-slack, slack)
            on_saturday = (subject.infusion + timedelta(days=day - 1)).weekday() == 5
            while is_closed(subject.infusion + timedelta(days=day - 1)):
                day += -1 if on_saturday else 1
            days[week].append(day)
    return days


def changes(values: list[int], base: list[int]) -> list[int]:
    """Return the change from baseline of each subject."""
    return [value - first for value, first in zip(values, base, strict=True)]
