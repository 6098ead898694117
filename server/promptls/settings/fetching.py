"""What the settings say about fetching: named endpoints, and how long answers stay fresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from promptls.settings.addresses import HEADER_NAME, HEADER_VALUE, URL_PATTERN, Url
from promptls.settings.declaration import Setting
from promptls.settings.forms import Choice, NamedValues, Number, Text, WholeNumber

Method = Literal["GET", "POST"]

MAX_TTL = 31_536_000
"""Seconds: a year."""
MAX_TIMEOUT = 300
"""Seconds; nobody waits longer for a prompt."""
MAX_BODY = 100_000
"""Characters."""
MAX_ANSWER = 67_108_864
"""Bytes: 64 MB, as much as an expansion may have."""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """A source named in the settings. What may hold a secret is left out of its repr."""

    url: Annotated[
        str,
        Setting(
            Url(),
            "Where to ask. `${var:name}` and `${env:NAME}` are filled in, percent-encoded.",
            example="https://status.example.com/v1/${var:project}",
            secret=True,
        ),
    ] = field(repr=False)
    method: Annotated[
        Method, Setting(Choice(("GET", "POST")), "The request's method.", example="POST")
    ] = "GET"
    headers: Annotated[
        Mapping[str, str],
        Setting(
            NamedValues(HEADER_NAME, HEADER_VALUE),
            "Headers of the request, with `${var:name}` and `${env:NAME}` filled in. Secrets "
            "belong in the environment, never in the file.",
            example={"Authorization": "Bearer ${env:STATUS_TOKEN}"},
            secret=True,
        ),
    ] = field(default_factory=dict, repr=False)
    body: Annotated[
        str | None,
        Setting(
            Text("text", MAX_BODY),
            "What is sent, with `${var:name}` and `${env:NAME}` filled in.",
            example='{"state": "open"}',
            secret=True,
        ),
    ] = field(default=None, repr=False)
    extract: Annotated[
        str | None,
        Setting(
            Text("a JSONPath"),
            "The part of a JSON answer that is brought in; where it is not set, all of it.",
            example="$.items[*].title",
        ),
    ] = None
    ttl: Annotated[
        float | None,
        Setting(
            Number(0, MAX_TTL),
            "Seconds that an answer stays fresh, whatever the server says.",
            example=60,
        ),
    ] = None
    timeout: Annotated[
        float | None,
        Setting(Number(0.1, MAX_TIMEOUT), "Seconds to wait for the answer.", example=5),
    ] = None
    max_bytes: Annotated[
        int | None,
        Setting(
            WholeNumber(1, MAX_ANSWER),
            "The most that is read of an answer, in bytes after decompression.",
            example=100_000,
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class TtlRule:
    """How long the answers of some addresses stay fresh."""

    url: Annotated[
        str,
        Setting(
            URL_PATTERN,
            "Which addresses are meant; `*` stands for any characters.",
            example="https://api.example.com/*",
        ),
    ]
    seconds: Annotated[
        float, Setting(Number(0, MAX_TTL), "How long an answer stays fresh.", example=60)
    ]
