"""Finding a model's profile by the name that somebody wrote.

Windows and prices come from `genai_prices`, whose data lie in its wheel: nothing here uses the
network. Importing it takes about 160 ms, so it happens at the first call and never at import; call
`find_profile` and `list_models` away from the event loop.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from promptls.budgets.encodings import (
    PRESUMED_ENCODING,
    base_of_fine_tune,
    is_presumed_openai,
    published_encoding,
)
from promptls.budgets.families import OPENAI, OPENAI_UNLISTED, family_of
from promptls.budgets.names import (
    ALIAS_PROVIDERS,
    ALIASES,
    HOSTS,
    LOCAL_HOSTS,
    MAX_LENGTH,
    ParsedName,
    lookup_key,
    parse_name,
    spellings,
)
from promptls.budgets.profile import Accuracy, ModelProfile, UnknownModel

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider

# Whose entry to take when several providers list a model under one name: those who make models
# first, then the provider that lists nearly all of them.
_RANKING = ("openai", "anthropic", "google", "mistral", "x-ai", "deepseek", "cohere", "openrouter")
_SUGGESTED_FROM = _RANKING[:-1]
_SUGGESTIONS = 3
_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Entry:
    provider: Provider
    model: ModelInfo


class _Registry:
    """genai-prices' data with an index by plain name."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self.providers = tuple(providers)
        by_id = {provider.id: provider for provider in self.providers}
        # A later genai-prices may have renamed one; then the maker's entry serves.
        self._hosts = {host: by_id[name] for host, name in HOSTS.items() if name in by_id}
        rank = {name: place for place, name in enumerate(_RANKING)}
        self._by_key: dict[str, list[_Entry]] = {}
        for provider in sorted(self.providers, key=lambda one: rank.get(one.id, len(rank))):
            for model in provider.models:
                entry = _Entry(provider, model)
                names = (model.id, model.id.rpartition("/")[2], model.name or "")
                for key in {lookup_key(name) for name in names} - {""}:
                    self._by_key.setdefault(key, []).append(entry)

    def find(self, parsed: ParsedName) -> _Entry | None:
        """Look a name up at the hosts it states, at the model's maker, then anywhere."""
        providers = list(self.providers)
        for form in spellings(parsed.model):
            for provider, reference in (*self._at_hosts(parsed, form), *self._at_makers(form)):
                model = provider.find_model(reference, all_providers=providers)
                if model is not None:
                    return _Entry(provider, model)
            if entries := self._by_key.get(lookup_key(form)):
                return entries[0]
        return None

    def window(self, entry: _Entry) -> int | None:
        """Give the entry's window, or that of the same model where another provider gives it."""
        if entry.model.context_window is not None:
            return entry.model.context_window
        name = base_of_fine_tune(entry.model.id.rpartition("/")[2])
        others = [
            model
            for provider in self._makers(name)
            if (model := provider.find_model(name)) is not None
        ]
        others += [one.model for one in self._by_key.get(lookup_key(name), ())]
        return next((one.context_window for one in others if one.context_window), None)

    def nearest(self, parsed: ParsedName) -> tuple[str, ...]:
        """Known names that look like an unknown one."""
        import difflib

        known = {
            lookup_key(model.id): model.id
            for provider in self.providers
            if provider.id in _SUGGESTED_FROM
            for model in provider.models
        }
        known |= {alias: alias for alias in ALIASES}
        near = difflib.get_close_matches(lookup_key(parsed.model), known, n=_SUGGESTIONS)
        return tuple(known[key] for key in near)

    def entries(self) -> Iterator[_Entry]:
        """Everything, provider by provider."""
        for provider in self.providers:
            for model in provider.models:
                yield _Entry(provider, model)

    def _at_hosts(self, parsed: ParsedName, form: str) -> Iterator[tuple[Provider, str]]:
        for place, host in enumerate(parsed.hosts, 1):
            provider = self._hosts.get(host)
            if provider is not None:
                # OpenRouter's own names have a maker in front: `anthropic/claude-sonnet-4.5`.
                yield provider, "/".join((*parsed.hosts[place:], form))
                yield provider, form

    def _at_makers(self, form: str) -> Iterator[tuple[Provider, str]]:
        return ((provider, form) for provider in self._makers(form))

    def _makers(self, model: str) -> Iterator[Provider]:
        base = base_of_fine_tune(model)
        for provider in self.providers:
            if provider.model_match is not None and provider.model_match.is_match(base):
                yield provider


