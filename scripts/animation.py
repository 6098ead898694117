"""Put screenshots together to an animation: `python -m scripts.animation FRAMES.json TARGET.gif`.

The list holds `{"file": …, "milliseconds": …}` for each frame, files beside the list. All frames
share one palette; one that shows what the one before it shows makes that one last longer.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import cast

from PIL import Image, ImageChops

COLOURS = 256
SAMPLES = 6
"""Frames that the palette is made of, spread evenly from the first to the last."""
LARGEST = 1_500_000
"""Bytes that an animation may have."""
LONGEST = 10_000
"""Milliseconds that an animation may last."""


@dataclass
class Frame:
    """A picture and for how long it is shown."""

    picture: Image.Image
    milliseconds: int


def main(frame_list: Path, target: Path) -> int:
    """Write the animation; the exit code is 1 when it is too large or too long."""
    frames = changed(read(frame_list))
    write(frames, target)
    size, duration = target.stat().st_size, sum(frame.milliseconds for frame in frames)
    print(f"{target}: {len(frames)} frames, {duration / 1000:.1f} s, {size / 1000:,.0f} kB")
    return 1 if size > LARGEST or duration > LONGEST else 0


def read(frame_list: Path) -> list[Frame]:
    """Read all frames of a list."""
    entries = json.loads(frame_list.read_text("utf-8"))
    return [
        Frame(Image.open(frame_list.parent / entry["file"]).convert("RGB"), entry["milliseconds"])
        for entry in entries
    ]


def changed(frames: list[Frame]) -> list[Frame]:
    """Give the frames that differ from the one before, which lasts as long as its like."""
    kept: list[Frame] = []
    for frame in frames:
        if kept and ImageChops.difference(kept[-1].picture, frame.picture).getbbox() is None:
            kept[-1].milliseconds += frame.milliseconds
        else:
            kept.append(Frame(frame.picture, frame.milliseconds))
    return kept


def write(frames: list[Frame], target: Path) -> None:
    """Write frames as a GIF that runs for ever, only what changes in each of them."""
    palette = shared_palette(frames)
    first, *others = [
        frame.picture.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    first.save(
        target,
        save_all=True,
        append_images=others,
        duration=[frame.milliseconds for frame in frames],
        loop=0,
        disposal=1,
        optimize=False,
    )


def shared_palette(frames: list[Frame]) -> Image.Image:
    """Make a palette of some of the frames, laid one below the other."""
    step = max(1, (len(frames) - 1) // (SAMPLES - 1))
    samples = [frame.picture for frame in frames[::step]]
    width, height = samples[0].size
    sheet = Image.new("RGB", (width, height * len(samples)))
    for place, sample in enumerate(samples):
        sheet.paste(sample, (0, place * height))
    return palette_of(sheet)


def palette_of(picture: Image.Image) -> Image.Image:
    """Make a palette for a picture of a window.

    Surfaces keep their colours to the letter: three quarters of the palette are the colours that
    most pixels have. The rest is spread over the others, so that small signs keep theirs nearly.
    """
    found = cast(
        list[tuple[int, tuple[int, int, int]]], picture.getcolors(picture.width * picture.height)
    )
    colours = [colour for _, colour in sorted(found, reverse=True)]
    exact, others = colours[: COLOURS * 3 // 4], colours[COLOURS * 3 // 4 :]
    if others:
        row = Image.new("RGB", (len(others), 1))
        row.putdata(others)
        spread = row.quantize(COLOURS - len(exact), method=Image.Quantize.MAXCOVERAGE).getpalette()
    else:
        spread = []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*chain.from_iterable(exact), *(spread or [])])
    return palette


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
