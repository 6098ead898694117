"""Families of tokenizers, and how their counts relate to tiktoken's.

Only OpenAI publishes tokenizers that run here. For every other family the table holds the ratio
of its count to the exact `o200k_base` count of the same text: the lowest and highest figure that
was published for ordinary text, and the one to expect of an English Markdown prompt. The sources:

- Claude 3 to 4.6: +16 % on English articles, +21 % on mathematics, +30 % on Python, Claude 3.5
  Sonnet against GPT-4o (VentureBeat, 1 May 2025, "Hidden costs in AI deployment"); factor 1.18 in
  sammcj/ingest (pull request 65), 1.15 called too low by users of copilot-api (its pull requests
  134 and 141).
- Claude Opus 4.7 and later, Sonnet 5, Fable, Mythos: "approximately 30 percent more tokens than on
  earlier models" (platform.claude.com, token counting). Measured against 4.6: 1.00 on Chinese,
  1.20 on Python, 1.45 on English prose (sol.ava.dev, 17 April 2026), 1.37 on a Markdown post, 1.45
  on a CLAUDE.md, 1.47 on technical documentation (claudecodecamp.com, April 2026); factor 1.53
  over o200k_base in sammcj/ingest. Haiku 5 and later is *taken* to belong here.
- Gemini and Gemma: 1,156,615 tokens in AI Studio against 969,990 for a code repository
  (yamadashy/repomix, issue 476); English 5 % fewer to 10 % more, by two token counter sites that
  do not give their method.
- Llama 3 and later: its vocabulary is 100,000 tokens of tiktoken's and 28,000 more (arXiv
  2407.21783, 3.2), so English agrees with cl100k_base. Llama 2: 3.17 against 3.94 characters for
  a token of English (the same page); 0.56 against 0.31 tokens for a byte of Chinese
  (huggingface.co/spaces/eson/tokenizer-arena).
- Qwen: cl100k_base, extended, with each digit a token of its own (arXiv 2309.16609, 2.2).
- Others (Mistral, DeepSeek, Grok, Kimi, GLM, …): no measurement against tiktoken was found.

`tests/budgets` checks what can be checked here, that cl100k_base and o200k_base agree on prompts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """Tokens of a family for one token of a given encoding, with where that comes from."""

    low: float
    likely: float
    high: float
    source: str
    """In words for a reader."""

    def expected(self, tokens: int) -> int:
        """Give the likely number of the family's tokens for `tokens` counted ones."""
        return round(tokens * self.likely)


OPENAI = "openai"
OPENAI_UNLISTED = "openai-unlisted"
CLAUDE = "claude"
CLAUDE_NEW = "claude-4.7"
OTHER = "other"

RATIOS: dict[str, Ratio] = {
    CLAUDE: Ratio(
        1.10,
        1.20,
        1.40,
        "Claude's tokenizer is not public; published comparisons with GPT-4o's range from "
        "16 % more (English) to 30 % more (Python)",
    ),
    CLAUDE_NEW: Ratio(
        1.10,
        1.55,
        2.05,
        "Claude's tokenizer is not public; since Opus 4.7 it gives, by Anthropic, about 30 % more "
        "tokens than earlier ones, which gave 16 to 30 % more than GPT-4o's; measured on prompts "
        "up to 47 % more",
    ),
    "gemini": Ratio(
        0.90,
        1.10,
        1.25,
        "Gemini's tokenizer is not at hand; published comparisons with GPT-4o's range from 5 % "
        "fewer (English) to 19 % more (code)",
    ),
    "llama": Ratio(
        0.85,
        1.00,
        1.10,
        "Llama 3 and later use tiktoken's cl100k_base vocabulary with 28,000 tokens added for "
        "languages other than English",
    ),
    "llama-2": Ratio(
        1.10,
        1.25,
        1.85,
        "Llama 2's vocabulary of 32,000 gives, by Meta, 24 % more tokens than Llama 3's on "
        "English, and more on other scripts",
    ),
    "qwen": Ratio(
        0.85,
        1.02,
        1.30,
        "Qwen's tokenizer extends tiktoken's cl100k_base, with each digit a token of its own",
    ),
    OPENAI_UNLISTED: Ratio(
        1.0,
        1.0,
        1.0,
        "counted as o200k_base, OpenAI's encoding since GPT-4o; tiktoken does not list this "
        "model yet",
    ),
    OTHER: Ratio(
        0.85,
        1.10,
        1.40,
        "no published comparison of this model's tokenizer with tiktoken's; the range is that of "
        "other models of today",
    ),
}

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("gemini", re.compile(r"(^|[/.-])(gemini|gemma)")),
    ("llama-2", re.compile(r"llama-?2(?!\d)")),
    ("llama", re.compile(r"llama")),
    ("qwen", re.compile(r"qwen|qwq|qvq")),
)

_CLAUDE = re.compile(
    r"claude-(?:(?P<line>opus|sonnet|haiku|fable|mythos)-(?P<after>\d{1,2}(?:-\d{1,2})?)(?!\d)"
    r"|(?P<before>\d{1,2}(?:-\d{1,2})?)-(?P<line2>opus|sonnet|haiku)|(?P<bare>fable|mythos))"
)
_NEW_TOKENIZER_SINCE = {
    "opus": (4, 7),
    "sonnet": (5, 0),
    "haiku": (5, 0),
    "fable": (0, 0),
    "mythos": (0, 0),
}


def family_of(name: str) -> str:
    """Tell the family of a model that is not OpenAI's, by its name in any spelling."""
    plain = re.sub(r"[\s._]+", "-", name.lower())
    if "claude" in plain:
        return _claude_family(plain)
    for family, pattern in _PATTERNS:
        if pattern.search(plain):
            return family
    return OTHER


def _claude_family(plain: str) -> str:
    found = _CLAUDE.search(plain)
    if found is None:
        # Claude 1 and 2 (`claude-2`, `claude-instant`) had another tokenizer.
        return OTHER
    line = found["line"] or found["line2"] or found["bare"]
    version = (found["after"] or found["before"] or "0").split("-")
    major, minor = int(version[0]), int(version[1]) if len(version) > 1 else 0
    return CLAUDE_NEW if (major, minor) >= _NEW_TOKENIZER_SINCE[line] else CLAUDE
