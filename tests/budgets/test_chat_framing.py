from collections.abc import Callable

import pytest
import tiktoken

from promptls.budgets import ModelProfile, find_profile, framing
from promptls.budgets.framing import (
    TOKENS_PER_MESSAGE,
    TOKENS_PER_ROLE,
    TOKENS_PRIMING_REPLY,
)


def profile_of(name: str) -> ModelProfile:
    profile = find_profile(name)
    assert isinstance(profile, ModelProfile)
    return profile


@pytest.mark.parametrize(
    ("name", "messages", "expected"),
    [
        ("gpt-4", 0, (7, "exact")),
        ("gpt-4", 1, (7, "exact")),
        ("gpt-4o-2024-08-06", 2, (11, "exact")),
        ("azure/gpt-35-turbo", 3, (15, "exact")),
        ("gpt-4o-mini", 2, (11, "exact")),
        ("gpt-4-turbo", 2, (11, "exact")),
        ("gpt-4.1-mini", 2, (11, "estimate")),
        ("gpt-3.5-turbo-instruct", 1, None),
        ("gpt-5", 2, None),
        ("o3", 2, None),
        ("gpt-6-sol", 2, None),
        ("claude-sonnet-4-5", 2, None),
        ("gemini-2.5-pro", 2, None),
        ("inherit", 2, None),
    ],
)
def test_framing(name: str, messages: int, expected: tuple[int, str] | None) -> None:
    found = framing(profile_of(name), messages)
    assert (found and (found.tokens, found.accuracy)) == expected


@pytest.mark.parametrize("name", ["cl100k_base", "o200k_base"])
@pytest.mark.parametrize("role", ["system", "developer", "user", "assistant", "tool", "function"])
def test_every_role_is_one_token(
    name: str, role: str, encoding: Callable[[str], tiktoken.Encoding]
) -> None:
    assert len(encoding(name).encode_ordinary(role)) == TOKENS_PER_ROLE


def test_the_cookbooks_example(encoding: Callable[[str], tiktoken.Encoding]) -> None:
    # OpenAI cookbook, "How to count tokens with tiktoken": the API says 129 for gpt-4-0613. Four
    # of its six messages have a name, which costs its own tokens and one more.
    texts = [
        "You are a helpful, pattern-following assistant that translates corporate jargon into "
        "plain English.",
        "New synergies will help drive top-line growth.",
        "Things working well together will increase revenue.",
        "Let's circle back when we have more bandwidth to touch base on opportunities for "
        "increased leverage.",
        "Let's talk later when we're less busy about how to do better.",
        "This late pivot means we don't have time to boil the ocean for the client deliverable.",
    ]
    names = ["example_user", "example_assistant", "example_user", "example_assistant"]
    cl100k = encoding("cl100k_base")
    content = sum(len(cl100k.encode_ordinary(text)) for text in texts)
    named = sum(len(cl100k.encode_ordinary(name)) + 1 for name in names)
    found = framing(profile_of("gpt-4"), len(texts))
    assert found is not None
    assert found.tokens == 6 * (TOKENS_PER_MESSAGE + TOKENS_PER_ROLE) + TOKENS_PRIMING_REPLY
    assert content + named + found.tokens == 129
