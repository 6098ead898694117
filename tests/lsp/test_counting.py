"""Counting in the background ends when there is nothing left that it could count."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from tests.oracles.reference_encodings import tiktoken_engine

from promptls.lsp.counting import BackgroundCounting
from promptls.lsp.open_document import OpenDocument


def opened(text: str) -> OpenDocument:
    document = OpenDocument("untitled:a", None, None, "markdown", 1, text, "utf-16")
    document.prompt.count_with(tiktoken_engine("cl100k_base"))
    return document


async def counted(document: OpenDocument, *, stop: bool) -> None:
    done = asyncio.Event()
    counting = BackgroundCounting(cast(Any, None), lambda _: done.set())
    counting.start(document)
    if stop:
        document.prompt.stop_counting()
    await asyncio.wait_for(done.wait(), 10)
    counting.shutdown()


async def test_a_count_comes_to_its_end() -> None:
    document = opened("# A\nsome words\n" * 20_000)
    await counted(document, stop=False)
    assert document.prompt.tokens is not None


async def test_a_count_that_is_given_up_ends() -> None:
    document = opened("# A\nsome words\n" * 20_000)
    await counted(document, stop=True)
    assert document.prompt.tokens is None
