from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.budgets import ModelProfile, UnknownModel, find_profile, model_name


def cyclic() -> list[Any]:
    value: list[Any] = []
    value += [value] * 1000
    return value


# Every `model` of the front matter in the shared corpus (awesome-copilot, dotprompt,
# get-shit-done, prompty), then shapes from the tools' documentation, then what names no model.
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("gemini-2.5-flash", "gemini-2.5-flash"),
        ("Claude Sonnet 4.5 (copilot)", "Claude Sonnet 4.5 (copilot)"),
        ({"id": "gpt-4", "apiType": "chat"}, "gpt-4"),
        ({"id": "gpt-4", "connection": "${file:shared_connection.json}"}, "gpt-4"),
        (
            {
                "id": "claude-sonnet-4-5-20250929",
                "provider": "anthropic",
                "connection": {"kind": "reference", "name": "mock-anthropic"},
            },
            "claude-sonnet-4-5-20250929",
        ),
        (
            {
                "api": "chat",
                "configuration": {"type": "azure_openai", "azure_deployment": "gpt-35-turbo"},
            },
            "gpt-35-turbo",
        ),
        ({"api": "chat", "configuration": {"type": "openai", "name": "gpt-4o"}}, "gpt-4o"),
        ({"azure_deployment": "contoso-chat", "name": "gpt-4o"}, "gpt-4o"),
        (["gpt-4o", "claude-sonnet-4"], "gpt-4o"),
        ([None, "${env:MODEL}", {"id": "o3"}], "o3"),
        ("  gpt-4o\n", "gpt-4o"),
        ("[Recommended Model Name]", None),
        ("${env:AZURE_DEPLOYMENT}", None),
        ("{{model}}", None),
        ("<model>", None),
        ("$MODEL", None),
        ({"id": "${env:MODEL:gpt-4o}"}, None),
        ("${file:model.json}", None),
        ({"connection": {"name": "mock"}}, None),
        ("", None),
        (None, None),
        (True, None),
        (4, None),
        (b"gpt-4o", None),
        ([], None),
        ("gpt-4o" * 1000, None),
        (cyclic(), None),
    ],
)
def test_model_name(value: object, expected: str | None) -> None:
    assert model_name(value) == expected


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("id"), inner),
    )
)
@settings(max_examples=100)
def test_model_name_of_anything(value: object) -> None:
    name = model_name(value)
    assert name is None or name == name.strip() != ""


def check(name: str, model: str, provider: str | None) -> None:
    profile = find_profile(name)
    assert isinstance(profile, ModelProfile)
    assert (profile.name, profile.provider) == (model, provider)


@pytest.mark.parametrize(
    ("name", "model", "provider"),
    [
        # The corpus.
        ("gemini-2.5-flash", "gemini-2.5-flash", "google"),
        ("gpt-4.1", "gpt-4.1", "openai"),
        ("GPT-4.1", "gpt-4.1", "openai"),
        ("gpt-4", "gpt-4", "openai"),
        ("gpt-4o", "gpt-4o", "openai"),
        ("gpt-4o-mini", "gpt-4o-mini", "openai"),
        ("gpt-35-turbo", "gpt-3.5-turbo", "openai"),
        ("googleai/gemini-pro", "gemini-pro", "google"),
        ("claude-sonnet-4", "claude-sonnet-4-0", "anthropic"),
        ("Claude Sonnet 4", "claude-sonnet-4-0", "anthropic"),
        ("Claude Sonnet 4.5", "claude-sonnet-4-5", "anthropic"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5", "anthropic"),
        ("Claude Sonnet 4.5 (copilot)", "claude-sonnet-4-5", "anthropic"),
        ("GPT-5.1-Codex (Preview) (copilot)", "gpt-5.1", "openai"),
        ("GPT-5 mini (copilot)", "gpt-5-mini", "github-copilot"),
        ("Auto (copilot)", "auto", None),
        # Other spellings.
        ("openai/gpt-4o", "gpt-4o", "openai"),
        ("azure/gpt-4o", "gpt-4o", "azure"),
        ("openai:gpt-4.1", "gpt-4.1", "openai"),
        ("GPT-4o (copilot)", "gpt-4o", "github-copilot"),
        ("anthropic/claude-3-5-sonnet", "claude-3-5-sonnet", "anthropic"),
        ("Claude Haiku 3.5", "claude-3-5-haiku-latest", "anthropic"),
        ("us.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet", "anthropic"),
        ("openrouter/anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4.5", "openrouter"),
        ("googleai/gemini-1.5-flash", "gemini-1.5-flash", "google"),
        ("models/gemini-2.5-pro", "gemini-2.5-pro", "google"),
        ("somebody/gpt-4o", "gpt-4o", "openai"),
        ("ft:gpt-4o-mini-2024-07-18:acme::x", "ft:gpt-4o-mini", "openai"),
        ("ollama/llama3:8b", "llama3:8b", "ollama"),
        (" GPT-4o ", "gpt-4o", "openai"),
    ],
)
def test_find_profile(name: str, model: str, provider: str | None) -> None:
    check(name, model, provider)


@pytest.mark.parametrize(
    ("name", "provider", "accuracy"),
    [
        ("inherit", None, "exact"),
        ("Auto (copilot)", None, "exact"),
        ("default", None, "exact"),
        ("opus", "anthropic", "estimate"),
        ("Sonnet", "anthropic", "estimate"),
        ("haiku", "anthropic", "estimate"),
        ("flash", "google", "estimate"),
    ],
)
def test_alias(name: str, provider: str | None, accuracy: str) -> None:
    profile = find_profile(name)
    assert isinstance(profile, ModelProfile)
    assert profile.is_alias
    assert (profile.provider, profile.accuracy) == (provider, accuracy)
    assert (profile.window, profile.input_price, profile.encoding) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("gpt-4oo", "gpt-4o"),
        ("claude-sonet-4-5", "claude-sonnet-4-5"),
        ("Gemini 2.5 Flsh", "gemini-2.5-flash"),
        ("opuss", "opus"),
    ],
)
def test_unknown_model_names_the_nearest(name: str, nearest: str) -> None:
    unknown = find_profile(name)
    assert isinstance(unknown, UnknownModel)
    assert unknown.name == name
    assert nearest in unknown.nearest


@pytest.mark.parametrize("name", ["", " ", "()", "/", ":", "ft:", "x" * 100_000, "\x00", "[1m]"])
def test_odd_names_are_unknown(name: str) -> None:
    assert isinstance(find_profile(name), UnknownModel)


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_is_answered(name: str) -> None:
    assert isinstance(find_profile(name), ModelProfile | UnknownModel)
