"""Draw docs/demo.svg from what `make demo` really prints on a terminal."""

from __future__ import annotations

import io
import os
import pty
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "demo.svg"
COLUMNS = 112
FIRST = "CLAUDE.md"
"""The document whose part of the output is drawn, up to the next document."""


def main() -> int:
    """Run the demo in a pseudo-terminal and draw one document of it."""
    printed = _run([sys.executable, "-m", "scripts.demo"])
    lines = Text.from_ansi(printed.replace("\r\n", "\n")).split("\n")
    starts = [at for at, line in enumerate(lines) if line.plain.startswith(FIRST)]
    if not starts:
        print("the demo did not print what was to be drawn", file=sys.stderr)
        return 1
    stop = next(at for at in range(starts[0] + 1, len(lines)) if _is_heading(lines[at].plain))
    console = Console(width=COLUMNS, record=True, file=io.StringIO(), force_terminal=True)
    for line in lines[starts[0] : stop]:
        console.print(line, overflow="ellipsis", no_wrap=True)
    PICTURE.write_text(console.export_svg(title="make demo"), "utf-8")
    print(f"wrote {PICTURE}")
    return 0


def _is_heading(line: str) -> bool:
    return bool(line) and not line.startswith(" ") and ": " in line


def _run(command: list[str]) -> str:
    """What a command prints when it writes to a terminal."""
    os.environ["COLUMNS"] = str(COLUMNS)
    os.chdir(ROOT)
    output = bytearray()

    def read(descriptor: int) -> bytes:
        data = os.read(descriptor, 1 << 16)
        output.extend(data)
        return data

    sys.stdout.flush()
    saved = os.dup(1)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a descriptor is needed
        os.dup2(nowhere.fileno(), 1)
        try:
            pty.spawn(command, read)
        finally:
            os.dup2(saved, 1)
            os.close(saved)
    return output.decode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main())
