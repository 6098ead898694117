"""The bundle of wheels that the VS Code extension carries: what goes in, and that it is enough."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.tags import Tag
from packaging.utils import parse_wheel_filename
from scripts import bundle_wheels
from scripts.bundle_wheels import BundleError, Pin, bundle, is_up_to_date, main, needed
from scripts.wheel_targets import PYTHONS, TARGETS, this_machine

PINS = {
    pin.name: pin
    for pin in (
        Pin("plain", "1.2", ()),
        Pin("windows-only", "1.0", ()),
        Pin("typing", "4.0", ()),
        Pin("extra-dep", "1.0", ()),
        Pin(
            "app",
            "1.0",
            (
                "Plain>=1",
                "windows_only; platform_system == 'Windows'",
                "typing>=4; python_version < '3.13'",
                "extra-dep; extra == 'more'",
                "absent; sys_platform == 'darwin'",
            ),
        ),
    )
}


@pytest.mark.parametrize(
    ("target", "python", "requirement", "names", "missing"),
    [
        ("linux-x64", "3.12", "app", {"app", "plain", "typing"}, set()),
        ("linux-x64", "3.13", "app", {"app", "plain"}, set()),
        ("linux-x64", "3.13", "app[more]", {"app", "plain", "extra-dep"}, set()),
        ("win32-arm64", "3.14", "app", {"app", "plain", "windows-only"}, set()),
        ("darwin-arm64", "3.14", "app", {"app", "plain"}, {"absent"}),
        ("alpine-x64", "3.11", "plain>=2", set(), {"plain>=2"}),
    ],
)
def test_markers_are_judged_for_the_target(
    target: str, python: str, requirement: str, names: set[str], missing: set[str]
) -> None:
    environment = TARGETS[target].environment(python)
    assert needed([requirement], PINS, environment) == (names, missing)


def test_without_network_says_what_failed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bundle_wheels, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    assert main(["--output", str(tmp_path / "bundled")]) == 1
    message = capsys.readouterr().err
    assert "Could not resolve the dependencies" in message
    assert "Is the network there?" in message
    assert not (tmp_path / "bundled").exists()


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle for this machine; its downloads stay in the project's cache."""
    output = tmp_path_factory.mktemp("extension") / "bundled"
    if this_machine() not in TARGETS:
        pytest.skip(f"no bundle is made for {this_machine()}")
    try:
        assert bundle(TARGETS[this_machine()], output)
    except BundleError as error:
        if "Is the network there?" in str(error):
            pytest.skip(str(error))
        raise
    return output


def test_each_python_has_one_wheel_of_each_distribution(bundled: Path) -> None:
    wheels = [parse_wheel_filename(path.name) for path in (bundled / "wheels").iterdir()]
    names = {name for name, *_ in wheels}
    assert {"pip", "promptls", "tiktoken", "sqlalchemy"} <= names
    for python in PYTHONS:
        cpython = f"cp{python.replace('.', '')}"
        fitting = [name for name, _, _, tags in wheels if _fits(tags, cpython)]
        assert sorted(fitting) == sorted(names), python


def _fits(tags: Iterable[Tag], cpython: str) -> bool:
    return any(tag.interpreter in (cpython, "py3") or tag.abi == "abi3" for tag in tags)


def test_the_bundle_is_small_enough(bundled: Path) -> None:
    # The goal for the whole extension is 40 MB.
    assert sum(path.stat().st_size for path in (bundled / "wheels").iterdir()) < 34e6


def test_the_manifest_lists_what_is_there(bundled: Path) -> None:
    manifest = json.loads((bundled / "manifest.json").read_text("utf-8"))
    files = {path.name for path in (bundled / "wheels").iterdir()}
    assert {wheel["file"] for wheel in manifest["wheels"]} == files
    assert manifest["pip"] in files
    assert f"promptls-{manifest['version']}-py3-none-any.whl" in files
    assert (manifest["target"], manifest["pythons"]) == (this_machine(), list(PYTHONS))


def test_what_is_up_to_date_is_not_written_again(bundled: Path, tmp_path: Path) -> None:
    before = (bundled / "manifest.json").stat().st_mtime_ns
    assert not bundle(TARGETS[this_machine()], bundled)
    assert (bundled / "manifest.json").stat().st_mtime_ns == before
    source = json.loads((bundled / "manifest.json").read_text("utf-8"))["source"]
    assert is_up_to_date(bundled, source)
    assert not is_up_to_date(bundled, "another")
    copy = tmp_path / "copy"
    shutil.copytree(bundled, copy)
    next((copy / "wheels").glob("rich-*")).unlink()
    assert not is_up_to_date(copy, source)


def test_the_server_runs_from_the_bundle_alone(bundled: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", environment], check=True)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = next((bundled / "wheels").glob("pip-*.whl")) / "pip"
    install: list[str | Path] = [python, "-I", pip, "install", "--quiet", "--no-compile"]
    install += ["--no-index", "--find-links", bundled / "wheels", "--only-binary=:all:", "promptls"]
    clean = {"PIP_CONFIG_FILE": "nul" if sys.platform == "win32" else "/dev/null"}
    subprocess.run(install, check=True, env=clean)
    counted = subprocess.run(
        [python, "-I", "-m", "promptls", "count", "--database", "memory", "--format", "json", "-"],
        input="Hello, prompt",
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert json.loads(counted.stdout)["documents"][0]["tokens"] == 3


def test_the_wheel_of_promptls_holds_the_vocabularies(bundled: Path) -> None:
    with zipfile.ZipFile(next((bundled / "wheels").glob("promptls-*.whl"))) as wheel:
        names = wheel.namelist()
    assert any(name.endswith("o200k_base.tiktoken") for name in names)
