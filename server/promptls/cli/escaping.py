r"""Text from files and file names, made safe to show.

A terminal obeys control characters, a reader is misled by marks that turn the direction of text
around, and GitHub's runner takes commands from whatever a step prints.
"""

from __future__ import annotations

import re

_C0_AND_C1 = "\x00-\x1f\x7f-\x9f"
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_BREAKS = "\u2028\u2029"
_SURROGATES = "\ud800-\udfff"
_UNSAFE = re.compile(f"[{_C0_AND_C1}{_DIRECTION}{_BREAKS}{_SURROGATES}]")
_UNSAFE_IN_LINES = re.compile(f"(?![\r\n]){_UNSAFE.pattern}")
_OLD_COMMAND = "##["
"""GitHub's older form of a workflow command, obeyed at any place of a line."""


def escape(text: str) -> str:
    r"""Write what a terminal would obey, or a reader not see, as `\x1b` or `\u202e`."""
    return _without_commands(_UNSAFE.sub(_written, text))


def escape_lines(text: str) -> str:
    r"""Escape as `escape` does, but leave the line breaks `\r` and `\n` as they are."""
    return _without_commands(_UNSAFE_IN_LINES.sub(_written, text))


def _without_commands(text: str) -> str:
    return text.replace(_OLD_COMMAND, r"\x23#[")


def _written(hit: re.Match[str]) -> str:
    point = ord(hit[0])
    if 0xDC80 <= point <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{point - 0xDC00:02x}"
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"
