"""Files are opened without being fooled."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from promptls.references.files.descriptor_paths import real_path_of
from promptls.references.files.opening import Folder, Opened, open_checked
from promptls.references.files.stamps import Stamp
from promptls.references.files.watching import PollingWatcher
from promptls.references.model import Blocked, Failed, NotFound
from promptls.references.policy import AccessPolicy


def test_what_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("text")
    (tmp_path / "link.md").symlink_to("a.md")
    policy = AccessPolicy((tmp_path,))
    opened = open_checked(str(tmp_path / "link.md"), policy)
    assert isinstance(opened, Opened)
    with opened:
        assert opened.path == str(tmp_path / "a.md")
        assert os.read(opened.handle, 10) == b"text"
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(opened.handle)
    assert open_checked(str(tmp_path), policy) == Folder(str(tmp_path))
    assert isinstance(open_checked(str(tmp_path / "none"), policy), NotFound)


def test_a_file_of_secrets_that_the_user_names(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KEY=1")
    policy = AccessPolicy((tmp_path,))
    assert isinstance(open_checked(str(tmp_path / ".env"), policy), Blocked)
    opened = open_checked(str(tmp_path / ".env"), policy, secrets=True)
    assert isinstance(opened, Opened)
    opened.close()


def descriptors() -> int:
    """How many this process has open, where the system tells."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    root = tmp_path / "work"
    root.mkdir()
    (tmp_path / "out.md").write_text("x")
    (root / ".env").write_text("x")
    (root / "out.md").symlink_to(tmp_path / "out.md")
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(root / "socket"))
        policy = AccessPolicy((root,))
        before = descriptors()
        for name in ("out.md", ".env", "pipe", "socket", "none", "../out.md"):
            found = open_checked(os.path.normpath(root / name), policy)
            assert isinstance(found, NotFound | Failed | Blocked)
        after = descriptors()
    assert after == before


def test_a_path_outside_is_not_even_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(*_: object) -> None:
        raise AssertionError("looked")

    policy = AccessPolicy((tmp_path / "work",))
    monkeypatch.setattr(os, "stat", look)
    monkeypatch.setattr(os, "open", look)
    assert isinstance(open_checked(str(tmp_path / "out.md"), policy), Blocked)


def test_what_becomes_a_link_or_a_pipe_after_it_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "work"
    root.mkdir()
    path = root / "a.md"
    (tmp_path / "out.md").write_text("secret")
    real = os.open
    for make, expected in (
        (lambda: path.symlink_to(tmp_path / "out.md"), Blocked),
        (lambda: os.mkfifo(path), Failed),
        (lambda: path.mkdir(), Failed),
        (lambda: None, NotFound),
    ):
        path.write_text("harmless")

        def swap(*arguments: object, make: object = make) -> int:
            path.unlink()
            make()  # type: ignore[operator]
            return real(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "open", swap)
        assert isinstance(open_checked(str(path), AccessPolicy((root,))), expected)
        monkeypatch.setattr(os, "open", real)
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)


def test_the_path_of_a_descriptor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.md", "b (deleted)"):
        path = tmp_path / name
        path.write_text("x")
        handle = os.open(path, os.O_RDONLY)
        try:
            state = os.fstat(handle)
            assert real_path_of(handle, str(path), state) == str(path)
            with monkeypatch.context() as patch:
                # As on a system that does not tell.
                patch.setattr(
                    "promptls.references.files.descriptor_paths._ask_system", lambda *_: None
                )
                assert real_path_of(handle, str(path), state) == str(path)
                path.rename(tmp_path / "moved")
                path.write_text("another")
                assert real_path_of(handle, str(path), state) is None
            (tmp_path / "moved").unlink()
            assert real_path_of(handle, str(path), state) is None
        finally:
            os.close(handle)


@pytest.mark.parametrize(
    ("written", "changed", "read_at", "settled"),
    [
        (100, 100, 102.5, True),
        (100, 100, 101, False),
        (100, 101, 102.5, False),
        (900, 100, 200, False),
    ],
)
def test_a_stamp_is_settled_two_seconds_after(
    written: int, changed: int, read_at: float, settled: bool
) -> None:
    stamp = Stamp(1, 2, 3, written * 10**9, changed * 10**9)
    assert stamp.settled(read_at) == settled


def test_stamp_text() -> None:
    assert Stamp(1, 2, 3, 4, 5).text() == "1:2:3:4:5"


def test_polling(tmp_path: Path) -> None:
    paths = {name: tmp_path / name for name in ("a", "b", "c")}
    paths["a"].write_text("1")
    paths["b"].write_text("1")
    watcher = PollingWatcher(paths.values())
    assert watcher.changed() == set()
    paths["a"].write_text("12")
    paths["b"].unlink()
    paths["c"].write_text("1")
    assert watcher.changed() == set(paths.values())
    assert watcher.changed() == set()
    paths["a"].write_text("123")
    # What is watched on is compared with what was seen before.
    watcher.watch([paths["a"]])
    paths["c"].write_text("12")
    assert watcher.changed() == {paths["a"]}
