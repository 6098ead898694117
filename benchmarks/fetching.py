"""Two hundred references to one URL: how often it is asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.local_source import LocalSource
from benchmarks.session import Session, open_frame
from benchmarks.table import Goal, Row

_IN_EACH = 100
"""References in each of two documents."""


def rows(bench: Bench) -> Iterator[Row]:
    """Two documents in one window, then one in each of two windows with one database."""
    with (
        LocalSource().serving() as source,
        bench.ours(hosts=[source.host], cache="fetch-one") as session,
    ):
        yield _row("200 references to one URL", source, [session, session])
    with (
        LocalSource().serving() as source,
        bench.ours(hosts=[source.host], cache="fetch-two") as one,
        bench.ours(hosts=[source.host], cache="fetch-two") as other,
    ):
        yield _row("  in two windows", source, [one, other])


def _row(what: str, source: LocalSource, sessions: list[Session]) -> Row:
    """Open a document in each session at once, and count the requests until all is resolved."""
    text = "# Status\n\n" + f"@api:{source.url}\n" * _IN_EACH
    opened = []
    start = time.perf_counter()
    for number, session in enumerate(sessions):
        uri = session.uri(f"status-{number}.md")
        session.client.write(open_frame(uri, text))
        opened.append((session, uri))
    for session, uri in opened:
        # Told of one document, the client may have been told of the other.
        while (report := session.report(uri))["pending"] or report["expandedTokens"] is None:
            session.client.wait_for_message(0.05)
        resolved = sum(each["status"] == "resolved" for each in report["references"])
        if resolved != _IN_EACH:
            raise ValueError(f"{resolved} of {_IN_EACH} references are resolved")
    seconds = time.perf_counter() - start
    return Row(
        what,
        source.requests,
        None,
        "-",
        Goal("requests", 1),
        note=f"two documents of {_IN_EACH}, opened at once; resolved after {seconds:.1f} s",
    )
