"""What a session remembers: the last results, within a bound."""

from __future__ import annotations

from tui.analyses.recent import Recent


def computed(sizes: dict[str, int], count: int, total: int, asked: str) -> str:
    """The letters that had to be computed when these were asked for."""
    log: list[str] = []

    def compute(letter: str) -> int:
        log.append(letter)
        return sizes[letter]

    recent = Recent(compute, lambda size: size, count, total)
    for letter in asked:
        assert recent(letter) == sizes[letter]
    return "".join(log)


SMALL = {"a": 1, "b": 1, "c": 1, "d": 9}


def test_what_was_asked_for_lately_is_not_computed_again():
    assert computed(SMALL, 2, 10, "abab") == "ab"


def test_of_more_than_are_kept_the_one_asked_for_longest_ago_is_forgotten():
    assert computed(SMALL, 2, 10, "abacab") == "abcb"


def test_results_that_are_too_large_together_push_out_the_oldest():
    assert computed(SMALL, 9, 10, "abdb") == "abd"
    assert computed(SMALL, 9, 10, "abda") == "abda"


def test_the_newest_is_kept_however_large_it_is():
    assert computed(SMALL, 9, 5, "add") == "ad"
    assert computed(SMALL, 9, 5, "adda") == "ada"


def test_a_function_that_fails_is_asked_again():
    asked = []

    def fail(key: str) -> int:
        asked.append(key)
        raise ValueError

    recent = Recent(fail, int, 2, 2)
    for _ in range(2):
        try:
            recent("a")
        except ValueError:
            continue
    assert asked == ["a", "a"]
