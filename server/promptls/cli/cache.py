"""`promptls cache`: what is kept of earlier counts and fetches, and how to be rid of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

import click

from promptls.cache import Cache, CacheStats
from promptls.cache.location import locate
from promptls.cli.application import complain
from promptls.cli.escaping import escape
from promptls.cli.main import USAGE_ERROR
from promptls.cli.tables import Column, figure, show_table
from promptls.settings import SettingsStore

_COLUMNS = (Column("FIGURE"), Column("OF WHAT", is_figure=False))
_TRAFFIC = {
    "memory_hits": "found in memory",
    "database_hits": "found in the database",
    "misses": "not found",
    "writes": "records written",
}

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _with_database(function: Decorated) -> Decorated:
    return click.option(
        "--database",
        "url",
        metavar="URL",
        help="sqlite:///FILE or postgresql://SERVER/NAME. [default: `database.url` of your "
        "settings, else a file in your cache folder]",
    )(function)


@click.group(
    epilog="Example: promptls cache stats",
    short_help="Show, clear or prune what is kept.",
    no_args_is_help=False,
)
def command() -> None:
    """Show, clear or prune what is kept of earlier counts and fetches.

    All windows of an editor and all commands share one database.
    """


@command.command(
    epilog="Example: promptls cache stats --format json", short_help="Show what is kept."
)
@_with_database
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True
)
def stats(url: str | None, form: str) -> int:
    """Show what the database holds, and how often something was found in it.

    Exit code: 0, or 2 when the database cannot be used.
    """
    cache = _open(url)
    if cache is None:
        return USAGE_ERROR
    seen = cache.stats()
    cache.close()
    if form == "json":
        print(json.dumps(_json(seen), indent=2))
    else:
        _print_text(seen)
    return _code(seen)


@command.command(epilog="Example: promptls cache clear")
@_with_database
def clear(url: str | None) -> int:
    """Remove everything from the database.

    Exit code: 0, or 2 when the database cannot be used.
    """
    return _remove(url, Cache.clear)


@command.command(
    epilog="Example: promptls cache prune", short_help="Remove what was not used for long."
)
@_with_database
def prune(url: str | None) -> int:
    """Remove what was not used for 30 days, and more where the database is too large.

    The server does so by itself from time to time. Exit code: 0, or 2 when the database cannot be
    used.
    """
    return _remove(url, Cache.prune)


def _open(url: str | None) -> Cache | None:
    if url is None:
        database = SettingsStore().machine().settings.database
        if not database.enabled:
            complain("the setting `database.enabled` is false: nothing is kept")
            return None
        url = database.url
    if locate(url, None) is None:
        complain("this URL names no database: nothing is kept")
        return None
    return Cache(url, on_problem=lambda problem: complain(problem.message))


def _remove(url: str | None, remove: Callable[[Cache], int | None]) -> int:
    cache = _open(url)
    if cache is None:
        return USAGE_ERROR
    removed = remove(cache)
    cache.close()
    if removed is None:
        return USAGE_ERROR
    print(f"{figure(removed)} {'record' if removed == 1 else 'records'} removed")
    return 0


def _code(seen: CacheStats) -> int:
    return USAGE_ERROR if seen.total is None else 0


def _json(seen: CacheStats) -> dict[str, Any]:
    return {
        "location": seen.location,
        "bytes": seen.size,
        "rows": dict(seen.rows),
        "memoryHits": seen.total and seen.total.memory_hits,
        "databaseHits": seen.total and seen.total.database_hits,
        "misses": seen.total and seen.total.misses,
        "writes": seen.total and seen.total.writes,
        "problems": [asdict(problem) for problem in seen.problems],
    }


def _print_text(seen: CacheStats) -> None:
    print(escape(seen.location))
    if seen.total is None:
        return
    counted = [(figure(count), table) for table, count in seen.rows.items()]
    traffic = asdict(seen.total)
    asked = [(figure(traffic[name]), title) for name, title in _TRAFFIC.items()]
    show_table(_COLUMNS, [(figure(seen.size), "bytes"), *counted, *asked])
