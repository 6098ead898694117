"""The client's settings: asked for per document, or pushed where it cannot be asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from promptls.lsp.protocol.logs import describe

if TYPE_CHECKING:
    from promptls.lsp.client import Client
    from promptls.lsp.protocol.server import HardenedServer

SECTION = "promptls"
ANSWER_WITHIN = 2.0
"""Seconds that reports and hints wait for the client's first answer."""
SETTINGS_FILES = ("promptls.toml", "pyproject.toml")

logger = logging.getLogger(__name__)


class _Question(NamedTuple):
    task: asyncio.Task[object]
    until: float
    """Time of the loop after which nothing waits for the answer."""


class ClientSettings:
    """What the client answered, by document.

    `came_late` is told the URI of a document whose answer came after it was waited for.
    """

    def __init__(self, server: HardenedServer, came_late: Callable[[str], None]) -> None:
        self._server = server
        self._came_late = came_late
        self._client: Client | None = None
        self._asked: dict[str, _Question] = {}
        self._options: object = None
        self._pushed: object = None

    def connect(self, client: Client) -> None:
        """Begin, once the client's abilities are known."""
        self._client = client
        self._options = self._pushed = client.settings

    def changed(self, settings: object) -> None:
        """The client says that settings changed, and perhaps which they are now."""
        if isinstance(settings, dict) and SECTION in settings:
            self._pushed = settings[SECTION]
        self._asked.clear()

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._asked.pop(uri, None)

    async def of(self, uri: str) -> object:
        """The client's settings for a document; what is known when it does not answer in time."""
        if self._client is None or not self._client.configuration:
            return self._pushed
        loop = asyncio.get_running_loop()
        question = self._asked.get(uri)
        if question is None:
            task = asyncio.ensure_future(self._ask(uri))
            task.add_done_callback(lambda done: self._answered(uri, done))
            question = self._asked[uri] = _Question(task, loop.time() + ANSWER_WITHIN)
        left = question.until - loop.time()
        if left > 0:
            await asyncio.wait([question.task], timeout=left)
        return question.task.result() if question.task.done() else self._pushed

    async def _ask(self, uri: str) -> object:
        item = types.ConfigurationItem(scope_uri=uri, section=SECTION)
        params = types.ConfigurationParams(items=[item])
        try:
            answer = await self._server.protocol.send_request_async(
                types.WORKSPACE_CONFIGURATION, params
            )
        except Exception as error:
            logger.warning("the client did not give its settings: %s", describe(error))
            return self._pushed
        # lsprotocol makes a tuple of the array.
        given = next(iter(answer), None) if isinstance(answer, (list, tuple)) else None
        # Null where nothing is set (any more): of what was told before, the options alone hold.
        return self._options if given is None else given

    def _answered(self, uri: str, task: asyncio.Task[object]) -> None:
        question = self._asked.get(uri)
        if question is None or question.task is not task:
            return
        if asyncio.get_running_loop().time() > question.until:
            self._came_late(uri)

    async def register(self) -> None:
        """Ask to be told of changes to settings and to settings files, where that is possible."""
        client = self._client
        if client is None:
            return
        registrations = []
        if client.configuration_registration:
            registrations.append(
                types.Registration(
                    id="promptls-settings",
                    method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                    register_options={"section": SECTION},
                )
            )
        if client.watch_registration:
            # References may name any file, and settings lie anywhere.
            watchers: list[dict[str, Any]] = [{"globPattern": "**/*"}]
            registrations.append(
                types.Registration(
                    id="promptls-files",
                    method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                    register_options={"watchers": watchers},
                )
            )
        if not registrations:
            return
        try:
            await self._server.protocol.send_request_async(
                types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams(registrations)
            )
        except Exception as error:
            logger.warning("the client refused to register: %s", describe(error))
