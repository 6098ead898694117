"""The server under pytest-lsp, with the capabilities of VS Code."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
import pytest_asyncio
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import ClientServerConfig, LanguageClient
from tests.lsp.editor import environment
from tests.lsp.vscode_capabilities import VSCODE
from tests.lsp.wire import TIMEOUT, python
from tests.oracles.reference_encodings import reference_count

T = TypeVar("T")
TEXT = "# Rôle 😀\nYou answer.\n\n## Style 漢字\n" + "Be brief. " * 20 + "\n"

pytestmark = pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")


class Code:
    """VS Code with one window; `refreshes` are the requests to look again."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client = client
        self.root = root
        self.refreshes: list[str] = []
        self.registered: list[str] = []
        self.version = 1
        for method in (
            types.WORKSPACE_INLAY_HINT_REFRESH,
            types.WORKSPACE_CODE_LENS_REFRESH,
        ):
            self._count(method)

        def register(params: types.RegistrationParams) -> None:
            self.registered += [item.method for item in params.registrations]

        client.feature(types.CLIENT_REGISTER_CAPABILITY)(register)

    def _count(self, method: str) -> None:
        def refresh(*_params: object) -> None:
            self.refreshes.append(method)

        self.client.feature(method)(refresh)

    def open(self, name: str, text: str) -> str:
        uri = (self.root / name).as_uri()
        item = types.TextDocumentItem(uri, "markdown", self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def type(self, uri: str, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        self.version += 1
        document = types.VersionedTextDocumentIdentifier(self.version, uri)
        range_ = types.Range(types.Position(*start), types.Position(*end))
        change = types.TextDocumentContentChangePartial(range_, text)
        params = types.DidChangeTextDocumentParams(document, [change])
        self.client.text_document_did_change(params)

    async def hints(self, uri: str) -> dict[tuple[int, int], str]:
        range_ = types.Range(types.Position(0, 0), types.Position(60, 0))
        params = types.InlayHintParams(types.TextDocumentIdentifier(uri), range_)
        hints = await self.client.text_document_inlay_hint_async(params)
        return {
            (hint.position.line, hint.position.character): str(hint.label) for hint in hints or ()
        }

    async def codes(self, uri: str) -> set[str]:
        document = types.TextDocumentIdentifier(uri)
        params = types.DocumentDiagnosticParams(document, identifier="promptls")
        report = await self.client.text_document_diagnostic_async(params)
        full = cast(types.RelatedFullDocumentDiagnosticReport, report)
        return {str(item.code) for item in full.items}

    def configure(self, settings: object) -> None:
        self.client.set_configuration(settings, section="promptls")
        params = types.DidChangeConfigurationParams(settings=None)
        self.client.workspace_did_change_configuration(params)


async def until(ask: Callable[[], Awaitable[T]], wanted: Callable[[T], bool]) -> T:
    deadline = time.monotonic() + TIMEOUT
    while not wanted(answer := await ask()):
        assert time.monotonic() < deadline, f"still {answer}"
        await asyncio.sleep(0.02)
    return answer


@pytest_asyncio.fixture
async def code(tmp_path: Path) -> AsyncIterator[Code]:
    config = ClientServerConfig(
        server_command=python("-m", "promptls", "server"), server_env=environment(tmp_path)
    )
    client = await config.start()
    assert isinstance(client, LanguageClient)
    code = Code(client, tmp_path / "workspace")
    capabilities = get_converter().structure(VSCODE, types.ClientCapabilities)
    folder = types.WorkspaceFolder(code.root.as_uri(), "workspace")
    result = await client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities, root_uri=folder.uri, workspace_folders=[folder]
        )
    )
    assert result.capabilities.position_encoding == types.PositionEncodingKind.Utf16
    assert result.capabilities.diagnostic_provider is not None
    yield code
    await client.shutdown_session()
    await cast(Any, client).stop()


def tok(text: str) -> str:
    return f"{reference_count('cl100k_base', text)} tok"


