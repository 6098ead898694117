"""Paths as the dialects compare them: in lower case, below the workspace folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath


def comparable_parts(path: PurePath, root: PurePath | None) -> tuple[str, ...]:
    """Split `path` into parts in lower case, from `root` on where it lies below it.

    What the folders above a workspace are called says nothing of its documents: a checkout may
    lie in `.claude/worktrees`. The root's own name counts only where it is a tool's folder, so
    that a workspace opened at `~/.claude` is still Claude's.
    """
    if root is not None and path.is_relative_to(root):
        head = (root.name,) if root.name.startswith(".") else ()
        parts = (*head, *path.relative_to(root).parts)
    else:
        parts = path.parts
    return tuple(part.lower() for part in parts)


def lies_below(parts: Sequence[str], folder: str) -> bool:
    """Whether `folder` (`/` between its parts) is among the folders of a path's parts."""
    wanted = tuple(folder.split("/"))
    width = len(wanted)
    return any(tuple(parts[start : start + width]) == wanted for start in range(len(parts) - width))
