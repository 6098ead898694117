"""Put the wheels that the VS Code extension makes its private environment from into one folder.

python -m scripts.bundle_wheels                          for this machine
python -m scripts.bundle_wheels --target darwin-arm64    for another platform
python -m scripts.bundle_wheels --upgrade                with the newest dependencies

The folder gets promptls's own wheel, those of its dependencies for each supported Python, pip's
own (environments are made without ensurepip, which Debian's Python lacks), and `manifest.json`.
Versions come from one resolution, kept in `.cache/wheels`, so that all Pythons and targets agree.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from scripts.wheel_targets import PYTHONS, TARGETS, Target, this_machine

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "clients" / "vscode" / "bundled"
CACHE = ROOT / ".cache" / "wheels"
MANIFEST = "manifest.json"

PURE = frozenset({"charset-normalizer", "sqlalchemy"})
"""Taken without their compiled parts, which are optional: sqlalchemy's are 4.6 MB per Python."""

SOURCES = ("pyproject.toml", "LICENSE", "README.md", "docs/findings.md")
"""What promptls's wheel is made of besides the files below `server`."""


class BundleError(Exception):
    """The bundle could not be made; the message says why and what to do."""


@dataclass(frozen=True)
class Pin:
    """A distribution at the version that the resolution chose."""

    name: str
    version: str
    requires: tuple[str, ...]


def needed(
    requirements: Iterable[str], pins: Mapping[str, Pin], environment: dict[str, str]
) -> tuple[set[str], set[str]]:
    """Names of the pins that an environment needs, and the requirements that no pin meets.

    pip judges markers by the Python that runs it, so that what only another platform or version
    needs is missing from its answer.
    """
    names: set[str] = set()
    missing: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        pin = pins.get(name)
        if pin is None or not requirement.specifier.contains(pin.version, prereleases=True):
            requirement.marker = None
            missing.add(str(requirement))
            continue
        names.add(name)
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            wanted = environment | {"extra": extra}
            for text in pin.requires:
                further = Requirement(text)
                if further.marker is None or further.marker.evaluate(wanted):
                    waiting.append(further)
    return names, missing


def resolve(requirements: Sequence[str], kept: Path) -> dict[str, Pin]:
    """One version of each distribution for all Pythons and targets, from `kept` or from pip."""
    if kept.exists():
        return {row[0]: Pin(*row) for row in json.loads(kept.read_text("utf-8"))}
    asked = {*requirements, "pip"}
    while True:
        pins = _ask_resolver(sorted(asked))
        missing = set[str]()
        for target in TARGETS.values():
            for python in PYTHONS:
                missing |= needed(requirements, pins, target.environment(python))[1]
        if not missing:
            break
        if missing <= asked:
            raise BundleError(f"No one version meets {', '.join(sorted(missing))} everywhere.")
        asked |= missing
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps([astuple(pin) for pin in pins.values()], indent=1), "utf-8")
    return pins


def _ask_resolver(requirements: Sequence[str]) -> dict[str, Pin]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        # The oldest Python decides: what supports it supports the newer ones, or has no wheel for
        # them, which the download then says.
        options = ["--dry-run", "--ignore-installed", "--only-binary=:all:", "--target", folder]
        options += ["--python-version", PYTHONS[0], "--report", str(report)]
        _pip("resolve the dependencies", "install", *options, *requirements)
        installed = json.loads(report.read_text("utf-8"))["install"]
    pins = (
        Pin(
            canonicalize_name(item["metadata"]["name"]),
            item["metadata"]["version"],
            tuple(item["metadata"].get("requires_dist", ())),
        )
        for item in installed
    )
    return {pin.name: pin for pin in sorted(pins, key=lambda pin: pin.name)}