async def test_hints_appear_change_and_go(code: Code) -> None:
    head, style, words = "# Rôle 😀\nYou answer.\n\n", "## Style 漢字\n", "Be brief.\n"
    uri = code.open("prompts/a.md", head + style + words)
    assert await code.hints(uri) == {(0, 9): tok(head + style + words), (3, 11): tok(style + words)}
    words = "Please. " + words
    code.type(uri, (4, 0), (4, 0), "Please. ")
    assert await code.hints(uri) == {(0, 9): tok(head + style + words), (3, 11): tok(style + words)}
    more = "### 😀😀\n"
    code.type(uri, (5, 0), (5, 0), more)
    assert await code.hints(uri) == {
        (0, 9): tok(head + style + words + more),
        (3, 11): tok(style + words + more),
        (5, 8): tok(more),
    }
    code.type(uri, (0, 0), (6, 0), "")
    assert await code.hints(uri) == {}


async def test_diagnostics_appear_change_and_go(code: Code) -> None:
    code.client.set_configuration({"budget": {"section": 70}}, section="promptls")
    uri = code.open("prompts/a.md", TEXT)
    assert await code.codes(uri) == {"budget/section-exceeded", "budget/section-near"}
    code.type(uri, (4, 0), (4, 150), "")
    assert await code.codes(uri) == set()
    code.type(uri, (0, 0), (0, 0), "---\nmodel: none-such-model\n---\n")
    assert await code.codes(uri) == {"budget/unknown-model"}
    code.type(uri, (1, 0), (2, 0), "")
    assert await code.codes(uri) == set()
    assert code.client.diagnostics == {}  # nothing was pushed


async def test_settings_bring_a_refresh(code: Code) -> None:
    uri = code.open("prompts/a.md", TEXT)
    await code.hints(uri)
    code.refreshes.clear()
    pulls = code.client.diagnostic_refresh_count
    code.configure({"budget": {"document": 10}})
    assert await code.codes(uri) == {"budget/document-exceeded"}

    async def refreshes() -> int:
        return len(code.refreshes)

    await until(refreshes, lambda number: number >= 2)
    assert set(code.refreshes) == {
        types.WORKSPACE_INLAY_HINT_REFRESH,
        types.WORKSPACE_CODE_LENS_REFRESH,
    }
    assert code.client.diagnostic_refresh_count > pulls
    assert types.WORKSPACE_DID_CHANGE_WATCHED_FILES in code.registered


async def test_references(code: Code) -> None:
    (code.root / "prompts").mkdir(parents=True)
    (code.root / "prompts/guide.md").write_text("be kind")
    uri = code.open("prompts/a.md", "😀 @file:guide.md @file:guid.md @file:g\n")
    document = types.TextDocumentIdentifier(uri)
    known, missing, begun = (types.Position(0, column) for column in (8, 26, 41))
    client = code.client

    async def links() -> list[types.DocumentLink]:
        params = types.DocumentLinkParams(document)
        return list(await client.text_document_document_link_async(params) or ())

    (link,) = await until(links, lambda found: len(found) == 1)
    guide = (code.root / "prompts/guide.md").as_uri()
    assert (link.target, link.range.start.character) == (guide, 9)
    (place,) = cast(
        list[types.LocationLink],
        await client.text_document_definition_async(types.DefinitionParams(document, known)),
    )
    assert place.target_uri == guide
    hover = await client.text_document_hover_async(types.HoverParams(document, known))
    assert hover is not None
    assert "be kind" in cast(types.MarkupContent, hover.contents).value
    completion = await client.text_document_completion_async(
        types.CompletionParams(document, begun)
    )
    assert isinstance(completion, types.CompletionList)
    assert [item.label for item in completion.items] == ["guide.md"]
    tokens = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(document)
    )
    assert tokens is not None
    assert list(tokens.data[:5]) == [0, 3, 6, 0, 0]
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            document, types.Range(missing, missing), types.CodeActionContext(diagnostics=[])
        )
    )
    titles = [action.title for action in actions or ()]
    assert titles == ["Change to “guide.md”", "Make the file “prompts/guid.md”"]
