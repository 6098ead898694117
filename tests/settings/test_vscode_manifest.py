"""What the VS Code extension's manifest says of settings and activation."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from scripts.vscode_manifest import EXTENSION, manifest_files

from promptls.settings.declaration import keys_of
from promptls.settings.editor import EditorSettings
from promptls.settings.model import MachineSettings, Settings


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """package.json as it is generated."""
    loaded: dict[str, Any] = json.loads(manifest_files()[EXTENSION / "package.json"])
    return loaded


@pytest.fixture(scope="module")
def properties(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All settings that the extension contributes, by name."""
    groups = manifest["contributes"]["configuration"]
    return {name: schema for group in groups for name, schema in group["properties"].items()}


def test_every_setting_is_there_once(properties: dict[str, dict[str, Any]]) -> None:
    names = [
        f"promptls.{key.name}"
        for model in (Settings, EditorSettings, MachineSettings)
        for key in keys_of(model)
    ]
    assert sorted(properties) == sorted(names)


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("promptls.model", "resource"),
        ("promptls.budget.document", "resource"),
        ("promptls.allowedHosts", "machine"),
        ("promptls.database.url", "machine"),
        ("promptls.server.interpreter", "machine"),
        ("promptls.statusBar", "window"),
    ],
)
def test_scopes(properties: dict[str, dict[str, Any]], name: str, scope: str) -> None:
    assert properties[name]["scope"] == scope


def test_no_workspace_sets_what_concerns_the_machine(
    manifest: dict[str, Any], properties: dict[str, dict[str, Any]]
) -> None:
    restricted = manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    machine = {name for name, schema in properties.items() if schema["scope"] == "machine"}
    assert set(restricted) == machine


@pytest.mark.parametrize(
    ("name", "value"),
    [("promptls.budget.document", None), ("promptls.budget.warnAt", 0.8), ("promptls.model", None)],
)
def test_defaults(properties: dict[str, dict[str, Any]], name: str, value: object) -> None:
    assert properties[name]["default"] == value


def test_names_inside_of_settings_are_spelled_as_clients_do(
    properties: dict[str, dict[str, Any]],
) -> None:
    inner = properties["promptls.endpoints"]["additionalProperties"]["properties"]
    assert all("-" not in name for name in inner)


@pytest.mark.parametrize(
    "event",
    [
        "onLanguage:markdown",
        "onLanguage:prompt",
        "onLanguage:prompty",
        "workspaceContains:**/CLAUDE.md",
        "workspaceContains:**/*.prompty",
    ],
)
def test_activation(manifest: dict[str, Any], event: str) -> None:
    assert event in manifest["activationEvents"]


def test_every_string_that_is_named_is_there() -> None:
    files = manifest_files()
    strings = json.loads(files[EXTENSION / "package.nls.json"])
    named = re.findall(r'"%([\w.-]+)%"', files[EXTENSION / "package.json"])
    assert named
    assert [name for name in named if name not in strings] == []
