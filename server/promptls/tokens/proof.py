"""A sample that an engine other than tiktoken must count as tiktoken does before it is used.

The expected figures are tiktoken's, recorded so that the proof costs no second vocabulary;
`tests/tokens/test_proof.py` compares them with tiktoken itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptls.tokens.engine import Engine

SAMPLE: tuple[str, ...] = (
    "",
    "Hello, world! It's a test; don't panic. WE'LL see, they'RE here.",
    "# Heading\n\nSome *Markdown* with `code`, a [link](https://example.org/a?b=c#d).\n\n- item\n",
    "def f(x: int) -> str:\n\treturn f'{x:>08,.2f}'  # tabs\t\tand   spaces\n\n\n    end",
    "CRLF\r\nand\rlone CR\n\r\n  \t \n trailing   ",
    "1234567890 3.14159 1,000,000 0xFF ½ ² ١٢٣",
    "日本語のテキスト、中文字符。한국어 문장입니다.",
    "Größe café naïve Ελληνικά Русский текст עברית العربية हिन्दी ไทย",
    "emoji 😀👩‍👩‍👧‍👦🇩🇪 ✨ combining e\u0301 a\u0308\u0323",
    "\u00a0nbsp\u2028line\u2029para\u3000ideo\u0085nel\x0cff\x0bvt\x1cfs\x00nul\ufeffbom",
    "//path/to/file ... --- *** === <tag attr='v'>x</tag> <|endoftext|>\n/slash\n//two",
    "camelCaseHTTPServer SCREAMING_SNAKE ǅ ǈ ʰ ªº",
    "a" * 200 + " " * 300 + "b\n" + "=" * 100 + "\n" * 50 + "^" * 33,
    "QmFzZTY0IGVuY29kZWQgZGF0YSB3aXRoIG51bWJlcnMgMTIzNDU2Nzg5MA==",
    "lone \ud800 and \udc00 surrogates",
)

EXPECTED: dict[str, tuple[int, ...]] = {
    "cl100k_base": (0, 22, 29, 29, 14, 29, 21, 40, 36, 25, 29, 22, 45, 45, 8),
    "o200k_base": (0, 21, 29, 30, 13, 27, 16, 15, 25, 22, 30, 22, 41, 40, 8),
}


def proves_itself(engine: Engine) -> bool:
    """Whether the engine counts every sample text exactly; never raises."""
    expected = EXPECTED.get(engine.encoding.vocabulary)
    if expected is None:
        return False
    try:
        return engine.count_batch(SAMPLE) == list(expected)
    except Exception:
        return False
