"""What every group of rows needs: the servers, a folder, and how long to go on."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import Client
from benchmarks.session import Session

_HERE = Path(__file__).resolve().parent
_VOCABULARIES = _HERE.parent / "server" / "promptls" / "tokens" / "vocabularies"
_TIKTOKEN_URL = "https://openaipublic.blob.core.windows.net/encodings/"


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of the benchmarks."""

    command: tuple[str, ...]
    """The command line of the server that is measured."""
    folder: Path
    """An empty folder for this run; the servers' workspace lies in it."""
    env: Mapping[str, str]
    """The environment of every process that is started."""
    quick: bool

    @classmethod
    def make(cls, command: tuple[str, ...], folder: Path, quick: bool) -> Bench:
        """Prepare a run: tiktoken finds its vocabularies here, promptls no cache or settings.

        Bytecode is written here as well, by the warm-up: every start then finds it, as it does
        where packages are installed, whatever this process's environment says.
        """
        tiktoken_cache = folder / "tiktoken"
        tiktoken_cache.mkdir()
        for file in _VOCABULARIES.glob("*.tiktoken"):
            key = hashlib.sha1((_TIKTOKEN_URL + file.name).encode(), usedforsecurity=False)
            (tiktoken_cache / key.hexdigest()).write_bytes(file.read_bytes())
        env = dict(os.environ, TIKTOKEN_CACHE_DIR=str(tiktoken_cache))
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
            env[f"XDG_{kind}_HOME"] = str(folder / "xdg" / kind.lower())
        (folder / "workspace").mkdir()
        return cls(command, folder, env, quick)

    @property
    def workspace(self) -> Path:
        """The folder that the servers are told of."""
        return self.folder / "workspace"

    def rounds(self, full: int) -> int:
        """How many rounds to measure: `full`, or a fifth of them in a quick run."""
        return max(2, full // 5) if self.quick else full

    def program(self, name: str, *arguments: str) -> tuple[str, ...]:
        """Give the command line of one of this folder's programs, kept clear of its modules."""
        return (sys.executable, "-P", str(_HERE / f"{name}.py"), *arguments)

    @contextmanager
    def ours(
        self,
        engine: str = "tiktoken",
        *,
        workspace: Path | None = None,
        cache: str = "cache",
        hosts: Sequence[str] = (),
    ) -> Iterator[Session]:
        """Start the server under test.

        `cache` names its cache folder: one that was not used before has nothing in it.
        """
        env = {**self.env, "XDG_CACHE_HOME": str(self.folder / "xdg" / cache)}
        with Client(self.command, env) as client:
            yield Session(client, workspace or self.workspace, engine, hosts)

    @contextmanager
    def stock(self, name: str) -> Iterator[Session]:
        """Start one of the servers to compare with."""
        with Client(self.program(name), self.env) as client:
            yield Session(client, self.workspace)
