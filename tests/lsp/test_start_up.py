"""What the server loads before it is asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from promptls.lsp.protocol.server import HardenedServer
from promptls.lsp.session import Session


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", "cl100k_base"),
        ('model = "gpt-4o"\n', "o200k_base"),
        ('model = "claude-sonnet-4-5"\n', "cl100k_base"),
        ('model = "gpt-4o"\nencoding = "cl100k_base"\n', "cl100k_base"),
        ('model = "nobody-knows-it"\n', "cl100k_base"),
    ],
)
def test_the_engine_that_the_workspace_asks_for_is_loaded(
    tmp_path: Path, settings: str, expected: str
) -> None:
    (tmp_path / "promptls.toml").write_text(settings)
    assert asyncio.run(_loaded(tmp_path)) == {expected}


async def _loaded(folder: Path) -> set[str]:
    session = Session(HardenedServer("promptls", "0"))
    session.folders = [folder]
    session.load_ahead()
    await session.shutdown()
    session.counting.executor.shutdown()
    return {name for name in ("cl100k_base", "o200k_base") if session.service.loaded(name)}
