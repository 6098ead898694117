from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promptls.findings import Finding, Range
from promptls.settings import BudgetLimit, Layer, MachineSettings, Settings, SettingsStore
from promptls.settings.settings_file import MAX_BYTES, read_bytes
from promptls.settings.store import default_user_file


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "home" / "promptls.toml")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "w"
    (root / "a" / "b").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    return root


def only(findings: tuple[Finding, ...]) -> tuple[str, Range]:
    (finding,) = findings
    return finding.code, finding.range


def test_levels_from_the_document_to_the_user(root: Path, store: SettingsStore) -> None:
    store.user_file.write_text("debounce = 1\nmarkdown = 'all'\nmodel = 'user'")
    (root / "pyproject.toml").write_text("[tool.promptls]\ndebounce = 3\nmodel = 'root'")
    (root / "a" / "promptls.toml").write_text("[budget]\nwarn-at = 0.4")
    (root / "a" / "pyproject.toml").write_text("[tool.promptls]\nmodel = 'not read'")
    (root.parent / "promptls.toml").write_text("encoding = 'gpt2'")
    resolved = store.for_document(
        root / "a" / "b" / "x.md",
        root,
        {"debounce": 2, "hints": {"sections": False}},
        [Layer("directive", {"model": "near"}), Layer("front matter", {"model": "far"})],
    )
    found = resolved.settings
    assert (found.model, found.debounce, found.markdown) == ("near", 3, "all")
    assert (found.budget.warn_at, found.hints.sections, found.encoding) == (0.4, False, None)
    assert resolved.origins["model"] == "directive"
    assert resolved.origins["debounce"] == str(root / "pyproject.toml")
    assert resolved.origins["hints.sections"] == "client"
    assert resolved.looked_at == (
        *(folder / name for folder in (root / "a" / "b", root / "a", root)
          for name in ("promptls.toml", "pyproject.toml")),
        store.user_file,
    )  # fmt: skip
    assert resolved.problems == {
        root / "a" / "promptls.toml": (),
        root / "pyproject.toml": (),
        store.user_file: (),
    }


def test_documents_without_file_or_folder(root: Path, store: SettingsStore) -> None:
    (root / "promptls.toml").write_text("debounce = 3")
    assert store.for_document(None, root).settings.debounce == 3
    assert store.for_document(None, None).settings == Settings()
    assert store.for_document(root / "x.md", None).settings.debounce == 3
    assert store.for_document(root / "x.md", root / "a").settings.debounce == 3
    assert store.for_document(root / "a" / "x.md", None).settings.debounce == 150


def test_globs_are_relative_to_their_file(root: Path, store: SettingsStore) -> None:
    rule = "[[files]]\nglob = 'b/*.md'\ndocument = {}\n"
    (root / "a" / "promptls.toml").write_text(rule.format(7))
    store.user_file.write_text(rule.format(8))
    client = {"files": [{"glob": "/a/*.md", "dialect": "claude"}]}
    inner = store.for_document(root / "a" / "b" / "x.md", root, client)
    assert inner.settings.budget.document == BudgetLimit(tokens=7)
    other = store.for_document(root / "b" / "x.md", root, client)
    assert other.settings.budget.document == BudgetLimit(tokens=8)
    claimed = store.for_document(root / "a" / "x.md", root, client).rule
    assert claimed
    assert claimed.dialect == "claude"


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"debounce = ", "not-toml", (0, 0, 0, 11)),
        (b"a = 1\nx == 1\n", "not-toml", (1, 3, 1, 6)),
        (b"a = 1\r\nx == 1\r\n", "not-toml", (1, 3, 1, 6)),
        (b"a = [1,\n2\n", "not-toml", (1, 0, 1, 1)),
        ("x = '😀' y".encode(), "not-toml", (0, 9, 0, 10)),
        (b"model = '\0'", "not-toml", (0, 9, 0, 11)),
        (b"# caf\xe9\n", "not-toml", (0, 5, 0, 6)),
        (b"a = 1\n# \xf0\x9f\x98\x80\xff\n", "not-toml", (1, 4, 1, 5)),
        (b"\xff\xfea\x00\x00", "not-toml", (0, 1, 0, 2)),
        (b"a = " + b"9" * 5000, "not-toml", (0, 0, 0, 5004)),
        (b"a = 1\nx = " + b"[" * 10_000, "not-toml", (1, 68, 1, 10_004)),
        (b"x" + b".x" * 100_000 + b" = 1", "not-toml", (0, 128, 0, 200_005)),
        (b"#" * (MAX_BYTES + 1), "unreadable", (0, 0, 0, 0)),
        ("[budget]\n'😀' = 1".encode(), "unknown-key", (1, 0, 1, 4)),
        (b"\xef\xbb\xbfmarkdown = 5", "wrong-value", (0, 0, 0, 8)),
        ("markdown = 5".encode("utf-16"), "wrong-value", (0, 0, 0, 8)),
        (b"[[files]]\nglob = 'a'\n[[files]]\nglob = 5", "wrong-value", (3, 0, 3, 4)),
        (b"ignore = [\n'budget/*',\n'x']", "wrong-value", (0, 0, 0, 6)),
        (b"engine = 'tiktoken'", "machine-only", (0, 0, 0, 6)),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(
    root: Path, store: SettingsStore, content: bytes, code: str, place: tuple[int, int, int, int]
) -> None:
    file = root / "promptls.toml"
    file.write_bytes(content)
    resolved = store.for_document(root / "x.md", root)
    assert only(resolved.problems[file]) == (f"settings/{code}", Range.of(*place))
    assert resolved.settings.markdown == "prompts"


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"[project]\nname = 1", None, None),
        (b"not toml, and not ours", None, None),
        (b"[tool.ruff]\n[tool.promptls-other]\n", None, None),
        (b"tool = 5 # promptls", None, None),
        (b"[tool]\npromptls = 5", "wrong-value", (1, 0, 1, 8)),
        (b"[tool.promptls\n", "not-toml", (0, 0, 0, 14)),
        (b"[tool.promptls.budget]\nwarn_at = 2", "wrong-value", (1, 0, 1, 7)),
        (b"markdown = 5\n[tool.promptls]\nmarkdown = 5", "wrong-value", (2, 0, 2, 8)),
    ],
)
def test_pyproject(
    root: Path,
    store: SettingsStore,
    content: bytes,
    code: str | None,
    place: tuple[int, int, int, int] | None,
) -> None:
    file = root / "pyproject.toml"
    file.write_bytes(content)
    problems = store.for_document(root / "x.md", root).problems[file]
    if code is None or place is None:
        assert problems == ()
    else:
        assert only(problems) == (f"settings/{code}", Range.of(*place))


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.skipif(os.name != "posix", reason="these kinds of file are made the POSIX way")
@pytest.mark.parametrize("make", [_folder, _pipe, _loop])
def test_what_is_no_file_is_unreadable(
    root: Path, store: SettingsStore, make: Callable[[Path], None]
) -> None:
    file = root / "promptls.toml"
    make(file)
    resolved = store.for_document(root / "x.md", root)
    assert only(resolved.problems[file])[0] == "settings/unreadable"
    assert resolved.settings == Settings()


