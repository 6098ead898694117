"""Make screenshots small: `python shrink.py PICTURE…` gives each a palette of its own, in place."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from scripts.animation import palette_of

LARGEST = 250_000
"""Bytes that a picture may have in the end."""


def main(paths: list[Path]) -> int:
    """Shrink all pictures; the exit code is 1 when one of them stays too large."""
    sizes = {path: shrink(path) for path in paths}
    too_large = [f"{path}: {size:,} bytes" for path, size in sizes.items() if size > LARGEST]
    print(*too_large, sep="\n", end="", file=sys.stderr)  # noqa: T201
    return 1 if too_large else 0


def shrink(path: Path) -> int:
    """Rewrite a PNG with a palette and give its new size in bytes."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    small = picture.quantize(palette=palette_of(picture), dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    raise SystemExit(main([Path(argument) for argument in sys.argv[1:]]))
