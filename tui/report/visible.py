"""Text from data made safe to print: what would act on a terminal is shown instead.

A dataset is somebody else's file. An escape sequence in a comment field could recolor the screen,
set the window's title or hide a row; a bidirectional override could show 12 as 21.
"""

from __future__ import annotations

from functools import cache

_C0 = (*range(0x20), 0x7F)
_OTHERS = (
    range(0x80, 0xA0),  # C1: one character that acts as a whole escape sequence
    range(0x2028, 0x202F),  # line and paragraph separators, bidi embeddings and overrides
    range(0x2066, 0x206A),  # bidi isolates
    range(0xD800, 0xE000),  # surrogates: no encoding takes them, so printing one would raise
)


@cache
def _forms() -> dict[int, str]:
    """What each of them is shown as: 2,100, which take 1 ms and are seldom asked for."""
    others = {code: f"<U+{code:04X}>" for span in _OTHERS for code in span}
    return {code: f"^{chr(code ^ 0x40)}" for code in _C0} | others


@cache
def _json_forms() -> dict[int, str]:
    return {code: f"\\u{code:04x}" for span in (_C0[-1:], *_OTHERS) for code in span}


def visible(text: str) -> str:
    r"""`text` with every character that acts on a terminal in a visible form.

    Example:
        >>> visible("a\x1b[31mb")
        'a^[[31mb'
    """
    # Nearly every cell is printable, and asking costs a tenth of translating.
    return text if text.isprintable() else text.translate(_forms())


def in_json(text: str) -> str:
    r"""A JSON text that says the same without a character that acts on a terminal.

    Those that JSON lets stand in a string, from DEL on, become its own escapes.

    Example:
        >>> in_json('["a\x9bb"]')
        '["a\\u009bb"]'
    """
    return text.translate(_json_forms())
