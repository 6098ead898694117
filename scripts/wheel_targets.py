"""The platforms and Pythons that wheels are bundled for."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@dataclass(frozen=True)
class Target:
    """A platform that the extension is packed for."""

    name: str
    python: str
    """The platform of the Pythons that the wheels are for, in the names of targets."""
    tags: tuple[str, ...]
    """The platform tags of wheels that can be installed, the best first."""
    system: tuple[str, str, str, str]
    """`os_name`, `sys_platform`, `platform_system` and `platform_machine`."""

    def environment(self, python: str) -> dict[str, str]:
        """What environment markers are judged by."""
        names = ("os_name", "sys_platform", "platform_system", "platform_machine")
        return dict(zip(names, self.system, strict=True)) | {
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "implementation_version": f"{python}.0",
            "python_full_version": f"{python}.0",
            "python_version": python,
            "platform_release": "",
            "platform_version": "",
        }


# VS Code itself needs glibc 2.28.
_GLIBC = (*(f"manylinux_2_{minor}" for minor in range(28, 16, -1)), "manylinux2014")
_MUSL = ("musllinux_1_2", "musllinux_1_1")


def _linux(name: str, machine: str, libc: tuple[str, ...]) -> Target:
    tags = tuple(f"{tag}_{machine}" for tag in libc)
    return Target(name, name, tags, ("posix", "linux", "Linux", machine))


def _macos(name: str, machine: str) -> Target:
    return Target(name, name, (f"macosx_11_0_{machine}",), ("posix", "darwin", "Darwin", machine))


def _windows(name: str) -> Target:
    # Not all dependencies have wheels for Windows on ARM; it runs Pythons for x64 as well.
    return Target(name, "win32-x64", ("win_amd64",), ("nt", "win32", "Windows", "AMD64"))


_ALL = (
    _linux("linux-x64", "x86_64", _GLIBC),
    _linux("linux-arm64", "aarch64", _GLIBC),
    _linux("alpine-x64", "x86_64", _MUSL),
    _macos("darwin-x64", "x86_64"),
    _macos("darwin-arm64", "arm64"),
    _windows("win32-x64"),
    _windows("win32-arm64"),
)
TARGETS = {target.name: target for target in _ALL}


def this_machine() -> str:
    """The name of the target that runs this program; it need not be one that there is."""
    machines = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
    machine = platform.machine().lower()
    system = "alpine" if Path("/etc/alpine-release").exists() else sys.platform
    return f"{system}-{machines.get(machine, machine)}"
