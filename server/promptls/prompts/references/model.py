"""A reference as it is written, before anybody has looked for what it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Self

Placement = Literal["inline", "attached", "none"]
"""Where content goes: in the reference's place, after the prompt, or nowhere."""


@dataclass(frozen=True, slots=True)
class Options:
    """What stands behind the `?` (or the `#L10-L40`) of a reference."""

    lines: tuple[int, int | None] | None = None
    """First and last line, counted from 1, both included; last None: to the end."""
    max: int | None = None
    """The reference's own budget in tokens."""
    optional: bool = False
    """What is not found is no finding."""
    default: str | None = None
    """The value of a variable that nobody defines (`${env:NAME:default}`)."""


NO_OPTIONS = Options()


class Spec(tuple[object, ...]):
    """All of a reference but its place, the kind first. Hashed once: it is the key of many maps."""

    _hash: int

    def __new__(cls, values: tuple[object, ...]) -> Self:
        """Take the values of the fields that decide."""
        spec = super().__new__(cls, values)
        spec._hash = tuple.__hash__(spec)
        return spec

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference in one line. Columns count characters (code points) of the line from 0."""

    start: int
    end: int
    kind: str
    """`file`, `api`, `var`, or the kind of a handler that a package brings."""
    target: str
    """What is named: a path, glob, URL, endpoint or variable, without quotes, escapes, options."""
    target_start: int
    target_end: int
    """Where the target stands as written, quotes left out: what a rename replaces."""
    text: str
    """The whole reference as written; what stays in the rendered prompt if it does not resolve."""
    form: str
    """`native`, or a name in `forms.FORMS`: `at-import`, `hash-file`, `markdown-link`, …"""
    certain: bool
    """Whether it is a finding when it does not resolve; else it is no reference then."""
    placement: Placement = "inline"
    options: Options = NO_OPTIONS
    deferred: bool = False
    """Known only at run time (`$ARGUMENTS`), so that nobody looks for it. A `template` or `input`
    variable is not: it may have a sample."""
    loaded_by: str = ""
    """Not "": the file's dialect does not load this form; who does, in words for a reader."""
    problem: tuple[str, str] | None = None
    """(finding code, message) of a mistake that stands in the reference itself."""
    trailing: str = ""
    """Punctuation that breaks the reference, written right behind `end`. It is a `problem` where
    the reference is certain; else only if there is something of that name."""

    _spec: Spec | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def spec(self) -> Spec:
        """Equal for references that resolve alike from the same file; made once."""
        if self._spec is None:
            spec = Spec(
                (
                    self.kind,
                    self.target,
                    self.form,
                    self.certain,
                    self.placement,
                    self.options,
                    self.deferred,
                    self.loaded_by,
                    self.problem,
                    self.trailing,
                )
            )
            object.__setattr__(self, "_spec", spec)
        assert self._spec is not None  # noqa: S101 - just made
        return self._spec
