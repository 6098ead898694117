"""Which files a target may name, by the rule of the dialect and form that it is written in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from promptls.references.files.uris import from_uri
from promptls.references.model import Site

# Strings and os.path, not Paths: this is done for each of thousands of references.
join = os.path.join
_RULES_BY_NAME = {"cursor": ".cursor/rules/{}.mdc"}
"""Where a dialect keeps what a bare name without a suffix may stand for."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the targets in one file are looked up against. Paths are absolute, "" for none."""

    folder: str
    """The folder of the file."""
    root: str
    """The workspace folder."""
    home: str
    """The real path of what counts as a root beside the policy's."""
    user: str
    """The user's own folder, for `~`."""
    dialect: str
    rule: str
    """The dialect's PathRule."""
    aliases: tuple[tuple[str, str], ...]
    """Prefixes of targets with their replacements, the longest first."""

    @classmethod
    def of(cls, site: Site, home: str) -> Ground:
        """The ground of a site, given its `home_of`."""
        root = root_of(site)
        return cls(
            root if site.path is None else os.path.dirname(site.path),  # noqa: PTH120
            root,
            home,
            os.path.expanduser("~"),  # noqa: PTH111
            site.dialect.name,
            site.dialect.paths,
            _ordered(site.aliases),
        )


def home_of(site: Site) -> str:
    """The real path of the folder that counts as a root beside the policy's; "" for none."""
    root = root_of(site)
    return os.path.realpath(root) if root else ""


def root_of(site: Site) -> str:
    """The workspace folder; for a document outside of all of them, its own folder."""
    if site.root is not None:
        return str(site.root)
    return "" if site.path is None else os.path.dirname(site.path)  # noqa: PTH120


def _ordered(aliases: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = [(prefix.rstrip("/"), replacement) for prefix, replacement in aliases.items()]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def is_native(form: str) -> bool:
    """Whether a form is ours: globs and folders may be named, and our own path rule holds."""
    return form in ("", "native")


def paths_of(target: str, ground: Ground, form: str) -> tuple[str, ...]:
    """The normal, absolute paths that a target may mean, the first that is there decides.

    None where nothing is known that it could be relative to.
    """
    if not target or "\0" in target:
        return ()
    for prefix, replacement in ground.aliases:
        if target == prefix or target.startswith(prefix + "/"):
            rest = target[len(prefix) :].lstrip("/")
            return _below(ground.root, join(replacement, rest) if rest else replacement)
    if target[:5].lower() == "file:":
        path = from_uri(target)
        return () if path is None else (os.path.normpath(path),)
    rule = "native" if is_native(form) else ground.rule
    if target == "~" or target.startswith("~/"):
        if rule in ("native", "importing-file"):
            return _below(ground.user, target[2:] or ".")
    elif os.path.isabs(target):  # noqa: PTH117
        if rule == "importing-file":
            return (os.path.normpath(target),)
        # A drive or a share is no path in the workspace; a leading slash is its root.
        rest = target.lstrip("/")
        if os.path.isabs(rest):  # noqa: PTH117
            return (os.path.normpath(rest),)
        return _below(ground.root, rest)
    return _relative(target, ground, rule)


def _relative(target: str, ground: Ground, rule: str) -> tuple[str, ...]:
    if rule == "partials":
        head, _, name = target.rpartition("/")
        return _below(ground.folder, join(head, f"_{name}.prompt"))
    near = _below(ground.folder, target)
    far = _below(ground.root, target)
    if rule == "workspace":
        where = _RULES_BY_NAME.get(ground.dialect)
        if where is not None and "/" not in target and "." not in target:
            far += _below(ground.root, where.format(target))
        return far
    if rule != "native" or _is_explicit(target) or near == far:
        return near
    return near + far


def _is_explicit(target: str) -> bool:
    return target in (".", "..") or target.startswith(("./", "../"))


def _below(folder: str, path: str) -> tuple[str, ...]:
    return (os.path.normpath(f"{folder}/{path}"),) if folder else ()
