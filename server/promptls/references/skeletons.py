"""Measures and references of a content as bytes: what the cache keeps of it."""

from __future__ import annotations

import json
from typing import Any

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.references import GRAMMAR_VERSION, extra_kinds
from promptls.prompts.references.model import Options, Reference
from promptls.references.model import Embedded, Part
from promptls.tokens.measure import Measure

FORMAT = 1
"""To be raised when what is written here, or how lines are told apart, changes."""

_OPTIONS = 10
_PROBLEM = 13
"""Which of a reference's fields, in their order, hold others."""


def reading_name(dialect: Dialect | None) -> str:
    """How a content was read for references, as a part of cache keys; "" for not at all."""
    if dialect is None:
        return ""
    return "+".join((f"{dialect.name}/{GRAMMAR_VERSION}.{FORMAT}", *sorted(extra_kinds())))


def dump_parts(parts: tuple[Part, ...]) -> bytes:
    """Write parts in compact JSON."""
    rows = [
        [part.head, part.tokens, part.tail, part.size]
        if isinstance(part, Measure)
        else [part.line, part.offset, *_reference_row(part.reference)]
        for part in parts
    ]
    return json.dumps(rows, separators=(",", ":")).encode()


def load_parts(data: bytes) -> tuple[Part, ...] | None:
    """Read what `dump_parts` wrote; None where it is something else."""
    try:
        rows = json.loads(data)
        return tuple(_part(row) for row in rows)
    except (LookupError, TypeError, ValueError, RecursionError):
        return None


def _part(row: list[Any]) -> Part:
    if len(row) == 4:
        head, tokens, tail, size = row
        return Measure(head, tokens, tail, size)
    line, offset, *fields = row
    lines, maximum, optional, default = fields[_OPTIONS]
    fields[_OPTIONS] = Options(tuple(lines) if lines else None, maximum, optional, default)
    if fields[_PROBLEM]:
        fields[_PROBLEM] = tuple(fields[_PROBLEM])
    return Embedded(Reference(*fields), line, offset)


def _reference_row(reference: Reference) -> list[Any]:
    """The fields in their order."""
    one = reference
    options = one.options
    return [
        *(one.start, one.end, one.kind, one.target, one.target_start, one.target_end),
        *(one.text, one.form, one.certain, one.placement),
        (options.lines, options.max, options.optional, options.default),
        *(one.deferred, one.loaded_by, one.problem, one.trailing),
    ]
