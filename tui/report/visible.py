"""Text from data made safe to print: what would act on a terminal is shown instead.

A dataset is somebody else's file. An escape sequence in a comment field could recolor the screen,
set the window's title or hide a row; a bidirectional override could show 12 as 21.
"""

from __future__ import annotations

_C0 = {code: f"^{chr(code ^ 0x40)}" for code in (*range(0x20), 0x7F)}
_OTHERS = {
    code: f"<U+{code:04X}>"
    for span in (
        range(0x80, 0xA0),  # C1: one character that acts as a whole escape sequence
        range(0x2028, 0x202F),  # line and paragraph separators, bidi embeddings and overrides
        range(0x2066, 0x206A),  # bidi isolates
        range(0xD800, 0xE000),  # surrogates: no encoding takes them, so printing one would raise
    )
    for code in span
}
_FORMS = _C0 | _OTHERS


def visible(text: str) -> str:
    r"""`text` with every character that acts on a terminal in a visible form.

    Example:
        >>> visible("a\x1b[31mb")
        'a^[[31mb'
    """
    # Nearly every cell is printable, and asking costs a tenth of translating.
    return text if text.isprintable() else text.translate(_FORMS)


def in_json(text: str) -> str:
    r"""A JSON text that says the same without a character that acts on a terminal.

    Those that JSON lets stand in a string, from DEL on, become its own escapes.

    Example:
        >>> in_json('["a\x9bb"]')
        '["a\\u009bb"]'
    """
    return text.translate(_JSON_FORMS)


_JSON_FORMS = {code: f"\\u{code:04x}" for code in (0x7F, *_OTHERS)}