@cache
def _load() -> _Registry:
    from genai_prices.data import providers

    return _Registry(providers)


def _registry() -> _Registry:
    # `cache` alone would let two threads build it at once.
    with _loading:
        return _load()


@lru_cache(maxsize=512)
def find_profile(name: str) -> ModelProfile | UnknownModel:
    """Say what is known of the model that `name` means.

    A tool's alias (`inherit`, `opus`, `Auto (copilot)`) is a profile without window and price. The
    answers are kept; the function may be called from several threads.
    """
    if len(name) > MAX_LENGTH:
        return UnknownModel(name, ())
    parsed = parse_name(name)
    alias = _alias(parsed)
    if alias is not None:
        return alias
    local = next((host for host in parsed.hosts if host in LOCAL_HOSTS), None)
    if local is not None:
        return _profile(parsed.model, local, parsed.window, None)
    registry = _registry()
    entry = registry.find(parsed)
    if entry is not None:
        profile = _from_entry(registry, entry)
        return replace(profile, window=parsed.window) if parsed.window else profile
    return _fine_tune(registry, parsed) or UnknownModel(name, registry.nearest(parsed))


def list_models(words: str = "") -> list[ModelProfile]:
    """Every model that is known, by provider and name: the rows of `promptls models`.

    With `words`, those whose `provider/name` holds each of them, in any case.
    """
    registry = _registry()
    wanted = words.lower().split()
    found = [
        _from_entry(registry, entry)
        for entry in registry.entries()
        if all(word in f"{entry.provider.id}/{entry.model.id}".lower() for word in wanted)
    ]
    return sorted(found, key=lambda row: (row.provider or "", row.name))


def _alias(parsed: ParsedName) -> ModelProfile | None:
    if parsed.model not in ALIASES:
        return None
    family = ALIASES[parsed.model]
    return ModelProfile(
        name=parsed.model,
        provider=ALIAS_PROVIDERS.get(family) if family else None,
        window=parsed.window,
        input_price=None,
        price_tiers=(),
        encoding=None,
        # Nothing is claimed for a model that nobody named: the count is what it is.
        accuracy="estimate" if family else "exact",
        family=family,
        is_alias=True,
    )


def _fine_tune(registry: _Registry, parsed: ParsedName) -> ModelProfile | None:
    base = base_of_fine_tune(parsed.model)
    entry = registry.find(replace(parsed, model=base)) if base != parsed.model else None
    if entry is None:
        return None
    # A fine-tune has its base model's window and tokenizer, not its price.
    profile = _from_entry(registry, entry)
    return replace(profile, name=parsed.model, input_price=None, price_tiers=())


def _from_entry(registry: _Registry, entry: _Entry) -> ModelProfile:
    return _profile(entry.model.id, entry.provider.id, registry.window(entry), entry.model)


def _profile(name: str, provider: str, window: int | None, model: ModelInfo | None) -> ModelProfile:
    price, tiers = (None, ()) if model is None else _input_price(model)
    encoding, accuracy, family = _tokenizer(name)
    return ModelProfile(name, provider, window, price, tiers, encoding, accuracy, family)


def _tokenizer(name: str) -> tuple[str | None, Accuracy, str]:
    plain = name.lower().rpartition("/")[2]
    encoding = published_encoding(plain)
    if encoding is not None:
        return encoding, "exact", OPENAI
    if is_presumed_openai(plain):
        return PRESUMED_ENCODING, "estimate", OPENAI_UNLISTED
    return None, "estimate", family_of(name)


def _input_price(model: ModelInfo) -> tuple[Decimal | None, tuple[tuple[int, Decimal], ...]]:
    from datetime import UTC, datetime

    from genai_prices.types import TieredPrices

    if not model.prices:
        return None, ()
    # Prices carry validity dates; an input price is absent where requests are priced otherwise.
    price = getattr(model.get_prices(datetime.now(UTC)), "input_mtok", None)
    if isinstance(price, TieredPrices):
        return price.base, tuple((tier.start, tier.price) for tier in price.tiers)
    return (price, ()) if isinstance(price, Decimal) else (None, ())
