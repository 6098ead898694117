from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.lsp.editor import Editor, running

Start = Callable[..., AbstractContextManager[Editor]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a server of one's own (see `running`); not initialized."""

    def begin(*options: str, **variables: str) -> AbstractContextManager[Editor]:
        return running(tmp_path, *options, **variables)

    return begin


@pytest.fixture(scope="module")
def shared_editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An initialized server for the tests of a module, with diagnostics pushed."""
    with running(tmp_path_factory.mktemp("shared")) as editor:
        editor.initialize()
        yield editor
        assert editor.wire.shutdown() == 0
        assert " ERROR " not in editor.wire.stderr


@pytest.fixture
def editor(shared_editor: Editor) -> Editor:
    """The same, with nothing left of the test before."""
    shared_editor.forget()
    return shared_editor
