r"""Where a text may be cut without changing how many tokens it has.

An encoding splits a text into pieces with a regular expression and merges only inside a piece, and
no pattern looks behind. So a cut before character `i` is safe when every reading of the whole text
ends a piece at `i`, and when nothing before `i` depends on what follows it: the only look-aheads
(`\s++$`, `\s+(?!\S)`) stand in the white-space alternatives. From the patterns in `encodings`:

- S: before a space or tab that follows a character that is not white space. In no pattern does
  white space follow anything else within a piece, save `\r` and `\n` after punctuation.
- W: between a letter and an ASCII digit, either way round, and between a letter or digit and ASCII
  or CJK punctuation that follows it, the apostrophe excepted (`it's` is one piece in o200k_base).
  Letters never share a piece with a digit or with punctuation behind them.
- N: behind a line break, when the next line holds a character that is not white space: `\s*[\r\n]`
  and `\s++$` then both end at that line break. For o200k the line must not begin with `/`, which
  its punctuation piece swallows after line breaks. The r50k patterns know no line breaks, so
  there a single line break between two characters that are not white space is needed.

White space is what Python calls so, which holds all of Unicode's White_Space and U+001C to U+001F;
for those four the rules are only stricter. `tests/tokens/test_cuts.py` compares every cut of random
texts with tiktoken on the whole text.
"""

from __future__ import annotations

import re
from typing import Literal

from promptls.tokens.encodings import CutFamily

_PUNCTUATION = (
    re.escape('!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~') + "、。，．：；！？（）「」『』【】《》…—"
)
_WORDS = (
    r"\S(?=[ \t])"
    rf"|[A-Za-z](?=[0-9{_PUNCTUATION}])"
    rf"|[0-9](?=[A-Za-z{_PUNCTUATION}])"
    rf"|[À-ÖØ-öø-ƺа-яА-Я぀-ゖァ-ヺ㐀-䶵一-鿋가-힣](?=[0-9{_PUNCTUATION}])"
)
_LINES: dict[CutFamily, str] = {
    "cl100k": r"(?:\n|\r(?!\n))(?=[^\S\r\n]*\S)",
    "o200k": r"(?:\n|\r(?!\n))(?!/)(?=[^\S\r\n]*\S)",
    "r50k": r"(?<=\S)\n(?=\S)",
}
LineCuts = Literal["safe", "safe but before /", "unsafe"]
"""Whether the beginning of a line that is not blank is a safe cut."""

_LINE_CUTS: dict[CutFamily, LineCuts] = {
    "cl100k": "safe",
    "o200k": "safe but before /",
    "r50k": "unsafe",
}


class Cuts:
    """Finds safe cuts for one family of encodings."""

    __slots__ = ("_forward", "_line", "family", "line_cuts")

    def __init__(self, family: CutFamily) -> None:
        self.family = family
        self.line_cuts = _LINE_CUTS[family]
        lines = _LINES[family]
        self._forward = re.compile(f"{lines}|{_WORDS}")
        self._line = re.compile(lines)

    def after(self, text: str, start: int = 0) -> int | None:
        """The first cut greater than `start` that looks at nothing before `start`, or None."""
        if self.family == "r50k":
            found = self._forward.search(text[start:])
            return found.end() + start if found else None
        found = self._forward.search(text, start)
        return found.end() if found else None

    def before(self, text: str, stop: int) -> int | None:
        """The last cut less than `stop` that looks at nothing from `stop` on, or None.

        Cut 0 is not reported: the caller knows whether its text begins at a cut.
        """
        # Mostly there is a space close by; the general search reads a stretch from its start.
        space = text.rfind(" ", 1, stop)
        while space > 0 and stop - space < 200:
            if not text[space - 1].isspace():
                return space
            space = text.rfind(" ", 1, space)
        reach = 256
        while True:
            low = max(stop - reach, 0)
            last = None
            for found in self._forward.finditer(text, low, stop):
                last = found.end()
            if last is not None or low == 0:
                return last
            reach *= 8

    def is_line_cut(self, text: str, at: int) -> bool:
        """Whether there is a safe cut at `at`, the beginning of a line."""
        return at == 0 or self._line.match(text, at - 1) is not None
