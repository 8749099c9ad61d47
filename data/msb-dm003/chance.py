"""Random draws from a fixed seed: one named stream for each part of the study."""

import numpy as np

SEED = 20150707  # the day the paper appeared online


class Chance:
    """A stream of random numbers that depends on the seed and on its own name only."""

    def __init__(self, name: str) -> None:
        """Open the stream called `name`."""
        self._generator = np.random.Generator(np.random.PCG64([SEED, *name.encode()]))

    def normal(self) -> float:
        """Draw from the standard normal distribution."""
        return float(self._generator.standard_normal())

    def uniform(self) -> float:
        """Draw from the unit interval."""
        return float(self._generator.random())

    def below(self, limit: int) -> int:
        """Draw a whole number from 0 up to, not including, `limit`."""
        return int(self._generator.integers(limit))

    def between(self, low: int, high: int) -> int:
        """Draw a whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def shuffled(self, items: list[int]) -> list[int]:
        """Return the items in random order."""
        return [items[int(place)] for place in self._generator.permutation(len(items))]
