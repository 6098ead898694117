"""Fills `${var:name}` and `${env:NAME}` into the texts of an endpoint."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote

from promptls.prompts.references.model import NO_OPTIONS
from promptls.references.model import (
    Blocked,
    Failed,
    Found,
    Notice,
    ReferenceHandler,
    Request,
)
from promptls.references.policy import AccessPolicy

_PLACE = re.compile(r"\$\{(var|env):([^{}]*)\}")


class Filled(NamedTuple):
    """A text with its places filled in."""

    text: str
    shown: str
    """The same with its secrets left as they are written."""
    has_secret: bool
    """Whether something of the environment is in it, or a value that looks like a secret."""


def percent_encoded(value: str) -> str:
    """As part of a URL: nothing in it has a meaning there."""
    return quote(value, safe="", errors="replace")


def json_escaped(value: str) -> str:
    """Between the quotes of a JSON string."""
    return json.dumps(value)[1:-1]


def verbatim(value: str) -> str:
    """As it is."""
    return value


class _Value(NamedTuple):
    text: str
    is_secret: bool


class Substitution:
    """What may be filled in: the variables of a document, and what is allowed of the environment.

    Variables are looked for where `@var:` references look for them. Only for trusted workspaces.
    """

    def __init__(self, request: Request, variables: ReferenceHandler, policy: AccessPolicy) -> None:
        self._endpoint = request.target
        self._request = request
        self._variables = variables
        self._policy = policy

    def fill(self, text: str, encode: Callable[[str], str]) -> Filled | Blocked | Failed:
        """Fill a text in; or say which name is not defined or not allowed."""
        pieces: list[str] = []
        shown: list[str] = []
        has_secret = False
        end = 0
        for match in _PLACE.finditer(text):
            kind, name = match.groups()
            value = self._variable(name) if kind == "var" else self._environment(name)
            if not isinstance(value, _Value):
                return value
            before = text[end : match.start()]
            encoded = encode(value.text)
            pieces += (before, encoded)
            shown += (before, match[0] if value.is_secret else encoded)
            has_secret |= value.is_secret
            end = match.end()
        return Filled("".join(pieces) + text[end:], "".join(shown) + text[end:], has_secret)

    def _variable(self, name: str) -> _Value | Failed:
        request = replace(
            self._request, kind="var", target=name, options=NO_OPTIONS, certain=True, form=""
        )
        # The environment is written `${env:…}`, so that everyone sees what is sent.
        outcome = None if name.startswith("env:") else self._variables.resolve(request)
        if isinstance(outcome, Found):
            content = outcome.contents[0]
            text = self._variables.text(content, request)
            if text is not None:
                return _Value(text, content.secret or name in self._policy.environment)
        return Failed(
            Notice(
                "reference/undefined-variable",
                f"The endpoint `{self._endpoint}` uses the variable `{name}`, which is not "
                "defined. Define it in `vars` of the settings, in a variable file or in the "
                "front matter.",
            )
        )

    def _environment(self, name: str) -> _Value | Blocked | Failed:
        if name not in self._policy.environment:
            return Blocked(
                Notice(
                    "reference/blocked",
                    f"The endpoint `{self._endpoint}` is not asked: it uses `{name}` of the "
                    "environment, which is not allowed. Add the name to the machine setting "
                    "`environment` if it may be sent there.",
                )
            )
        value = os.environ.get(name)
        if value is not None:
            return _Value(value, True)
        return Failed(
            Notice(
                "reference/undefined-variable",
                f"The endpoint `{self._endpoint}` uses `{name}` of the environment, which is not "
                "set. Set it where the editor or the command is started.",
            )
        )
