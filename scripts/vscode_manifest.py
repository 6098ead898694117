"""The generated parts of the VS Code extension's package.json and package.nls.json.

Settings come from the settings model, activation from the dialects; all else in these files is
written by hand and kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from promptls import __version__
from promptls.prompts.dialects.registry import DIALECTS
from promptls.settings.declaration import Key, keys_of
from promptls.settings.editor import EditorSettings
from promptls.settings.model import MachineSettings, Settings
from promptls.settings.schema import client_schema

EXTENSION = Path(__file__).resolve().parent.parent / "clients" / "vscode"

_GROUPS: tuple[tuple[str, str, type], ...] = (
    ("configuration.documents", "Documents", Settings),
    ("configuration.extension", "Extension", EditorSettings),
    ("configuration.machine", "This Machine", MachineSettings),
)
_GENERATED_STRINGS = ("setting.", "configuration.")
_LANGUAGES = ("markdown", "mdx", "plaintext")
"""Beside the languages of the dialects: files in them may be prompts by name or content."""


def manifest_files() -> dict[Path, str]:
    """Render package.json and package.nls.json, by path."""
    package_path, strings_path = EXTENSION / "package.json", EXTENSION / "package.nls.json"
    package = json.loads(package_path.read_text("utf-8"))
    strings = {
        name: text
        for name, text in json.loads(strings_path.read_text("utf-8")).items()
        if not name.startswith(_GENERATED_STRINGS)
    }
    package["version"] = __version__
    package["activationEvents"] = [*_activation_events()]
    trust = package["capabilities"]["untrustedWorkspaces"]
    trust["restrictedConfigurations"] = [
        _name(key)
        for model in (EditorSettings, MachineSettings)
        for key in keys_of(model)
        if key.setting.scope == "machine"
    ]
    package["contributes"]["configuration"] = [
        {
            "id": title.removeprefix("configuration."),
            "title": f"%{title}%",
            "order": order,
            "properties": {
                _name(key): _property(key, order, model is EditorSettings, strings)
                for order, key in enumerate(keys_of(model))
            },
        }
        for order, (title, _, model) in enumerate(_GROUPS)
    ]
    strings |= {title: text for title, text, _ in _GROUPS}
    return {package_path: _json(package), strings_path: _json(strings)}


def _activation_events() -> Iterator[str]:
    """When a document in a language of a dialect is opened, or a folder holds such a file."""
    dialects = DIALECTS.values()
    languages = {language for dialect in dialects for language in dialect.language_ids}
    for language in sorted(languages.union(_LANGUAGES)):
        yield f"onLanguage:{language}"
    names = {name for dialect in dialects for name in dialect.file_names}
    # The names are compared in lower case; files are usually called AGENTS.md.
    spelled = names | {PurePath(name).stem.upper() + PurePath(name).suffix for name in names}
    endings = {ending for dialect in dialects for ending in dialect.suffixes}
    for pattern in sorted(spelled | {f"*{ending}" for ending in endings}):
        yield f"workspaceContains:**/{pattern}"
    yield "onWebviewPanel:promptls.preview"


def _property(key: Key, order: int, of_editor: bool, strings: dict[str, str]) -> dict[str, Any]:
    schema = client_schema(key)
    text = f"setting.{key.name}"
    strings[text] = str(schema.pop("description"))
    described = {"markdownDescription": f"%{text}%", "order": order}
    for place, inner in _described(schema, text):
        strings[place] = inner["description"]
        inner["description"] = f"%{place}%"
    if "default" not in schema:
        schema = _or_null(schema)
    if of_editor and schema.get("default") == "":
        schema.pop("minLength")
    resource = "window" if of_editor else "resource"
    scope = "machine" if key.setting.scope == "machine" else resource
    return {"scope": scope} | described | schema


def _described(schema: Mapping[str, Any], text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The descriptions inside of a schema, each with a name for its string."""
    for name, value in schema.items():
        if name == "properties":
            for inner, described in value.items():
                place = f"{text}.{inner}"
                yield from _described(described, place)
                if "description" in described:
                    yield place, described
        elif isinstance(value, dict):
            yield from _described(value, text)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A setting that has no default can be unset: null."""
    if "anyOf" in schema:
        return schema | {"anyOf": [*schema["anyOf"], {"type": "null"}], "default": None}
    values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | {"type": [schema["type"], "null"], "default": None} | values


def _name(key: Key) -> str:
    return f"promptls.{key.name}"


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
