"""A server of a few features, for the tests of the protocol under it."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import time
from pathlib import Path
from typing import Any

from promptls.lsp.protocol import collector, logs

collector.pause()

from lsprotocol import types  # noqa: E402

from promptls.lsp.protocol.dispatch import DEFER, Deferral  # noqa: E402
from promptls.lsp.protocol.parameters import InvalidParams  # noqa: E402
from promptls.lsp.protocol.server import HardenedServer  # noqa: E402
from promptls.lsp.protocol.serving import serve_stdio, serve_tcp  # noqa: E402

server = HardenedServer("demo", "1")
texts: dict[str, str] = {}
events: list[str] = []


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(params: types.DidOpenTextDocumentParams) -> None:
    texts[params.text_document.uri] = params.text_document.text


@server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def did_close(params: types.DidCloseTextDocumentParams) -> None:
    del texts[params.text_document.uri]


def change(message: dict[str, Any]) -> None:
    params = message["params"]
    uri = params["textDocument"]["uri"]
    if uri not in texts:
        raise InvalidParams("unknown document")
    texts[uri] = params["contentChanges"][-1]["text"]


def hints(message: dict[str, Any]) -> bytes | Deferral:
    uri = message["params"]["textDocument"]["uri"]
    if uri == "demo:bad":
        raise InvalidParams("no such document")
    if uri == "demo:crash":
        raise ValueError(uri)
    if uri == "demo:slow":
        return DEFER
    return json.dumps([{"label": texts.get(uri, ""), "position": {"line": 0, "character": 0}}],
                      separators=(",", ":")).encode()  # fmt: skip


server.fast(types.TEXT_DOCUMENT_DID_CHANGE, change)
server.fast(types.TEXT_DOCUMENT_INLAY_HINT, hints)


@server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
def slow_hints(params: types.InlayHintParams) -> list[types.InlayHint]:
    return [types.InlayHint(position=params.range.start, label="slow")]


@server.feature(types.TEXT_DOCUMENT_HOVER)
def hover(params: types.HoverParams) -> types.Hover | None:
    text = texts[params.text_document.uri]
    if "crash" in text:
        raise ValueError(f"cannot hover over {text}")
    return types.Hover(contents=text)


@server.feature("demo/echo")
def echo(params: Any) -> object:  # noqa: ANN401  (pygls gives an `object` the server)
    return params


@server.feature("demo/unserialisable")
def unserialisable(_params: None) -> object:
    return {"value": float("nan")}


@server.feature("demo/documents")
def documents(_params: None) -> dict[str, Any]:
    return {"texts": texts, "pygls": list(server.workspace.text_documents)}


@server.feature("demo/block")
def block(params: dict[str, float]) -> str:
    """Keep the loop busy, as no feature should."""
    time.sleep(params["seconds"])
    return "done"


@server.feature("demo/wait")
async def wait(params: dict[str, float]) -> str:
    events.append("started")
    try:
        await asyncio.sleep(params["seconds"])
    except asyncio.CancelledError:
        events.append("cancelled")
        raise
    events.append("finished")
    return "done"


@server.feature("demo/events")
def told_events(_params: None) -> list[str]:
    return events


@server.feature("demo/note")
async def note(params: str) -> None:
    raise ValueError(f"a note: {params}")


@server.feature("demo/spin")
def spin(_params: None) -> None:
    """Keep a thread of Python code busy for ever, one that would outlive the interpreter."""

    def turn() -> None:
        while True:
            pass

    threading.Thread(target=turn).start()


@server.feature("demo/print")
def print_text(params: str) -> None:
    print(params, flush=True)  # noqa: T201
    sys.__stdout__.write(params)  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


@server.feature("demo/ask")
async def ask(_params: None) -> object:
    return await server.workspace_configuration_async(
        types.ConfigurationParams(items=[types.ConfigurationItem(section="promptls")])
    )


@server.feature("demo/refuse-ask")
async def refuse_ask(_params: None) -> str:
    try:
        await server.workspace_inlay_hint_refresh_async(None)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "accepted"


@server.feature("demo/notify-from-thread")
def notify_from_thread(_params: None) -> None:
    threading.Thread(target=lambda: server.protocol.notify("demo/note", {"from": "thread"})).start()


@server.command("demo.wait")
async def wait_command(seconds: float) -> str:
    return await wait({"seconds": seconds})


@server.command("demo.add")
def add(left: int, right: int) -> int:
    return left + right


def main() -> int:
    level = logging.DEBUG if "--debug" in sys.argv else logging.INFO
    log_file = next((Path(a[6:]) for a in sys.argv if a.startswith("--log=")), None)
    logs.configure(log_file, level)
    if "--chatty" in sys.argv:  # a user who turns every logger of the libraries up
        for name in ("pygls", "pygls.protocol.json_rpc", "pygls.protocol.language_server"):
            logging.getLogger(name).setLevel(logging.DEBUG)
    if "--tcp" in sys.argv:
        return serve_tcp(server, "127.0.0.1", 0)
    if "--remote" in sys.argv:
        return serve_tcp(server, "0.0.0.0", 0)  # noqa: S104
    return serve_stdio(server)


if __name__ == "__main__":
    sys.exit(main())