@pytest.mark.parametrize("name", ["x\0y", "n" * 300, "x.md/below-a-file"])
def test_impossible_paths_have_no_settings_files(
    root: Path, store: SettingsStore, name: str
) -> None:
    (root / "x.md").write_text("")
    resolved = store.for_document(root / name / "y.md", root)
    assert resolved.problems == {}


def test_client_and_document_problems(root: Path, store: SettingsStore) -> None:
    place = Range.of(1, 0, 1, 5)
    front_matter = Layer("front matter", {"budget": {"document": -1}}, {("budget",): place})
    client = {"engine": "tiktoken"}
    resolved = store.for_document(root / "x.md", root, client, [front_matter])
    assert only(resolved.document_problems) == ("settings/wrong-value", place)
    assert only(resolved.client_problems) == ("settings/machine-only", Range.of(0, 0, 0, 0))


@pytest.mark.parametrize("client", ["text", 5, [1], True])
def test_a_client_that_answers_nonsense(root: Path, store: SettingsStore, client: object) -> None:
    resolved = store.for_document(root / "x.md", root, client)
    assert only(resolved.client_problems)[0] == "settings/wrong-value"
    assert resolved.settings == Settings()


def test_machine_settings_nearest_first(root: Path, store: SettingsStore) -> None:
    (root / "promptls.toml").write_text("engine = 'tiktoken'")
    store.user_file.write_text("engine = 'quicktok'\nvocabulary-download = false\nmodel = 'm'")
    assert store.machine().settings == MachineSettings("quicktok", None, False)
    result = store.machine({"engine": "auto", "vocabularyFolder": "/v"}, {"engine": "tiktoken"})
    assert result.settings == MachineSettings("tiktoken", Path("/v"), False)
    assert result.problems == {store.user_file: ()}
    assert only(store.machine({"engine": 5}).client_problems)[0] == "settings/wrong-value"
    assert only(store.machine("text").client_problems)[0] == "settings/wrong-value"


def test_the_users_file_keeps_its_level_in_an_open_folder(store: SettingsStore, root: Path) -> None:
    store.user_file.write_text("engine = 'quicktok'\ndebounce = 1")
    home = store.user_file.parent
    resolved = store.for_document(home / "x.md", home, {"debounce": 2})
    assert resolved.problems == {store.user_file: ()}
    assert resolved.settings.debounce == 2


def test_changes_are_seen_and_unchanged_files_not_read_again(
    root: Path, store: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Path] = []

    def counted(path: Path) -> object:
        reads.append(path)
        return read_bytes(path)

    now = [0]
    monkeypatch.setattr("promptls.settings.store.read_bytes", counted)
    monkeypatch.setattr("promptls.settings.store.time.time_ns", lambda: now[0])
    file = root / "promptls.toml"

    def debounce() -> int:
        return store.for_document(root / "x.md", root).settings.debounce

    file.write_text("debounce = 1")
    now[0] = file.stat().st_ctime_ns + 1_000_000_000
    assert [debounce(), debounce(), len(reads)] == [1, 1, 2]  # just written: not trusted yet
    now[0] += 2_000_000_000
    assert [debounce(), debounce(), len(reads)] == [1, 1, 3]
    file.write_text("debounce = 22")
    assert debounce() == 22
    store.invalidate()
    assert debounce() == 22
    file.unlink()
    assert debounce() == 150


def test_the_users_file_is_in_the_configuration_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_user_file().name == "promptls.toml"
    assert default_user_file().parent.name == "promptls"


WORDS = rb"""[ ] { } = . , # \ " ' ''' 1 files glob budget debounce [[files]] 1979-05-27"""
PIECES = st.sampled_from([*WORDS.split(), b'"' * 3, b" ", b"\n", b"\r", b"\0", b"\xff"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=30).map(b"".join) | st.binary(max_size=60))
def test_any_content_is_answered(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "promptls.toml"
    file.write_bytes(content)
    resolved = SettingsStore(tmp_path / "none").for_document(tmp_path / "x.md", tmp_path)
    assert isinstance(resolved.problems[file], tuple)
