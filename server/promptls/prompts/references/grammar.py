"""Which references stand in a line, for one dialect."""

from __future__ import annotations

from operator import attrgetter

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.references.completion import CompletionContext, Completions
from promptls.prompts.references.forms import FOREIGN_FORMS, FORMS, Form
from promptls.prompts.references.kinds import extra_kinds
from promptls.prompts.references.masking import mask
from promptls.prompts.references.model import Reference
from promptls.prompts.references.native import NATIVE_KINDS, native_finder

GRAMMAR_VERSION = 1
"""Part of the keys of what is cached; another one whenever `find` gives other results."""

REFERENCE_LIMIT = 16_384
"""Characters of a line that are looked at; nobody writes a longer one by hand."""

_START = attrgetter("start")


class ReferenceGrammar:
    """Finds the references of a dialect. Making one costs little; it may be used by any thread."""

    def __init__(self, dialect: Dialect, extra: frozenset[str] | None = None) -> None:
        """Read `dialect`'s forms and the native ones, `@kind:target` of the kinds `extra` included.

        By default those are the kinds that packages have brought (`kinds`).
        """
        self.dialect = dialect
        more = extra_kinds() if extra is None else extra
        kinds = (*NATIVE_KINDS, *sorted(more.difference(NATIVE_KINDS)))
        find_native = native_finder(kinds)
        forms = [Form(f"@{kind}:", find_native) for kind in kinds]
        others = [FORMS[name] for name in dialect.forms]
        others += [
            FOREIGN_FORMS[name] for name in dialect.foreign_forms if name not in dialect.forms
        ]
        # At the same place, the first form counts.
        self._find_native = find_native
        self._others = tuple((form.trigger, form.find) for form in others)
        self._completions = Completions(dialect, kinds)
        self.triggers = _shortest([form.trigger for form in (*forms, *others)])
        """Strings one of which stands in every line that holds a reference."""

    def find(self, line: str) -> tuple[Reference, ...]:
        """The references of a line (without its line break), in order; they do not overlap.

        Only the first REFERENCE_LIMIT characters are looked at. Whether the line stands in a
        fence, a comment or front matter is not looked at.
        """
        is_cut = len(line) >= REFERENCE_LIMIT
        if is_cut:
            line = line[:REFERENCE_LIMIT]
        if not any(trigger in line for trigger in self.triggers):
            return ()
        masked = mask(line)
        found = list(self._find_native(line, masked)) if "@" in masked else []
        for trigger, find in self._others:
            if trigger in masked:
                found.extend(find(line, masked))
        if is_cut:
            # What reaches the limit may go on behind it.
            found = [reference for reference in found if reference.end < REFERENCE_LIMIT]
        return tuple(found) if len(found) < 2 else _without_overlaps(found)

    def completion_context(self, line: str, column: int) -> CompletionContext | None:
        """What is being written in front of a column (in characters), complete or not."""
        if column > REFERENCE_LIMIT:
            return None
        return self._completions.context(line[:REFERENCE_LIMIT], column)


def _shortest(triggers: list[str]) -> tuple[str, ...]:
    """The triggers that hold no other one."""
    distinct = sorted(set(triggers), key=len)
    return tuple(
        trigger
        for number, trigger in enumerate(distinct)
        if not any(shorter in trigger for shorter in distinct[:number])
    )


def _without_overlaps(found: list[Reference]) -> tuple[Reference, ...]:
    found.sort(key=_START)
    kept: list[Reference] = []
    end = 0
    for reference in found:
        if reference.start >= end:
            kept.append(reference)
            end = reference.end
    return tuple(kept)
