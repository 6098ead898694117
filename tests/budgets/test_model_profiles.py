import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from promptls.budgets import ModelProfile, find_profile, list_models
from promptls.budgets.names import HOSTS


def profile_of(name: str) -> ModelProfile:
    profile = find_profile(name)
    assert isinstance(profile, ModelProfile)
    return profile


@pytest.mark.parametrize(
    ("name", "encoding", "accuracy"),
    [
        ("gpt-4", "cl100k_base", "exact"),
        ("gpt-4-turbo", "cl100k_base", "exact"),
        ("gpt-35-turbo-16k", "cl100k_base", "exact"),
        ("gpt-3.5-0301", "cl100k_base", "exact"),
        ("gpt-4o-2024-08-06", "o200k_base", "exact"),
        ("gpt-4o:extended", "o200k_base", "exact"),
        ("gpt-4.1-nano", "o200k_base", "exact"),
        ("gpt-4.5-preview", "o200k_base", "exact"),
        ("gpt-5.1-codex", "o200k_base", "exact"),
        ("azure/o3-mini", "o200k_base", "exact"),
        ("o4-mini", "o200k_base", "exact"),
        ("codex-mini", "o200k_base", "exact"),
        ("gpt-oss-120b", "o200k_harmony", "exact"),
        ("text-davinci-003", "p50k_base", "exact"),
        ("ft:gpt-4o-mini-2024-07-18:acme::x", "o200k_base", "exact"),
        # tiktoken's table alone would say cl100k_base.
        ("ft:gpt-4.1-mini-2025-04-14:acme::x", "o200k_base", "exact"),
        # Not in tiktoken's table.
        ("gpt-6-sol", "o200k_base", "estimate"),
        ("claude-sonnet-4-5", None, "estimate"),
        ("gemini-2.5-pro", None, "estimate"),
        ("mistral-large-latest", None, "estimate"),
    ],
)
def test_encoding(name: str, encoding: str | None, accuracy: str) -> None:
    profile = profile_of(name)
    assert (profile.encoding, profile.accuracy) == (encoding, accuracy)


@pytest.mark.parametrize(
    ("name", "window"),
    [
        ("gpt-4o", 128_000),
        ("gpt-4.1", 1_000_000),
        # What the tool grants counts, not what the model could take.
        ("gpt-4.1 (copilot)", 128_000),
        ("claude-sonnet-4-5", 200_000),
        ("claude-sonnet-4-5[1m]", 1_000_000),
        ("sonnet[1m]", 1_000_000),
        # Google's own entry has no window; OpenRouter's has.
        ("gemini-2.5-pro", 1_048_576),
        # Copilot's entry has none; the maker's has.
        ("Claude Sonnet 4 (copilot)", 200_000),
        ("ft:gpt-4.1-mini-2025-04-14:acme::x", 1_000_000),
        ("ollama/llama3", None),
    ],
)
def test_window(name: str, window: int | None) -> None:
    assert profile_of(name).window == window


def test_every_host_is_a_provider_of_the_data() -> None:
    assert set(HOSTS.values()) <= {row.provider for row in list_models()}


def test_price_tiers() -> None:
    profile = profile_of("claude-sonnet-4-5")
    assert profile.input_price == Decimal(3)
    assert profile.price_tiers == ((200_000, Decimal(6)),)


def test_fine_tune_without_an_entry_has_no_price() -> None:
    assert profile_of("ft:gpt-4.1-mini-2025-04-14:acme::x").input_price is None


def test_list_has_every_model_once_per_provider() -> None:
    rows = list_models()
    assert len(rows) > 2_000
    assert rows == sorted(rows, key=lambda row: (row.provider or "", row.name))
    assert len({(row.provider, row.name) for row in rows}) == len(rows)
    assert not any(row.is_alias for row in rows)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("anthropic/claude-sonnet-4-5", {("anthropic", "claude-sonnet-4-5")}),
        ("OpenAI o4-mini-deep", {("openai", "o4-mini-deep-research")}),
        ("no-such-model", set()),
    ],
)
def test_list_filter(words: str, names: set[tuple[str, str]]) -> None:
    found = {(row.provider, row.name) for row in list_models(words)}
    assert names <= found
    assert all(word in f"{p}/{n}".lower() for p, n in found for word in words.lower().split())
    assert bool(found) == bool(names)


def test_threads_agree() -> None:
    names = ["gpt-4o", "claude-sonnet-4-5", "gpt-4oo", "opus"] * 8
    find_profile.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(find_profile, names))
    assert answers == [find_profile(name) for name in names]


def test_import_is_light() -> None:
    code = (
        "import sys, promptls.budgets as b; b.find_profile('inherit');"
        "print([m for m in ('tiktoken', 'genai_prices', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
