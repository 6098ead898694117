"""Asks the API handler as the resolver does, with time and network in a test's hand."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.oracles.reference_encodings import tiktoken_engine

from promptls.cache import Cache
from promptls.prompts.dialects import MARKDOWN
from promptls.prompts.references.model import Options
from promptls.references.api.handler import ApiHandler
from promptls.references.api.network import Network
from promptls.references.model import (
    Content,
    Found,
    Outcome,
    Reading,
    ReferenceHandler,
    Request,
    Site,
)
from promptls.references.policy import AccessPolicy
from promptls.settings.fetching import EndpointSettings

NOW = 1_700_000_000.0


@dataclass
class Time:
    """A clock that goes on when somebody sleeps, or a test says so."""

    now: float = NOW
    pauses: list[float] = field(default_factory=list)

    def clock(self) -> float:
        """Seconds since 1970."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Take no time at all."""
        self.pauses.append(seconds)
        self.now += seconds


class RealTime(Time):
    """The time of the system: for what waits for another process."""

    def clock(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass
class Asker:
    """A handler with what surrounds it."""

    policy: AccessPolicy
    time: Time
    handler: ReferenceHandler

    def request(
        self,
        target: str,
        endpoint: EndpointSettings | None = None,
        **site: Any,  # noqa: ANN401 - fields of Site, and `options`
    ) -> Request:
        """A reference to a URL, or to an endpoint of that name."""
        options = site.pop("options", Options())
        if endpoint is not None:
            site["endpoints"] = {target: endpoint}
        return Request(
            kind="api",
            target=target,
            site=Site(None, None, MARKDOWN, **site),
            reading=Reading(tiktoken_engine("o200k_base"), None),
            options=options,
        )

    def resolve(
        self,
        target: str,
        endpoint: EndpointSettings | None = None,
        **site: Any,  # noqa: ANN401 - fields of Site, and `options`
    ) -> Outcome:
        """What becomes of a reference."""
        return self.handler.resolve(self.request(target, endpoint, **site))

    def content(
        self,
        target: str,
        endpoint: EndpointSettings | None = None,
        **site: Any,  # noqa: ANN401 - fields of Site, and `options`
    ) -> Content:
        """The content of a reference that resolves."""
        outcome = self.resolve(target, endpoint, **site)
        assert isinstance(outcome, Found), outcome
        return outcome.contents[0]

    def text(
        self,
        target: str,
        endpoint: EndpointSettings | None = None,
        **site: Any,  # noqa: ANN401 - fields of Site, and `options`
    ) -> str:
        """The text of a reference that resolves."""
        request = self.request(target, endpoint, **site)
        outcome = self.handler.resolve(request)
        assert isinstance(outcome, Found), outcome
        text = self.handler.text(outcome.contents[0], request)
        assert text is not None
        return text

    def allow(self, **changes: Any) -> None:  # noqa: ANN401
        """Change the policy."""
        self.policy = replace(self.policy, **changes)


def asker(
    *hosts: str,
    trusted: bool = True,
    network: Network | None = None,
    environment: tuple[str, ...] = (),
    cache: Cache | None = None,
    time: Time | None = None,
    root: Path | None = None,
) -> Asker:
    """A handler that may ask these hosts."""
    time = time or Time()
    policy = AccessPolicy(
        roots=() if root is None else (root,),
        trusted=trusted,
        hosts=hosts,
        environment=frozenset(environment),
    )
    made: Asker
    handler = ApiHandler(
        lambda: made.policy, cache, clock=time.clock, sleep=time.sleep, network=network
    )
    made = Asker(policy, time, handler)
    return made
