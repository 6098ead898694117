"""What may be brought in: the access policy, decided without looking at any file.

The path half is here; hosts and addresses are judged by `references.api.addresses`. A path is to
be judged after symbolic links are followed, best on the descriptor that is read (`files.opening`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

SAFE_ENV_SUFFIXES = (".example", ".sample", ".template", ".dist", ".defaults")
"""Endings of `.env` files that are written to be shared, without secrets."""

_NAMES: tuple[tuple[str, str], ...] = (
    (r"\.env(?:rc|[.\-_].*)?", "files of this name hold a program's secrets"),
    (r".*\.env", "files of this name hold a program's secrets"),
    (r".*\.(?:pem|key|ppk|p8|pk8|p12|pfx|jks|keystore|kdbx?|agekey)", "it is a key or key store"),
    (r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?!.*\.pub$).*", "it is a private SSH key"),
    (r"\.git-credentials|\.netrc|_netrc|\.pgpass|\.my\.cnf", "it holds passwords for other hosts"),
    (r"\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.gem_credentials", "it may hold a registry's token"),
    (r"\.htpasswd|\.vault[-_]?(?:pass|token).*|\.dockercfg", "it holds passwords or tokens"),
    (r"credentials(?:\.(?:json|ya?ml|toml|ini|xml|db|csv))?", "it holds credentials"),
    (r"(?:service[-_]account|application_default_credentials).*\.json", "it holds credentials"),
    (r"\.(?:bash|zsh|python|psql|mysql|sqlite)_history", "what was typed there may be secret"),
    (r".*\.tfstate(?:\.backup)?|.*\.tfvars", "it may hold secrets of an infrastructure"),
)
"""Names of files that are not read, as regular expressions in lower case, each with its reason."""

_FOLDERS: tuple[tuple[str, str], ...] = (
    (r"\.ssh", "that folder holds private keys"),
    (r"\.gnupg", "that folder holds private keys"),
    (r"\.(?:aws|azure|kube)", "that folder holds credentials of a cloud"),
    (r"\.git", "git keeps credentials and hooks there"),
    (r"\.(?:docker|password-store)", "that folder holds passwords"),
)
"""Folders that nothing is read from, at any depth below."""


def _alternatives(table: tuple[tuple[str, str], ...]) -> str:
    return "|".join(f"(?P<r{number}>{pattern})" for number, (pattern, _) in enumerate(table))


_NAME = re.compile(_alternatives(_NAMES), re.DOTALL)
_FOLDER = re.compile(rf"[/\\](?:{_alternatives(_FOLDERS)})(?=[/\\])")


def secret_reason(path: str) -> str | None:
    """Why a file is taken to be secret by its name or its folder; None if it is not."""
    lower = path.lower()
    folder = _FOLDER.search(lower)
    if folder is not None:
        return _reason(folder, _FOLDERS)
    name = _NAME.fullmatch(lower, max(lower.rfind("/"), lower.rfind("\\")) + 1)
    if name is None or (lower.endswith(SAFE_ENV_SUFFIXES) and ".env" in lower):
        return None
    return _reason(name, _NAMES)


def _reason(found: re.Match[str], table: tuple[tuple[str, str], ...]) -> str:
    return table[int((found.lastgroup or "r0")[1:])][1]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a path may not be read, and what to do about it."""

    reason: str
    way_out: str


_REFUSED_NAME_WAY_OUT = (
    "Write what the prompt needs of it into a file of another name; secrets belong in no prompt."
)
_UNTRUSTED_WAY_OUT = (
    "Move the file into the workspace; the machine setting `allowedRoots` counts only where the "
    "workspace is trusted."
)
_OUTSIDE_WAY_OUT = (
    "Move the file into the workspace, or add its folder to the machine setting `allowedRoots`."
)


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """What the user allows. Roots are followed through symbolic links once, when it is made."""

    roots: tuple[Path, ...] = ()
    """The workspace folders."""
    allowed_roots: tuple[Path, ...] = ()
    """Other folders that the machine's user allows; they count only when `trusted`."""
    trusted: bool = False
    network: bool = True
    """Whether the user wants any request made; without `trusted`, none is."""
    hosts: tuple[str, ...] = ()
    """`example.com`, `*.example.com`, `host:port`, `[::1]:8080`."""
    environment: frozenset[str] = frozenset()
    """Names of environment variables that may be read when `trusted`."""
    _real: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _named: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        folders = (*self.roots, *(self.allowed_roots if self.trusted else ()))
        real = prefixes(os.path.realpath(folder) for folder in folders)
        named = prefixes(os.path.abspath(folder) for folder in folders)  # noqa: PTH100 - follows no links
        object.__setattr__(self, "_real", real)
        object.__setattr__(self, "_named", tuple(dict.fromkeys(real + named)))

    def refusal(self, real_path: str, home: str = "", *, secrets: bool = False) -> Refusal | None:
        """Why a file may not be read, or None.

        `real_path` is absolute, with all links followed. `home` is one more folder that counts as
        a root: that of a document outside of all workspace folders (a real path; "" for none).
        With `secrets`, names like `.env` are not refused: the user has named that very file.
        """
        path = os.path.normcase(real_path)
        # str.startswith takes the tuple at once; every prefix ends with a separator.
        if not path.startswith(self._real) and not (home and _lies_in(path, home)):
            return self._outside()
        reason = None if secrets else secret_reason(path)
        return None if reason is None else Refusal(reason, _REFUSED_NAME_WAY_OUT)

    def outside(self, path: str, home: str = "") -> Refusal | None:
        """Why a path as it is named may not even be looked for, or None.

        It must be absolute and normal. What is named inside may still lead out by a link.
        """
        folder = os.path.join(os.path.normcase(path), "")  # noqa: PTH118 - a string's end
        if folder.startswith(self._named) or (home and _lies_in(folder, home)):
            return None
        return self._outside()

    def relative(self, real_path: str) -> str:
        """A path as a reader calls it: from its root where it has one, with `/` between names."""
        path = os.path.normcase(real_path)
        start = max((len(root) for root in self._real if path.startswith(root)), default=0)
        return real_path[start:].replace(os.sep, "/")

    def _outside(self) -> Refusal:
        way_out = _OUTSIDE_WAY_OUT if self.trusted else _UNTRUSTED_WAY_OUT
        return Refusal("it lies outside of the workspace", way_out)


def prefixes(folders: Iterable[str]) -> tuple[str, ...]:
    """Folders so that whatever lies in one of them starts with it."""
    return tuple(os.path.join(os.path.normcase(folder), "") for folder in folders)  # noqa: PTH118


def _lies_in(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(os.path.normcase(folder), ""))  # noqa: PTH118
