"""Where a document's references stand: what resolving them depends on."""

from __future__ import annotations

import os
from pathlib import Path

from promptls.prompts.dialects import DIALECTS, Dialect
from promptls.prompts.dialects.model import NATIVE_DEPTH
from promptls.references.expansion import Limits
from promptls.references.model import Reading, Site
from promptls.report.build import Context
from promptls.tokens.engine import Engine


def site_of(path: Path | None, root: Path | None, dialect: Dialect, context: Context) -> Site:
    """What the references of a document are resolved by; `path` and `root` are absolute."""
    settings = context.resolved.settings
    return Site(
        path=None if path is None else Path(os.path.realpath(path)),
        # A document outside of all folders may bring in what lies below its own.
        root=path.parent if root is None and path is not None else root,
        dialect=DIALECTS[dialect.name],
        samples=context.declared.samples,
        variables=settings.vars,
        variable_files=settings.variable_files,
        aliases=settings.aliases,
        endpoints=settings.endpoints,
        ttl_rules=settings.ttl,
        file_bytes=settings.limits.file_bytes,
        max_files=settings.limits.files,
    )


def reading_of(engine: Engine, dialect: Dialect) -> Reading:
    """How what a document brings in is measured, and read for references of its own."""
    return Reading(engine, DIALECTS[dialect.name] if dialect.transitive else None)


def limits_of(dialect: Dialect, context: Context) -> Limits:
    """How far a document's references are expanded."""
    # What a tool brings in that follows no imports is not read for any; our own references are.
    depth = dialect.depth if dialect.transitive else NATIVE_DEPTH
    return Limits(depth, context.resolved.settings.limits.expanded_bytes, dialect.repeats)
