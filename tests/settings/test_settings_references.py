from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from promptls.settings import (
    EndpointSettings,
    Layer,
    MachineSettings,
    Settings,
    SettingsStore,
    TtlRule,
)
from promptls.settings.declaration import Key, keys_of
from promptls.settings.precedence import merge
from promptls.settings.reader import MACHINE, MAX_ITEMS, read_layer

PRIVATE = "hunter2"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            {"vars": {"a": "x", "b-c": 3, "d.e": True, "f": 1.5, "g": None}},
            {"vars": {"a": "x", "b-c": "3", "d.e": "true", "f": "1.5"}},
        ),
        ({"vars": {}}, {"vars": {}}),
        ({"aliases": {" ~/.claude/x ": "x"}}, {"aliases": {"~/.claude/x": "x"}}),
        (
            {"variable-files": ["a.yaml", "../b.toml", "/c.env"]},
            {"variableFiles": (Path("/w/a.yaml"), Path("/w/../b.toml"), Path("/c.env"))},
        ),
        (
            {"endpoints": {"a": {"url": "https://a.example/${var:x}"}}},
            {"endpoints": {"a": EndpointSettings("https://a.example/${var:x}")}},
        ),
        (
            {
                "endpoints": {
                    "b_2": {
                        "url": "http://localhost:1",
                        "method": "POST",
                        "headers": {"X-Key": "${env:KEY}"},
                        "body": "{}",
                        "extract": "$.a",
                        "ttl": 0,
                        "timeout": 2,
                        "max-bytes": 99,
                    }
                }
            },
            {
                "endpoints": {
                    "b_2": EndpointSettings(
                        "http://localhost:1",
                        "POST",
                        {"X-Key": "${env:KEY}"},
                        "{}",
                        "$.a",
                        0,
                        2,
                        99,
                    )
                }
            },
        ),
        ({"limits": {"file-bytes": 1, "files": 5}}, {"limits.fileBytes": 1, "limits.files": 5}),
        ({"references": {"resolve": False}}, {"references.resolve": False}),
        ({"hints.references": False}, {"hints.references": False}),
    ],
)
def test_what_is_read(raw: dict[str, Any], expected: dict[str, object]) -> None:
    level = read_layer(Layer("x", raw, folder=Path("/w")))
    assert (level.values, level.problems) == (expected, ())


@pytest.mark.parametrize(
    ("raw", "path", "words"),
    [
        ({"vars": [PRIVATE]}, ("vars",), "must be a table; its value is ignored"),
        ({"vars": {"a": [PRIVATE]}}, ("vars", "a"), "must be text, a number"),
        ({"vars": {"a b": PRIVATE}}, ("vars", "a b"), "its name must be a name of letters"),
        ({"vars": {"a": PRIVATE * 200_000}}, ("vars", "a"), "at most 1,000,000 characters"),
        ({"aliases": {"a": ""}}, ("aliases", "a"), "must be text that is not empty"),
        ({"aliases": {"": "a"}}, ("aliases", ""), "its name must be text"),
        ({"variable-files": "a"}, ("variable-files",), "must be a list"),
        ({"variable-files": ["a", 5]}, ("variable-files", 1), "must be the path of a file"),
        ({"endpoints": {"a": {}}}, ("endpoints", "a"), "`endpoints.a` needs a `url`"),
        ({"endpoints": {"a": PRIVATE}}, ("endpoints", "a"), "must be a table with a `url`"),
        ({"endpoints": {"a/b": {}}}, ("endpoints", "a/b"), "its name must be"),
        (
            {"endpoints": {"a": {"url": f"https://me:{PRIVATE}@a.example"}}},
            ("endpoints", "a", "url"),
            "must not hold a user or password; put them into `headers`; its value is ignored",
        ),
        (
            {
                "endpoints": {
                    "a": {"url": "https://a.example", "headers": {"X": f"{PRIVATE}\r\nY:"}}
                }
            },
            ("endpoints", "a", "headers", "X"),
            "in one line; its value is ignored",
        ),
        (
            {"endpoints": {"a": {"url": "https://a.example", "headers": {"X:": PRIVATE}}}},
            ("endpoints", "a", "headers", "X:"),
            "the name of a header",
        ),
        (
            {"endpoints": {"a": {"url": "https://a.example", "methd": "GET"}}},
            ("endpoints", "a", "methd"),
            "did you mean `method`?",
        ),
        (
            {"endpoints": {"a": {"url": "https://a.example", "timeout": 0}}},
            ("endpoints", "a", "timeout"),
            "must be a number from 0.1 to 300",
        ),
        (
            {"endpoints": {"a": {"url": "https://a.example", "ttl": float("nan")}}},
            ("endpoints", "a", "ttl"),
            "must be a number from 0 to",
        ),
        ({"ttl": [{"url": "https://x/*"}]}, ("ttl", 0), "needs a `seconds`"),
        ({"ttl": [{"url": "x", "seconds": 1}]}, ("ttl", 0, "url"), "must be a URL"),
        ({"ttl": 60}, ("ttl",), "must be a list of tables, each with a `url`"),
        ({"limits": {"files": 0}}, ("limits", "files"), "from 1 to 100,000"),
    ],
)
def test_what_is_wrong_is_told_without_secrets(
    raw: dict[str, Any], path: tuple[str | int, ...], words: str
) -> None:
    (problem,) = read_layer(Layer("x", raw, folder=Path("/w"))).problems
    assert (problem.code.partition("/")[0], problem.path) == ("settings", path)
    assert words in problem.message
    assert PRIVATE not in problem.message


