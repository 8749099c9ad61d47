"""The one family of errors that a user meets: each is a sentence that says what to do."""

from __future__ import annotations


class TrialdeckError(Exception):
    """Something a user can put right. The message is a full sentence, printed as it is."""


class StudyError(TrialdeckError):
    """A study, or a file of one, that cannot be read or understood."""


class ChangedError(StudyError):
    """A file that is no longer the one that was opened: figures would mix the two."""


class SelectionError(TrialdeckError):
    """A selection that means nothing in this study, or cannot be parsed."""


def one_of(names: list[str] | tuple[str, ...], most: int = 12) -> str:
    """The choices there are, for the end of a sentence: `A, B or C`.

    >>> one_of(["A", "B", "C"])
    'A, B or C'
    """
    shown = list(names[:most])
    if len(names) > most:
        shown[-1:] = [shown[-1], f"{len(names) - most} more"]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} or {shown[-1]}"
