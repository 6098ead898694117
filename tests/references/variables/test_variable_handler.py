from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.oracles.reference_encodings import reference_count

from promptls.findings import CATALOGUE
from promptls.prompts.dialects import DIALECTS
from promptls.prompts.references.model import Options
from promptls.references.files.opening import open_checked
from promptls.references.model import (
    Blocked,
    Content,
    Deferred,
    Failed,
    Found,
    NotFound,
    Reading,
    Request,
    Site,
)
from promptls.references.policy import AccessPolicy
from promptls.references.variables import VariableHandler
from promptls.references.variables.files import MAX_BYTES
from promptls.references.variables.formats import read_variables
from promptls.tokens.engine import Engine, load_engine
from promptls.tokens.errors import EngineError
from promptls.tokens.measure import Measure, total
from promptls.tokens.vocabularies import VocabularySource

FILES = "promptls.references.variables.files"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine("cl100k_base", "tiktoken", VocabularySource())


class Place:
    """A workspace with a handler."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self.root = root
        self.policy = AccessPolicy(roots=(root,), trusted=True)
        self.handler = VariableHandler(lambda: self.policy)
        self.site = Site(root / "x.md", root, DIALECTS["markdown"])
        self.engine = engine

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        return path

    def request(self, target: str, *, default: str | None = None, certain: bool = True) -> Request:
        reading = Reading(self.engine, None)
        options = Options(default=default)
        return Request("var", target, self.site, reading, options, certain)

    def content(self, target: str, *, default: str | None = None) -> Content:
        outcome = self.handler.resolve(self.request(target, default=default))
        assert isinstance(outcome, Found), outcome
        (content,) = outcome.contents
        return content

    def value(self, target: str, *, default: str | None = None) -> str:
        request = self.request(target, default=default)
        text = self.handler.text(self.content(target, default=default), request)
        assert text is not None
        return text

    def missing(self, target: str) -> NotFound:
        outcome = self.handler.resolve(self.request(target))
        assert isinstance(outcome, NotFound), outcome
        assert outcome.notice.code == "reference/undefined-variable"
        return outcome


@pytest.fixture
def place(tmp_path: Path, engine: Engine) -> Place:
    root = tmp_path / "w"
    root.mkdir()
    return Place(root, engine)


SOURCES = ("sample", "setting", "toml", "yaml", "environment", "default")


@pytest.mark.parametrize("first", range(len(SOURCES)))
def test_the_nearest_source_decides(
    place: Place, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    present = set(SOURCES[first:])
    paths = place.root / "a.toml", place.root / "b.yaml"
    place.write("a.toml", "NAME = 'toml'" if "toml" in present else "x = 1")
    place.write("b.yaml", "NAME: yaml" if "yaml" in present else "x: 1")
    if "environment" in present:
        monkeypatch.setenv("NAME", "environment")
    else:
        monkeypatch.delenv("NAME", raising=False)
    place.policy = replace(place.policy, environment=frozenset({"NAME"}))
    place.site = replace(
        place.site,
        samples={"NAME": "sample"} if "sample" in present else {},
        variables={"NAME": "setting"} if "setting" in present else {},
        variable_files=paths,
    )
    assert place.value("NAME", default="default") == SOURCES[first]


@pytest.mark.parametrize("target", ["env:NAME", "NAME"])
def test_the_environment_by_its_own_name(
    place: Place, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setenv("NAME", "of the environment")
    place.policy = replace(place.policy, environment=frozenset({"NAME"}))
    assert place.value(target) == "of the environment"
    place.site = replace(place.site, variables={"NAME": "of the settings"})
    # `env:` names the environment alone.
    assert (place.value(target) == "of the environment") is (target == "env:NAME")


@pytest.mark.parametrize(
    ("target", "trusted", "names", "words"),
    [
        ("env:NAME", True, (), "Add it to the machine setting `environment`"),
        ("env:NAME", False, ("NAME",), "Trust this workspace"),
        ("env:NAME", False, (), "Trust this workspace"),
        ("NAME", False, ("NAME",), "Trust this workspace"),
    ],
)
def test_the_environment_is_blocked(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
    trusted: bool,
    names: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.setenv("NAME", "hunter2")
    place.policy = replace(place.policy, trusted=trusted, environment=frozenset(names))
    for default in (None, "x"):
        outcome = place.handler.resolve(place.request(target, default=default))
        assert isinstance(outcome, Blocked)
        assert outcome.notice.code == "reference/blocked"
        assert words in outcome.notice.message
        assert "hunter2" not in outcome.notice.message


def test_a_name_of_the_environment_that_is_not_listed_is_undefined(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAME", "x")
    place.missing("NAME")


def test_an_allowed_name_that_is_not_set(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NAME", raising=False)
    place.policy = replace(place.policy, environment=frozenset({"NAME"}))
    assert place.value("env:NAME", default="fallback") == "fallback"
    assert "is not set in the environment" in place.missing("env:NAME").notice.message


@pytest.mark.parametrize(
    ("defined", "wanted", "near"),
    [
        ({"project": "x", "owner": "y"}, "projct", ("project",)),
        ({"project.name": "x", "project.names": "x"}, "project.nam", None),
        ({"owner": "y"}, "zzz", ()),
        ({}, "a\nb", ()),
    ],
)
def test_undefined_variables_and_their_nearest(
    place: Place, defined: Mapping[str, str], wanted: str, near: tuple[str, ...] | None
) -> None:
    place.site = replace(place.site, variables=defined)
    notice = place.missing(wanted).notice
    assert sorted(notice.replacements) == sorted(defined if near is None else near)
    assert ("Did you mean" in notice.message) is bool(notice.replacements)
    assert notice.message.isprintable()


def test_a_templates_variable_is_deferred_without_a_value(place: Place) -> None:
    assert place.handler.resolve(place.request("question", certain=False)) == Deferred()
    place.site = replace(place.site, samples={"question": "Why?"})
    assert isinstance(place.handler.resolve(place.request("question", certain=False)), Found)


@pytest.mark.parametrize("text", ["", "x", "Grüße 😀\nzwei", "half \ud800 pair", "a " * 5000])
def test_a_value_is_measured_exactly(place: Place, text: str) -> None:
    place.site = replace(place.site, variables={"v": text})
    content = place.content("v")
    (part,) = content.parts
    assert isinstance(part, Measure)
    sound = place.value("v")
    assert total(part, place.engine) == reference_count("cl100k_base", sound)
    assert content.size == part.size == len(sound.encode())
    assert (content.key, content.name, content.uri) == ("var:v", "v", None)


@pytest.mark.parametrize(
    ("text", "expected"), [("x\n", "x"), ("x\r\n", "x"), ("x\n\n", "x\n"), ("x\r", "x\r")]
)
def test_a_final_newline_is_dropped(place: Place, text: str, expected: str) -> None:
    place.site = replace(place.site, variables={"v": text})
    assert place.value("v") == expected


def test_a_value_that_cannot_be_counted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str, engine: Engine) -> Measure:
        raise EngineError("The tokenizer failed.", "Report it.")

    monkeypatch.setattr("promptls.references.variables.handler.measure", fail)
    place.site = replace(place.site, variables={"v": "x"})
    outcome = place.handler.resolve(place.request("v"))
    assert isinstance(outcome, Failed)
    assert "The tokenizer failed. Report it." in outcome.notice.message


def test_secrets_are_marked(place: Place) -> None:
    place.site = replace(place.site, variables={"api_key": "x", "project": "x"})
    assert place.content("api_key").secret
    assert not place.content("project").secret


def test_a_text_that_changed_is_not_given(place: Place) -> None:
    place.site = replace(place.site, variables={"v": "one", "w": "same"})
    before = place.content("v"), place.content("w")
    place.site = replace(place.site, variables={"v": "two", "w": "same"})
    assert place.handler.text(before[0], place.request("v")) is None
    assert place.handler.text(before[1], place.request("w")) == "same"
    assert place.content("v").hash != before[0].hash
    assert place.content("w").hash == before[1].hash


def test_the_names_that_can_be_used(place: Place) -> None:
    place.policy = replace(place.policy, environment=frozenset({"E"}))
    place.site = replace(
        place.site,
        samples={"a": ""},
        variables={"b": "", "a": ""},
        variable_files=(place.write("v.yaml", "c: {d: 1}"),),
    )
    assert place.handler.names(place.site) == ("a", "b", "c", "c.d", "E")
    place.policy = replace(place.policy, trusted=False)
    assert place.handler.names(place.site) == ("a", "b", "c", "c.d")


@pytest.mark.parametrize(
    ("name", "trusted", "expected"),
    [
        (".env", True, "x"),
        (".env.local", True, "x"),
        (".env", False, "count in trusted workspaces only"),
        ("test.env", False, "count in trusted workspaces only"),
        (".env.example", False, "x"),
        ("vars.toml", False, "x"),
        ("../outside.toml", True, "outside of the workspace"),
        ("../outside.toml", False, "outside of the workspace"),
        ("credentials.toml", True, "credentials"),
        ("missing.toml", True, "There is no file"),
        ("folder.toml", True, "it is a folder"),
        ("vars.ini", True, "its name must end in"),
        ("large.toml", True, "more than 262,144 bytes"),
        ("latin.toml", True, "not text in UTF-8"),
        ("wide.toml", True, "x"),
        ("marked.toml", True, "x"),
        ("wrong.toml", True, "not valid"),
    ],
)
def test_which_files_are_read(place: Place, name: str, trusted: bool, expected: str) -> None:
    place.policy = replace(place.policy, trusted=trusted)
    text = 'NAME = "x"'
    for each in (".env", ".env.local", "test.env", ".env.example", "vars.toml", "vars.ini"):
        place.write(each, text)
    place.write("../outside.toml", text)
    place.write("credentials.toml", text)
    place.write("large.toml", "#" * MAX_BYTES + "\n" + text)
    place.write("wrong.toml", text + "\n?")
    (place.root / "folder.toml").mkdir()
    (place.root / "latin.toml").write_bytes(b'NAME = "\xe4"')
    (place.root / "wide.toml").write_bytes(text.encode("utf-16"))
    (place.root / "marked.toml").write_bytes(text.encode("utf-8-sig"))
    place.site = replace(place.site, variable_files=(place.root / name,))
    if expected == "x":
        assert place.value("NAME") == "x"
        return
    assert expected in place.missing("NAME").notice.message
    # Where a later place has the name, the file is told of beside the value.
    (notice,) = place.content("NAME", default="d").notices
    assert expected in notice.message
    assert notice.code in CATALOGUE


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are made the POSIX way")
@pytest.mark.parametrize(
    ("link", "target", "words"),
    [
        ("vars.toml", ".env", "hold a program's secrets"),
        (".env", "id_rsa", "link to a file that holds secrets"),
        ("vars.toml", "../outside.toml", "outside of the workspace"),
    ],
)
def test_links_do_not_lead_to_secrets(place: Place, link: str, target: str, words: str) -> None:
    place.write(target, "NAME = 'x'")
    (place.root / link).symlink_to(target)
    place.site = replace(place.site, variable_files=(place.root / link,))
    assert words in place.missing("NAME").notice.message


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are made the POSIX way")
def test_a_pipe_is_not_waited_for(place: Place) -> None:
    os.mkfifo(place.root / "vars.toml")
    place.site = replace(place.site, variable_files=(place.root / "vars.toml",))
    assert "a pipe, a device or a socket" in place.missing("NAME").notice.message


def test_a_document_without_a_workspace_has_the_files_of_its_folder(place: Place) -> None:
    place.policy = AccessPolicy(trusted=True)
    path = place.write("vars.toml", "NAME = 'x'")
    place.site = replace(place.site, root=None, variable_files=(path,))
    assert place.value("NAME") == "x"
    place.site = replace(place.site, path=None)
    place.missing("NAME")


def test_changed_files_are_read_again_and_others_are_not(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    opened: list[str] = []

    def counted_read(name: str, text: str) -> dict[str, str]:
        parsed.append(text)
        return read_variables(name, text)

    def counted_open(path: str, *others: object, **named: object) -> object:
        opened.append(path)
        return open_checked(path, *others, **named)  # type: ignore[arg-type]

    now = [0.0]
    monkeypatch.setattr(f"{FILES}.read_variables", counted_read)
    monkeypatch.setattr(f"{FILES}.open_checked", counted_open)
    monkeypatch.setattr(f"{FILES}.time.time", lambda: now[0])
    path = place.write("vars.toml", "a = '1'\nb = '1'")
    place.site = replace(place.site, variable_files=(path,))
    now[0] = path.stat().st_mtime + 1
    first = place.content("a"), place.content("b")
    # Just written: read again, but not parsed again.
    assert [len(parsed), len(opened)] == [1, 2]
    now[0] += 2
    assert [place.value("a"), place.value("b")] == ["1", "1"]
    assert [len(parsed), len(opened)] == [1, 3]
    place.write("vars.toml", "a = '22'\nb = '1'")
    assert place.content("a").hash != first[0].hash
    assert place.content("b").hash == first[1].hash
    # A policy that allows less counts for what is in memory too.
    place.policy = AccessPolicy(roots=(place.root / "elsewhere",), trusted=True)
    place.site = replace(place.site, root=place.root / "elsewhere")
    place.missing("a")


@pytest.mark.parametrize(
    ("keys", "read_again"),
    [
        (None, True),
        (frozenset({"var:a"}), True),
        (frozenset({"file:a"}), False),
        (frozenset[str](), False),
    ],
)
def test_what_is_forgotten_is_read_again(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    keys: frozenset[str] | None,
    read_again: bool,
) -> None:
    path = place.write("vars.toml", "a = '1'")
    place.site = replace(place.site, variable_files=(path,))
    monkeypatch.setattr(f"{FILES}.time.time", lambda: path.stat().st_mtime + 10)
    place.value("a")

    def refuse(*_: object, **__: object) -> object:
        raise AssertionError("read again")

    monkeypatch.setattr(f"{FILES}.open_checked", refuse)
    place.handler.invalidate(keys)
    if read_again:
        with pytest.raises(AssertionError, match="read again"):
            place.value("a")
    else:
        assert place.value("a") == "1"
