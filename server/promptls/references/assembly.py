"""All handlers put together: the built-in ones and those of packages that the user names."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from importlib.metadata import entry_points

from promptls.cache import Cache
from promptls.prompts.references import add_kinds
from promptls.references.files.locating import OpenDocuments
from promptls.references.model import ReferenceHandler
from promptls.references.policy import AccessPolicy
from promptls.references.resolver import Resolver

PLUGINS = "promptls.references"
"""The entry point group of handlers."""

logger = logging.getLogger(__name__)


def make_resolver(
    policy: Callable[[], AccessPolicy],
    cache: Cache,
    *,
    open_documents: OpenDocuments | None = None,
    plugins: Iterable[str] = (),
    checkpoint: Callable[[], None] = lambda: None,
) -> Resolver:
    """Make the handlers; a plugin that fails to load is left out, with an error in the log."""
    from promptls.references.api.handler import ApiHandler
    from promptls.references.files.handler import FileHandler
    from promptls.references.variables.handler import VariableHandler

    handlers: list[ReferenceHandler] = [
        FileHandler(policy, cache, open_documents, checkpoint=checkpoint),
        ApiHandler(policy, cache),
        VariableHandler(policy),
    ]
    brought = _plugins(frozenset(plugins))
    add_kinds(handler.kind for handler in brought)
    handlers += brought
    return Resolver(handlers)


def _plugins(names: frozenset[str]) -> list[ReferenceHandler]:
    if not names:
        return []
    found: list[ReferenceHandler] = []
    for entry in entry_points(group=PLUGINS):
        if entry.name in names:
            try:
                found.append(entry.load()())
            except Exception as error:
                logger.error("the plugin %s failed to load: %s", entry.name, type(error).__name__)
    return found
