"""What is published of MSB-DM003, as printed, with its source.

A   abstract of the paper (Diabetes Care 2015;38:1742-1749)
T1  Table 1 of the paper
P   sponsor's press release, 3 December 2013
Q   sponsor's press release, 18 June 2014
R   trial registry, NCT01576328
N   news article, 2017
"""

from dataclasses import dataclass

STUDY = "MSB-DM003"
SITES = 18  # A
SLOPE = 10.93  # mmol/mol per %: IFCC/NGSP master equation
OFFSET = -23.5


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation as printed."""

    mean: str
    sd: str


@dataclass(frozen=True)
class Arm:
    """One column of Table 1."""

    label: str
    code: str
    size: int
    men: int
    races: tuple[int, int, int, int]  # in the order of RACES
    age: Moments
    height: Moments
    weight: Moments
    bmi: Moments
    duration: Moments
    hba1c: Moments
    hba1c_mmol: Moments
    below_8: int
    cohorts: tuple[int, ...]  # subjects in each dose cohort


RACES = ("WHITE", "BLACK OR AFRICAN AMERICAN", "ASIAN", "OTHER")

# T1, save `cohorts` (A: three sequential cohorts, 3 active : 1 placebo). The race column of the
# 2.0 arm is printed as 12/1/1/2, one subject too many: see README.md.
ARMS = (
    Arm(
        label="Placebo",
        code="0",
        size=16,
        men=12,
        races=(15, 1, 0, 0),
        age=Moments("58.7", "7.3"),
        height=Moments("171.5", "9.3"),
        weight=Moments("95.9", "20.2"),
        bmi=Moments("32.6", "6.2"),
        duration=Moments("9.8", "6.7"),
        hba1c=Moments("8.2", "0.8"),
        hba1c_mmol=Moments("66", "8.7"),
        below_8=7,
        cohorts=(5, 5, 6),
    ),
    Arm(
        label="0.3 M/kg",
        code="0.3",
        size=15,
        men=10,
        races=(14, 0, 0, 1),
        age=Moments("57.7", "8.2"),
        height=Moments("168.1", "6.5"),
        weight=Moments("98.6", "21.3"),
        bmi=Moments("34.8", "6.5"),
        duration=Moments("10.8", "7.3"),
        hba1c=Moments("8.3", "0.8"),
        hba1c_mmol=Moments("67", "8.7"),
        below_8=7,
        cohorts=(15, 0, 0),
    ),
    Arm(
        label="1.0 M/kg",
        code="1",
        size=15,
        men=9,
        races=(14, 1, 0, 0),
        age=Moments("55.3", "11.4"),
        height=Moments("171.2", "10.8"),
        weight=Moments("101.7", "21.4"),
        bmi=Moments("34.4", "4.7"),
        duration=Moments("10.2", "5.7"),
        hba1c=Moments("8.6", "1.1"),
        hba1c_mmol=Moments("70", "12"),
        below_8=5,
        cohorts=(0, 15, 0),
    ),
    Arm(
        label="2.0 M/kg",
        code="2",
        size=15,
        men=9,
        races=(12, 1, 1, 1),
        age=Moments("57.2", "6.6"),
        height=Moments("168.7", "9.8"),
        weight=Moments("92.6", "16.9"),
        bmi=Moments("32.4", "4.5"),
        duration=Moments("9.6", "4.5"),
        hba1c=Moments("7.9", "1.1"),
        hba1c_mmol=Moments("63", "12"),
        below_8=8,
        cohorts=(0, 0, 15),
    ),
)

# All 61 subjects: A.
BMI = Moments("33.5", "5.5")
DURATION = Moments("10.1", "6.0")
HBA1C = Moments("8.3", "1.0")
HBA1C_MMOL = Moments("67", "10.9")

# R, at screening. Ours hold the limits at baseline, in the steps the values are given in.
AGES = (18, 80)  # years
HBA1C_TENTHS = (71, 104)  # above 7.0 %, below 10.5 %
BMI_TENTHS = (221, 449)  # above 22, below 45 kg/m2
WEIGHT_TENTHS = (500, 1499)  # below 150 kg
SHORTEST_TENTHS = 10  # diabetes for at least one year

# Q: the largest dose was 246 million cells, 2.0 million/kg times 123.0 kg.
HEAVIEST_TENTHS = 1230


@dataclass(frozen=True)
class Difference:
    """A difference from placebo in HbA1c, as printed: estimate and standard error."""

    estimate: str
    error: str


# A, with the minus sign that is missing in print and without the one too many.
WEEK_8_LOW = (Difference("-0.1", "0.2"), Difference("-1.1", "2.2"))  # %, mmol/mol
WEEK_8_HIGH = (Difference("-0.4", "0.2"), Difference("-4.4", "2.2"))
WEEK_12_LOW = (Difference("0.0", "0.25"),)
WEEK_12_HIGH = (Difference("-0.3", "0.25"), Difference("-3.3", "2.7"))

SUBGROUP_WEEK_8 = "-0.6"  # P: baseline HbA1c of 8 % or more, 2.0 dose
RESPONDERS_HIGH = 5  # A, P: HbA1c below 7 % at week 12 on 2.0, all with a baseline below 8 %
RESPONDERS_PLACEBO = 0  # A, P
RESPONDERS_OTHER = {1: 2, 2: 1}  # not published: on 0.3 and on 1.0
