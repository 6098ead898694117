from collections.abc import Callable

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.budgets import ModelProfile, estimate, find_profile, ratio_to
from promptls.budgets.families import RATIOS, family_of

ENCODINGS = (
    "cl100k_base",
    "o200k_base",
    "o200k_harmony",
    "p50k_base",
    "p50k_edit",
    "r50k_base",
    "gpt2",
)


def profile_of(name: str) -> ModelProfile:
    profile = find_profile(name)
    assert isinstance(profile, ModelProfile)
    return profile


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("claude-3-opus-latest", "claude"),
        ("claude-3-5-sonnet", "claude"),
        ("Claude Sonnet 4.5", "claude"),
        ("claude-sonnet-4-20250514", "claude"),
        ("claude-opus-4.6", "claude"),
        ("claude-haiku-4-5", "claude"),
        ("claude-opus-4-7", "claude-4.7"),
        ("claude-opus-4.8-fast", "claude-4.7"),
        ("anthropic/claude-4.7-opus", "claude-4.7"),
        ("claude-sonnet-5", "claude-4.7"),
        ("claude-haiku-5-5", "claude-4.7"),
        ("claude-fable-5", "claude-4.7"),
        ("claude-mythos-preview", "claude-4.7"),
        ("claude-2", "other"),
        ("claude-instant-1.2", "other"),
        ("gemini-2.5-flash", "gemini"),
        ("google/gemma-3-27b-it", "gemini"),
        ("meta-llama/llama-3.1-70b-instruct", "llama"),
        ("llama3:8b", "llama"),
        ("llama-2-70b-chat", "llama-2"),
        ("llama2", "llama-2"),
        ("qwen/qwen3-32b", "qwen"),
        ("mistral-large-latest", "other"),
        ("deepseek-chat", "other"),
        ("grok-4", "other"),
    ],
)
def test_family(name: str, family: str) -> None:
    assert family_of(name) == family


@pytest.mark.parametrize(
    ("name", "tokens", "encoding", "expected"),
    [
        ("claude-sonnet-4-5", 1_000, "o200k_base", (1_100, 1_200, 1_400)),
        ("claude-sonnet-4-5", 1_000, "cl100k_base", (1_023, 1_200, 1_456)),
        ("claude-opus-4-7", 1_000, "o200k_harmony", (1_100, 1_550, 2_050)),
        ("opus", 1_000, "o200k_base", (1_100, 1_550, 2_050)),
        ("gemini-2.5-pro", 0, "o200k_base", (0, 0, 0)),
        ("gpt-6-sol", 777, "o200k_base", (777, 777, 777)),
    ],
)
def test_estimate(name: str, tokens: int, encoding: str, expected: tuple[int, int, int]) -> None:
    found = estimate(tokens, encoding, profile_of(name))
    assert found is not None
    assert (found.low, found.likely, found.high) == expected
    assert found.source


@pytest.mark.parametrize("name", ["gpt-4o", "gpt-4", "gpt-oss-120b", "inherit", "auto"])
def test_no_estimate_where_there_is_nothing_to_estimate(name: str) -> None:
    assert estimate(100, "o200k_base", profile_of(name)) is None


def test_no_estimate_from_an_encoding_that_is_not_tiktokens() -> None:
    assert ratio_to("words", profile_of("claude-sonnet-4-5")) is None


@given(
    st.integers(0, 10_000_000),
    st.sampled_from(ENCODINGS),
    st.sampled_from(["claude-sonnet-4-5", "opus", "gemini-2.5-pro", "grok-4", "gpt-6-sol"]),
)
@settings(max_examples=100, deadline=None)
def test_likely_lies_between_low_and_high(tokens: int, encoding: str, name: str) -> None:
    found = estimate(tokens, encoding, profile_of(name))
    assert found is not None
    assert 0 <= found.low <= found.likely <= found.high


def test_ratios_are_ordered_and_say_where_they_come_from() -> None:
    for ratio in RATIOS.values():
        assert 0 < ratio.low <= ratio.likely <= ratio.high
        assert ratio.source


@pytest.mark.parametrize(
    "text",
    [
        "# Review\n\nYou are a careful reviewer. Read the diff, then list what is wrong with it.\n",
        "- Use `snake_case` for names.\n- Never commit secrets.\n\n```python\ndef f(x):\n"
        "    return x + 1\n```\n",
        '<objective>\nAnswer with one JSON object: `{"ok": true, "items": [1, 2, 3]}`.\n'
        "</objective>\n",
    ],
)
def test_both_encodings_agree_on_prompts(
    text: str, encoding: Callable[[str], tiktoken.Encoding]
) -> None:
    cl100k = len(encoding("cl100k_base").encode_ordinary(text * 20))
    o200k = len(encoding("o200k_base").encode_ordinary(text * 20))
    assert 0.93 <= o200k / cl100k <= 1.04
