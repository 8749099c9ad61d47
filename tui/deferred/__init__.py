"""What libraries make when they are loaded and no start needs: it is made when it is used.

Modules, methods of dataclasses, signatures of functions: together a third of the time until the
first data are on the screen. Nobody can tell afterwards, but by a clock.
"""

from __future__ import annotations

from tui.deferred import modules


def install() -> None:
    """From now on; before a library is loaded."""
    modules.install()
    from tui.deferred import methods, signatures  # they load what modules of others wait in

    methods.install()
    signatures.install()


def end() -> None:
    """A start is over: what is loaded from now on is as it would be without all this."""
    modules.end()
