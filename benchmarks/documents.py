"""The texts to measure on: made from real prompt documents, the same on every run."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

KB = 1_000
MB = 1_000_000

_ROOT = Path(__file__).resolve().parent.parent
_SOURCES = (_ROOT.parent / "shared" / "corpus", _ROOT / "examples")
_SEED = 20_261_120
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CJK_PHRASES = (
    *("我们", "系统提示", "检查预算", "用户的问题", "模型", "上下文", "如果可以", "这个部分"),
    *("长度", "不要重复", "请说明步骤", "结果", "数据接口", "错误原因", "保持简洁", "例子"),
    *("代码", "测试", "发布新版本", "团队", "先读文档", "然后回答", "不超过", "三个句子"),
)
_CJK_MARKS = "\uff0c\uff0c\uff0c\u3002\u3001\uff1b"
_WORDS = (
    *("always", "before", "careful", "context", "deploy", "every", "figure", "harbour", "ledger"),
    *("margin", "never", "output", "plain", "quiet", "review", "section", "token", "under"),
    *("verify", "window", "yield"),
)
_PROSE_LINE = re.compile(r"[A-Za-z][A-Za-z ,.'-]{40,}")

HEADINGS_IN_VIEW = 60


@cache
def markdown(size: int) -> str:
    """Real Markdown documents one after the other, cut at a line, of `size` bytes in UTF-8.

    When the sources are used up they come again with words put in, so that no passage occurs
    twice and remembering a passage's count gains nothing.
    """
    rng = random.Random(_SEED)
    parts: list[str] = []
    have = 0
    for passage in _passages(rng):
        parts.append(passage)
        have += len(passage.encode())
        if have >= size:
            break
    kept = "".join(parts).encode()[:size].decode(errors="ignore")
    return kept[: kept.rindex("\n") + 1]


@cache
def markdown_with_headings(size: int) -> str:
    """Like `markdown`, with a window full of headings three quarters down the document."""
    lines = markdown(size).splitlines(keepends=True)
    rng = random.Random(_SEED)
    headings = [
        f"### {' '.join(rng.choices(_WORDS, k=4)).capitalize()} {number}\n"
        for number in range(HEADINGS_IN_VIEW)
    ]
    at = len(lines) * 3 // 4
    return "".join([*lines[:at], *headings, *lines[at:]])


def heading_window(text: str) -> int:
    """Find the first of the headings that `markdown_with_headings` put in."""
    lines = text.split("\n")
    run = 0
    for number, line in enumerate(lines):
        run = run + 1 if line.startswith("### ") else 0
        if run == HEADINGS_IN_VIEW:
            return number - HEADINGS_IN_VIEW + 1
    raise ValueError("the text has no window of headings")


def prose_line(size: int) -> str:
    """One line of prose of `size` characters."""
    return " ".join(prose_lines(size))[:size] + "\n"


def prose_lines(size: int) -> list[str]:
    """Lines of prose, of `size` characters or a little more with their ends: nothing but text."""
    lines: list[str] = []
    have = 0
    for passage in _passages(random.Random(_SEED)):
        for line in passage.split("\n"):
            if have < size and _PROSE_LINE.fullmatch(line):
                lines.append(line)
                have += len(line) + 1
        if have >= size:
            break
    return lines


def base64_line(size: int) -> str:
    """One line of base64 of `size` characters."""
    return "".join(random.Random(_SEED).choices(_BASE64, k=size)) + "\n"


def cjk_line(size: int) -> str:
    """One line of Chinese words with punctuation, of `size` bytes in UTF-8."""
    rng = random.Random(_SEED)
    parts: list[str] = []
    have = 0
    while have < size:
        clause = "".join(rng.choices(_CJK_PHRASES, k=rng.randint(2, 6))) + rng.choice(_CJK_MARKS)
        parts.append(clause)
        have += 3 * len(clause)
    return "".join(parts) + "\n"


def prose_line_near(lines: list[str], wanted: int) -> int:
    """Find the line of plain prose nearest to `wanted`: where a person would type."""
    prose = (number for number, line in enumerate(lines) if _PROSE_LINE.fullmatch(line))
    return min(prose, key=lambda number: abs(number - wanted))


def _passages(rng: random.Random) -> Iterator[str]:
    sources = _source_texts()
    yield from sources
    while True:
        for text in sources:
            yield "\n".join(_with_word(line, rng) for line in text.split("\n"))


def _with_word(line: str, rng: random.Random) -> str:
    """Put a word at one of the line's blanks."""
    words = line.split(" ")
    if len(words) > 4:
        words.insert(rng.randrange(2, len(words)), rng.choice(_WORDS) + rng.choice(_WORDS))
    return " ".join(words)


@cache
def _source_texts() -> list[str]:
    """Every source document in which fences and comments are closed, without our directives.

    One that leaves them open would turn all that follows into code or comment, and a thousand
    copies of a directive would measure its findings.
    """
    folder = next((folder for folder in _SOURCES if folder.is_dir()), None)
    if folder is None:
        raise FileNotFoundError(f"neither {_SOURCES[0]} nor {_SOURCES[1]} is there")
    texts = []
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        lines = [line for line in text.split("\n") if not line.startswith("<!-- promptls:")]
        fences = sum(line.lstrip().startswith(("```", "~~~")) for line in lines)
        if fences % 2 == 0 and text.count("<!--") == text.count("-->"):
            texts.append("\n".join(lines).rstrip("\n") + "\n\n")
    return texts
