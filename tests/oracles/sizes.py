"""Small sizes for chunks, segments and leaves, so that short texts have many seams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from promptls.prompts import outline
from promptls.text import buffer, sum_tree
from promptls.tokens import counter


class Sizes(NamedTuple):
    """Sizes as the package has them; see the constants of the same names."""

    chunk: tuple[int, int] = (buffer.CHUNK_FILL, buffer.CHUNK_MAX)
    leaf: tuple[int, int] = (sum_tree._LEAF_FILL, sum_tree.LEAF_MAX)
    segment: tuple[int, int] = (counter.SEGMENT_FILL, counter.SEGMENT_MAX)
    count_now: int = counter.COUNT_NOW_MAX
    run: int = counter.RUN_MAX
    window: int = counter._WINDOW
    settle_now: int = outline.SETTLE_NOW_MAX

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Make the package work with these sizes."""
        with pytest.MonkeyPatch.context() as patch:
            for module, names, values in (
                (buffer, ("CHUNK_FILL", "CHUNK_MAX"), self.chunk),
                (sum_tree, ("_LEAF_FILL", "LEAF_MAX"), self.leaf),
                (counter, ("SEGMENT_FILL", "SEGMENT_MAX"), self.segment),
                (counter, ("COUNT_NOW_MAX", "RUN_MAX"), (self.count_now, self.run)),
                (counter, ("_WINDOW",), (self.window,)),
                (outline, ("SETTLE_NOW_MAX",), (self.settle_now,)),
            ):
                for name, value in zip(names, values, strict=True):
                    patch.setattr(module, name, value)
            yield
