"""Adverse events: the three in print, and a background log that agrees with what is said of it.

In print (N, A, P): one subject on 0.3 with severe abdominal pain; two with mild-to-moderate upper
respiratory infection; nothing during the infusion or the 6 hours after it; nothing serious, no
serious hypoglycemia, nobody discontinued; none related to treatment; all arms comparable.
"""

from dataclasses import dataclass

from chance import Chance
from subjects import ROWS, Subject

MILD, MODERATE, SEVERE = "MILD", "MODERATE", "SEVERE"
QUIET_HOURS = 6.5  # hours after the infusion before any event on day 1

GASTRO = "Gastrointestinal disorders"
GENERAL = "General disorders and administration site conditions"
IMMUNE = "Immune system disorders"
INFECTIONS = "Infections and infestations"
INJURY = "Injury, poisoning and procedural complications"
METABOLISM = "Metabolism and nutrition disorders"
MUSCLE = "Musculoskeletal and connective tissue disorders"
NERVOUS = "Nervous system disorders"
PSYCHIATRIC = "Psychiatric disorders"
RESPIRATORY = "Respiratory, thoracic and mediastinal disorders"
SKIN = "Skin and subcutaneous tissue disorders"
VASCULAR = "Vascular disorders"


@dataclass(frozen=True)
class Kind:
    """An event as reported and coded, and how many days it may last."""

    term: str
    decoded: str
    system: str
    severity: str
    days: tuple[int, int]


@dataclass(frozen=True)
class Event:
    """An event of one subject; `end` is None while it goes on, `hours` is for day 1 alone."""

    row: int
    kind: Kind
    start: int  # study day; there is no day 0
    end: int | None
    hours: float | None
    related: str
    published: bool


ABDOMINAL_PAIN = Kind("Severe abdominal pain", "Abdominal pain", GASTRO, SEVERE, (2, 4))
COLD = "Upper respiratory infection"
COLDS = (
    Kind(COLD, "Upper respiratory tract infection", INFECTIONS, MILD, (6, 9)),
    Kind(COLD, "Upper respiratory tract infection", INFECTIONS, MODERATE, (8, 12)),
)
COLD_ARMS = (0, 2)  # not published

EARLIER = (
    (Kind("Seasonal allergy", "Seasonal allergy", IMMUNE, MILD, (30, 40)), -9),
    (Kind("Muscle strain, left calf", "Muscle strain", INJURY, MILD, (4, 6)), -6),
)

FIRST_DAY = (
    Kind("Headache", "Headache", NERVOUS, MILD, (1, 1)),
    Kind("Tiredness", "Fatigue", GENERAL, MILD, (1, 2)),
    Kind("Nausea", "Nausea", GASTRO, MILD, (1, 1)),
)

