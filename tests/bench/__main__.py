"""All that is measured of speed and size, with one command: `python -m tests.bench`.

    python -m tests.bench [--rounds 5] [--vd PATH] [--rows 1e7 1e8] [--runs 7]

First the browser on a terminal and over SSH, beside a bare Textual program and VisiData, some 7
minutes; then a study of each number of rows, which is made first: 10 million rows take a minute,
100 million a quarter of an hour and 6 GB of disk meanwhile. The exit status is 1 if a goal is
missed.
"""

import argparse
import sys

from . import bench_scale, bench_terminal
from .goals import conclude


def main() -> int:
    """Reads the command line, and measures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    bench_terminal.add_options(parser)
    parser.add_argument("--rows", type=float, nargs="*", default=[1e7, 1e8])
    parser.add_argument("--runs", type=int, default=7, help="of each query of a large study")
    options = parser.parse_args()
    bench_terminal.measure(options.rounds, options.vd)
    for rows in options.rows:
        bench_scale.measure(rows, options.runs)
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