def test_a_wrong_entry_leaves_the_others() -> None:
    raw = {
        "vars": {"a": "x", "b": [1]},
        "endpoints": {"a": {"url": "https://a.example", "ttl": -1}, "b": {"url": 5}},
        "ttl": [{"url": "https://x/*", "seconds": 1}, 5],
    }
    level = read_layer(Layer("x", raw))
    assert level.values == {
        "vars": {"a": "x"},
        "endpoints": {"a": EndpointSettings("https://a.example")},
    }
    assert level.ttl_rules == (TtlRule("https://x/*", 1.0),)
    assert [problem.path for problem in level.problems] == [
        ("vars", "b"),
        ("endpoints", "a", "ttl"),
        ("endpoints", "b", "url"),
        ("ttl", 1),
    ]


def test_tables_of_names_are_bounded() -> None:
    level = read_layer(Layer("x", {"vars": {f"n{n}": n for n in range(5000)}}))
    (problem,) = level.problems
    assert "has more than 1,000 items" in problem.message
    assert len(level.values["vars"]) == MAX_ITEMS  # type: ignore[arg-type]


def test_files_that_are_relative_to_nothing_are_left_out() -> None:
    level = read_layer(Layer("x", {"variable-files": ["a.toml", "/b.toml"]}))
    assert (level.values, level.problems) == ({"variableFiles": (Path("/b.toml"),)}, ())


def test_tables_of_names_are_merged_and_rules_add_up() -> None:
    levels = [
        read_layer(Layer(str(index), raw))
        for index, raw in enumerate(
            [
                {"vars": {"a": 1}, "ttl": [{"url": "https://a/*", "seconds": 1}]},
                {},
                {
                    "vars": {"a": 2, "b": 2},
                    "aliases": {"x": "y"},
                    "ttl": [{"url": "https://b/*", "seconds": 2}],
                    "endpoints": {"e": {"url": "https://a"}},
                },
                {
                    "vars": {"b": 3, "c": 3},
                    "endpoints": {"e": {"url": "https://b", "ttl": 5}, "f": {"url": "https://f"}},
                },
            ]
        )
    ]
    merged = merge(levels)
    settings = merged.settings
    assert settings.vars == {"a": "1", "b": "2", "c": "3"}
    assert settings.aliases == {"x": "y"}
    # An endpoint is one value: its keys do not mix.
    assert settings.endpoints == {
        "e": EndpointSettings("https://a"),
        "f": EndpointSettings("https://f"),
    }
    assert [rule.url for rule in settings.ttl] == ["https://a/*", "https://b/*"]
    assert (merged.origins["vars"], merged.origins["endpoints"]) == ("0", "2")
    assert levels[0].values["vars"] == {"a": "1"}