BACKGROUND = (
    Kind("Common cold", "Nasopharyngitis", INFECTIONS, MILD, (5, 9)),
    Kind("Mild low blood sugar", "Hypoglycaemia", METABOLISM, MILD, (1, 1)),
    Kind("Diarrhea", "Diarrhoea", GASTRO, MILD, (1, 4)),
    Kind("Headache", "Headache", NERVOUS, MILD, (1, 2)),
    Kind("Low back pain", "Back pain", MUSCLE, MILD, (4, 15)),
    Kind("Common cold", "Nasopharyngitis", INFECTIONS, MILD, (5, 9)),
    Kind("Cough", "Cough", RESPIRATORY, MILD, (4, 10)),
    Kind("Headache", "Headache", NERVOUS, MODERATE, (1, 3)),
    Kind("Nausea", "Nausea", GASTRO, MILD, (1, 3)),
    Kind("Urinary tract infection", "Urinary tract infection", INFECTIONS, MODERATE, (5, 8)),
    Kind("Loose stools", "Diarrhoea", GASTRO, MILD, (2, 5)),
    Kind("Mild low blood sugar", "Hypoglycaemia", METABOLISM, MILD, (1, 1)),
    Kind("Knee pain", "Arthralgia", MUSCLE, MILD, (6, 40)),
    Kind("Dizziness", "Dizziness", NERVOUS, MILD, (1, 2)),
    Kind("Common cold", "Nasopharyngitis", INFECTIONS, MODERATE, (6, 10)),
    Kind("Back pain", "Back pain", MUSCLE, MODERATE, (7, 20)),
    Kind("Constipation", "Constipation", GASTRO, MILD, (3, 9)),
    Kind("Rash on forearm", "Rash", SKIN, MILD, (4, 9)),
    Kind("Pain in right foot", "Pain in extremity", MUSCLE, MILD, (5, 25)),
    Kind("Mild low blood sugar", "Hypoglycaemia", METABOLISM, MILD, (1, 1)),
    Kind("Sinus infection", "Sinusitis", INFECTIONS, MODERATE, (7, 12)),
    Kind("Swelling of ankles", "Oedema peripheral", GENERAL, MILD, (10, 40)),
    Kind("Headache", "Headache", NERVOUS, MILD, (1, 2)),
    Kind("Stomach flu", "Gastroenteritis viral", INFECTIONS, MODERATE, (2, 4)),
    Kind("Trouble sleeping", "Insomnia", PSYCHIATRIC, MILD, (10, 35)),
    Kind("High blood sugar", "Hyperglycaemia", METABOLISM, MODERATE, (5, 14)),
    Kind("Bruise on shin", "Contusion", INJURY, MILD, (5, 9)),
    Kind("Sore throat", "Oropharyngeal pain", RESPIRATORY, MILD, (2, 5)),
    Kind("Muscle cramps", "Muscle spasms", MUSCLE, MILD, (2, 12)),
    Kind("Heartburn", "Dyspepsia", GASTRO, MILD, (3, 12)),
    Kind("Worsening of high blood pressure", "Hypertension", VASCULAR, MODERATE, (14, 60)),
    Kind("Tiredness", "Fatigue", GENERAL, MILD, (3, 10)),
    Kind("Shoulder pain", "Arthralgia", MUSCLE, MODERATE, (8, 30)),
)


def lasting(chance: Chance, kind: Kind, start: int, last: int) -> int | None:
    """Return the last day of an event, None where it goes on past the last visit."""
    end = start + chance.between(*kind.days) - 1
    if start < 0 <= end:
        end += 1  # there is no day 0
    return end if end <= last else None


def pick(chance: Chance, arm: int, used: set[int]) -> int:
    """Choose a subject of an arm, one without events four times in five."""
    fresh = [row for row in ROWS[arm] if row not in used]
    rows = fresh if fresh and chance.uniform() < 0.8 else ROWS[arm]
    row = rows[chance.below(len(rows))]
    used.add(row)
    return row


def in_print(chance: Chance, used: set[int], last: list[int]) -> list[Event]:
    """Return the three events that are published; subjects and days are not."""
    events = []
    for arm, kind in ((1, ABDOMINAL_PAIN), (COLD_ARMS[0], COLDS[0]), (COLD_ARMS[1], COLDS[1])):
        row = pick(chance, arm, used)
        start = chance.between(18, 60)
        end = lasting(chance, kind, start, last[row])
        events.append(Event(row, kind, start, end, None, "NONE", published=True))
    return events


def background(chance: Chance, used: set[int], last: list[int]) -> list[Event]:
    """Return the other events, spread evenly over the arms."""
    events = []
    for place, kind in enumerate((*FIRST_DAY, *BACKGROUND)):
        arm = (place + 3) % 4
        row = pick(chance, arm, used)
        first = place < len(FIRST_DAY)
        start = 1 if first else chance.between(2, 80)
        hours = round(QUIET_HOURS + 7 * chance.uniform(), 1) if first else None
        end = lasting(chance, kind, start, last[row])
        related = "REMOTE" if arm == 0 and place % 3 == 0 else "NONE"
        events.append(Event(row, kind, start, end, hours, related, published=False))
    for kind, start in EARLIER:
        row = pick(chance, chance.below(4), used)
        end = lasting(chance, kind, start, last[row])
        events.append(Event(row, kind, start, end, None, "NONE", published=False))
    return events


def all_events(subjects: list[Subject], last: list[int]) -> list[Event]:
    """Return all events by subject and day; `last` is the study day of the last visit."""
    chance, used = Chance("events"), set[int]()
    events = in_print(chance, used, last) + background(chance, used, last)
    return sorted(events, key=lambda event: (subjects[event.row].number, event.start))
