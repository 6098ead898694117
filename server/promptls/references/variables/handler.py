"""The handler of variables: from front matter, settings, variable files and the environment."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from promptls.references.files.failures import shown, uncounted
from promptls.references.model import (
    Blocked,
    Content,
    Deferred,
    Found,
    NotFound,
    Notice,
    Outcome,
    Request,
    Site,
)
from promptls.references.policy import AccessPolicy
from promptls.references.variables.files import VariableFiles, Variables
from promptls.references.variables.secrets import looks_secret
from promptls.tokens.errors import TokenError
from promptls.tokens.measure import measure

ENVIRONMENT = "env:"
"""In front of a target: the name of an environment variable."""

_MAX_COMPARED = 500
"""Names that are compared with one that nobody defines."""


class _Value(NamedTuple):
    text: str
    notices: tuple[Notice, ...] = ()


class VariableHandler:
    """Brings in the values of variables. Safe to call from several threads.

    The first of these that has the name decides: the document's front matter (samples and
    inputs), `vars` of the settings, the variable files in their order, the environment (`env:NAME`
    looks there alone; a plain name only if the user allows it), the default in the reference.
    """

    kind = "var"
    slow = False

    def __init__(self, policy: Callable[[], AccessPolicy]) -> None:
        self._policy = policy
        self._files = VariableFiles()

    def resolve(self, request: Request) -> Outcome:
        """Bring in the value; a template's variable that nobody defines is deferred."""
        value = self._value(request)
        if not isinstance(value, _Value):
            return value
        name, text = request.target, value.text
        try:
            part = measure(text, request.reading.engine)
        except TokenError as error:
            return uncounted(name, error)
        content = Content(
            key=f"var:{name}",
            name=name,
            hash=_hash(text),
            parts=(part,),
            size=part.size,
            notices=value.notices,
            secret=looks_secret(name, text),
        )
        return Found((content,))

    def text(self, content: Content, request: Request) -> str | None:
        """Look the value up again; None when it is not the one of `content` any more."""
        value = self._value(request)
        unchanged = isinstance(value, _Value) and _hash(value.text) == content.hash
        return value.text if isinstance(value, _Value) and unchanged else None

    def invalidate(self, keys: frozenset[str] | None) -> None:
        """Read the variable files again, if `keys` (None: all) has a variable."""
        if keys is None or any(key.startswith("var:") for key in keys):
            self._files.clear()

    def names(self, site: Site) -> tuple[str, ...]:
        """Give the names that can be used at a place, the nearest source first."""
        policy = self._policy()
        names = dict.fromkeys((*site.samples, *site.variables))
        for variables in self._read_files(site, policy):
            names.update(dict.fromkeys(variables.values))
        if policy.trusted:
            names.update(dict.fromkeys(sorted(policy.environment)))
        return tuple(names)

    def _value(self, request: Request) -> _Value | Outcome:
        policy, target = self._policy(), request.target
        problems: list[str] = []
        text = None
        if not target.startswith(ENVIRONMENT):
            text = self._declared(target, request.site, policy, problems)
        if text is None:
            of_environment = _environment(target, policy)
            if isinstance(of_environment, Blocked):
                return of_environment
            text = request.options.default if of_environment is None else of_environment
        if text is not None:
            return _Value(_sound(text), tuple(map(_file_notice, problems)))
        return self._undefined(request, problems) if request.certain else Deferred()

    def _declared(
        self, name: str, site: Site, policy: AccessPolicy, problems: list[str]
    ) -> str | None:
        """Look a name up where people declare variables; `problems` get the files passed over."""
        for values in (site.samples, site.variables):
            if name in values:
                return values[name]
        for variables in self._read_files(site, policy):
            if name in variables.values:
                return variables.values[name]
            if variables.problem:
                problems.append(variables.problem)
        return None

    def _undefined(self, request: Request, problems: list[str]) -> NotFound:
        from difflib import get_close_matches

        target = request.target
        if target.startswith(ENVIRONMENT):
            name = shown(target.removeprefix(ENVIRONMENT))
            message = f"`{name}` is not set in the environment of promptls. Set it and start again."
            return NotFound(Notice("reference/undefined-variable", message))
        names = islice(self.names(request.site), _MAX_COMPARED)
        near = tuple(get_close_matches(target, names, n=3))
        way_out = (
            f"Did you mean `{near[0]}`?"
            if near
            else "Define it in `vars` of the settings, in a variable file or in the front matter."
        )
        message = " ".join(
            (f"Nothing defines the variable `{shown(target)}`. {way_out}", *problems)
        )
        return NotFound(Notice("reference/undefined-variable", message, near))

    def _read_files(self, site: Site, policy: AccessPolicy) -> Iterator[Variables]:
        folder = site.root or (site.path and site.path.parent)
        if not site.variable_files or folder is None:
            return
        home = os.path.realpath(folder)
        for path in site.variable_files:
            name = path.relative_to(folder) if path.is_relative_to(folder) else path
            yield self._files.read(path, name.as_posix(), policy, home)


def _environment(target: str, policy: AccessPolicy) -> str | Blocked | None:
    """Look a name up in the environment, as far as the user allows."""
    name = target.removeprefix(ENVIRONMENT)
    listed = name in policy.environment
    if not listed and name == target:
        return None
    if listed and policy.trusted:
        return os.environ.get(name)
    if policy.trusted:
        reason = "it is not among the names that you allow"
        way_out = "Add it to the machine setting `environment`."
    else:
        reason = "the environment counts in trusted workspaces only"
        way_out = "Trust this workspace."
    message = f"The environment variable `{shown(name)}` is not read: {reason}. {way_out}"
    return Blocked(Notice("reference/blocked", message))


def _file_notice(problem: str) -> Notice:
    return Notice("reference/variable-file", f"A variable file is left out: {problem}")


def _sound(text: str) -> str:
    """Give a text as it is put in: without a final newline, and without half characters."""
    text = text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