def test_variable_files_are_relative_to_the_file_that_sets_them(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "home" / "promptls.toml")
    inner = tmp_path / "w" / "a"
    inner.mkdir(parents=True)
    (inner / "promptls.toml").write_text("variable-files = ['v.toml']")
    document = inner / "x.md"
    found = store.for_document(document, tmp_path / "w").settings.variable_files
    assert found == (inner / "v.toml",)
    (inner / "promptls.toml").unlink()
    client = {"variableFiles": ["v.toml"]}
    found = store.for_document(document, tmp_path / "w", client).settings.variable_files
    assert found == (tmp_path / "w" / "v.toml",)


def test_representations_hide_what_may_be_secret() -> None:
    level = read_layer(
        Layer(
            "x",
            {
                "vars": {"a": PRIVATE},
                "endpoints": {
                    "e": {
                        "url": f"https://a.example/?key={PRIVATE}",
                        "headers": {"X": PRIVATE},
                        "body": PRIVATE,
                    }
                },
            },
        )
    )
    assert PRIVATE not in repr(merge([level]).settings)
    machine = SettingsStore(Path("/nowhere")).machine(
        {"database": {"url": f"postgresql://me:{PRIVATE}@db.example/x"}}
    )
    assert machine.client_problems == ()
    assert machine.settings.database.url
    assert PRIVATE not in repr(machine.settings)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, MachineSettings()),
        ({"network": False}, MachineSettings(network=False)),
        ({"allowedRoots": ["/a", "/b"]}, MachineSettings(allowed_roots=(Path("/a"), Path("/b")))),
        (
            {"allowedHosts": ["A.example", "[0::1]:80"]},
            MachineSettings(allowed_hosts=("a.example", "[::1]:80")),
        ),
        ({"environment": ["A_1"]}, MachineSettings(environment=("A_1",))),
        ({"plugins": ["tickets"]}, MachineSettings(plugins=("tickets",))),
    ],
)
def test_machine_settings(raw: dict[str, Any], expected: MachineSettings) -> None:
    result = SettingsStore(Path("/nowhere")).machine(raw)
    assert (result.settings, result.client_problems) == (expected, ())


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"database": {"url": PRIVATE}}, "must be a URL that starts with `sqlite://`"),
        (
            {"database": f"postgresql://me:{PRIVATE}@db.example/x"},
            "must be a table, with keys such",
        ),
        ({"allowed-hosts": ["https://a.example"]}, "without scheme and path"),
        ({"allowed-roots": ["a"]}, "must be an absolute path"),
        ({"environment": ["A=B"]}, "the name of an environment variable"),
        ({"environment": "A"}, "must be a list"),
        ({"plugins": ["a b"]}, "the name of an entry point"),
        ({"network": "no"}, "must be true or false"),
    ],
)
def test_wrong_machine_settings(raw: dict[str, Any], words: str) -> None:
    (problem,) = read_layer(Layer("x", raw), MACHINE).problems
    assert words in problem.message
    assert PRIVATE not in problem.message


def _nested(parts: tuple[str, ...], value: object) -> object:
    return {parts[0]: _nested(parts[1:], value)} if parts else value


@pytest.mark.parametrize("key", keys_of(MachineSettings), ids=lambda key: key.name)
def test_a_workspace_cannot_set_what_holds_for_the_machine(key: Key, tmp_path: Path) -> None:
    example = key.setting.example
    (tmp_path / "home").mkdir()
    store = SettingsStore(tmp_path / "home" / "promptls.toml")
    file = tmp_path / "promptls.toml"
    name = key.spelled("kebab")
    for raw in (f"{name} = {json.dumps(example)}", f"{key.name} = {json.dumps(example)}"):
        file.write_text(raw)
        resolved = store.for_document(tmp_path / "x.md", tmp_path)
        assert [found.code for found in resolved.problems[file]] == ["settings/machine-only"]
        assert resolved.settings == Settings()
        assert store.machine().settings == MachineSettings()
        store.invalidate()
    # The same from the client, nested or dotted, and in place of the table around it.
    outer = key.attributes[0]
    nested = _nested(key.attributes, example)
    for client in (nested, {key.name: example}, {name: example}, {outer: "x"}):
        resolved = store.for_document(tmp_path / "x.md", tmp_path, client)
        (finding,) = (found for found in resolved.client_problems)
        assert finding.code == "settings/machine-only"
        assert "your own settings file" in finding.message
    store.user_file.write_text(f"{name} = {json.dumps(example)}")
    assert store.machine().problems == {store.user_file: ()}
    assert store.machine().settings != MachineSettings()