def download(
    requirements: Sequence[str], pins: Mapping[str, Pin], target: Target, folder: Path
) -> None:
    """Bring the wheels of a target, and pip's, into a folder; nothing is done where it exists."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        part = Path(temporary) / "wheels"
        common = ["--no-deps", "--only-binary=:all:", f"--dest={part}"]
        pure = {"pip"}
        for python in PYTHONS:
            names = needed(requirements, pins, target.environment(python))[0]
            pure |= names & PURE
            tags = [f"--python-version={python}", *(f"--platform={tag}" for tag in target.tags)]
            wanted = [f"{name}=={pins[name].version}" for name in sorted(names - PURE)]
            task = f"download the wheels for Python {python} on {target.name}"
            _pip(task, "download", *common, *tags, *wanted)
        tags = [f"--python-version={PYTHONS[0]}", "--platform=any", "--implementation=py"]
        wanted = [f"{name}=={pins[name].version}" for name in sorted(pure)]
        task = "download the wheels without compiled parts"
        _pip(task, "download", *common, *tags, "--abi=none", *wanted)
        part.rename(folder)


def bundle(target: Target, output: Path, *, upgrade: bool = False) -> bool:
    """Write the bundle of a target; False where it was up to date."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    requirements: list[str] = project["dependencies"]
    source = _digest([*_source_files(), target.name])
    if not upgrade and is_up_to_date(output, source):
        return False
    cache = CACHE / _digest([*requirements, *PYTHONS, *sorted(PURE)])[:16]
    if upgrade:
        shutil.rmtree(cache, ignore_errors=True)
    pins = resolve(requirements, cache / "versions.json")
    download(requirements, pins, target, cache / target.name)
    with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
        new, old = Path(temporary, "new"), Path(temporary, "old")
        wheels = new / "wheels"
        shutil.copytree(cache / target.name, wheels)
        _pip("build promptls's wheel", "wheel", "--no-deps", f"--wheel-dir={wheels}", str(ROOT))
        check(target, wheels)
        manifest = json.dumps(_manifest(target, wheels, source), indent=2) + "\n"
        (new / MANIFEST).write_text(manifest, "utf-8")
        # Moved as a whole: an extension that runs from it sees no half bundle.
        if output.exists():
            shutil.move(output, old)
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(new, output)
    return True


def is_up_to_date(output: Path, source: str) -> bool:
    """Whether a bundle was made from these sources, and all its files are as they were written."""
    try:
        manifest = json.loads((output / MANIFEST).read_text("utf-8"))
        files = {path.name: _sha256(path) for path in (output / "wheels").iterdir()}
    except (OSError, ValueError):
        return False
    listed = {wheel["file"]: wheel["sha256"] for wheel in manifest.get("wheels", ())}
    return bool(manifest.get("source") == source and files == listed)


def check(target: Target, wheels: Path) -> None:
    """See that each Python finds all that it needs among the wheels, offline."""
    for python in PYTHONS:
        with tempfile.TemporaryDirectory() as folder:
            options = ["--dry-run", "--ignore-installed", "--only-binary=:all:", "--target", folder]
            options += ["--no-index", f"--find-links={wheels}", f"--python-version={python}"]
            options += [f"--platform={tag}" for tag in target.tags]
            task = f"install from the bundle with Python {python} on {target.name}"
            _pip(task, "install", *options, "promptls", alone=True)


def _manifest(target: Target, wheels: Path, source: str) -> dict[str, object]:
    rows = [
        {"file": path.name, "sha256": _sha256(path), "bytes": path.stat().st_size}
        for path in sorted(wheels.iterdir())
    ]
    return {
        "format": 1,
        "version": next(wheels.glob("promptls-*.whl")).name.split("-")[1],
        "target": target.name,
        "platform": target.python,
        "pythons": list(PYTHONS),
        "pip": next(wheels.glob("pip-*.whl")).name,
        "digest": _digest([target.name, *(f"{row['file']} {row['sha256']}" for row in rows)]),
        "source": source,
        "wheels": rows,
    }


def _source_files() -> list[str]:
    paths = [*(ROOT / name for name in SOURCES), *(ROOT / "scripts").glob("*wheel*.py")]
    paths += (
        path for path in (ROOT / "server").rglob("*") if path.is_file() and path.suffix != ".pyc"
    )
    return [f"{path.relative_to(ROOT).as_posix()} {_sha256(path)}" for path in sorted(paths)]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _pip(task: str, command: str, *arguments: str, alone: bool = False) -> None:
    """Run pip; `alone`, without the settings that this machine gives it."""
    environment = dict(os.environ)
    if alone:
        environment = {key: value for key, value in environment.items() if key[:4] != "PIP_"}
        environment["PIP_CONFIG_FILE"] = os.devnull
    call = [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*call, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        reasons = [line for line in done.stderr.splitlines() if not line.startswith("WARNING")]
        hint = "" if alone else "\nIs the network there? Packages are needed the first time."
        raise BundleError("\n".join([f"Could not {task}. pip says:", *reasons[-8:]]) + hint)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the bundle that the arguments ask for; gives the exit code."""
    parser = argparse.ArgumentParser(description="Bundle the wheels for the VS Code extension.")
    parser.add_argument("--target", choices=sorted(TARGETS), default=this_machine())
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--upgrade", action="store_true", help="resolve the dependencies anew")
    given = parser.parse_args(arguments)
    if given.target not in TARGETS:
        parser.error(f"there is no bundle for {given.target}; choose one with --target")
    try:
        written = bundle(TARGETS[given.target], given.output, upgrade=given.upgrade)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    files = list((given.output / "wheels").iterdir())
    size = sum(path.stat().st_size for path in files) / 1e6
    state = "written" if written else "up to date"
    print(f"{given.output}: {len(files)} wheels for {given.target}, {size:.1f} MB, {state}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
