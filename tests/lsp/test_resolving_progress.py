"""Progress around the work of resolving: late, with an end, and with a way to stop it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from lsprotocol import types

from promptls.lsp import progress as progress_module
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.progress import WorkDoneProgress
from promptls.lsp.protocol.server import HardenedServer
from promptls.lsp.resolving_progress import ResolvingProgress


class Client:
    """Takes what the server says."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.tokens: list[str | int] = []
        self.protocol = self
        self.began = asyncio.Event()

    async def send_request_async(self, method: str, params: Any) -> None:  # noqa: ANN401
        assert method == types.WINDOW_WORK_DONE_PROGRESS_CREATE
        self.tokens.append(params.token)

    def notify(self, method: str, params: types.ProgressParams) -> None:
        assert method == types.PROGRESS
        self.told.append(params.value)
        self.began.set()


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(progress_module, "PROGRESS_AFTER", 0.02)
    monkeypatch.setattr(progress_module, "_REPORT_EVERY", 0.005)
    return Client()


def shown_by(client: Client, *, enabled: bool = True) -> WorkDoneProgress:
    progress = WorkDoneProgress(cast(HardenedServer, client))
    progress.enabled = enabled
    return progress


def document(waiting: int = 0) -> Any:  # noqa: ANN401
    prompt = SimpleNamespace(pending_references=waiting)
    return cast(OpenDocument, SimpleNamespace(path=None, uri="untitled:a", prompt=prompt))


async def test_short_work_shows_nothing(client: Client) -> None:
    async def work() -> None:
        await asyncio.sleep(0)

    assert await ResolvingProgress(shown_by(client)).around(document(), work())
    await asyncio.sleep(0.05)
    assert client.told == []
    assert client.tokens == []


async def test_long_work_tells_how_far_it_is(client: Client) -> None:
    one = document(4)

    async def work() -> None:
        await client.began.wait()
        one.prompt.pending_references = 1
        while not any(getattr(value, "percentage", None) == 75 for value in client.told):
            await asyncio.sleep(0.005)

    assert await ResolvingProgress(shown_by(client)).around(one, work())
    await asyncio.sleep(0)
    begin, *_, end = client.told
    assert (begin.title, begin.message, begin.percentage) == (
        "Resolving references",
        "untitled:a",
        0,
    )
    assert begin.cancellable
    assert isinstance(end, types.WorkDoneProgressEnd)


async def test_the_user_ends_it(client: Client) -> None:
    progress = shown_by(client)
    stopped = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    around = asyncio.ensure_future(ResolvingProgress(progress).around(document(), work()))
    await client.began.wait()
    progress.cancel("another")
    progress.cancel(client.tokens[0])
    assert await around is False
    assert stopped.is_set()
    await asyncio.sleep(0)
    assert isinstance(client.told[-1], types.WorkDoneProgressEnd)


async def test_whoever_waits_is_cancelled_with_the_work(client: Client) -> None:
    stopped = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    around = asyncio.ensure_future(ResolvingProgress(shown_by(client)).around(document(), work()))
    await client.began.wait()
    around.cancel()
    with pytest.raises(asyncio.CancelledError):
        await around
    assert stopped.is_set()


async def test_errors_come_through(client: Client) -> None:
    async def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await ResolvingProgress(shown_by(client)).around(document(), work())


async def test_a_client_without_progress(client: Client) -> None:
    async def work() -> None:
        await asyncio.sleep(0.05)

    assert await ResolvingProgress(shown_by(client, enabled=False)).around(document(), work())
    assert client.told == []
