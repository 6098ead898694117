"""Files that references name and that are not there: where they would be made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from promptls.lsp.uris import to_uri
from promptls.prompts.references import Reference
from promptls.references.model import Site
from promptls.references.policy import AccessPolicy


class Missing(NamedTuple):
    """A file that can be made."""

    uri: str
    name: str
    """What a reader calls it."""


def uri_to_make(reference: Reference, site: Site, policy: AccessPolicy) -> Missing | None:
    """The file to make for a reference to be found; None where it could not be read then.

    Looks at the file system. Names no file for globs and folders.
    """
    from promptls.references.files.listing import Pattern
    from promptls.references.files.lookup import Ground, home_of, is_native, paths_of

    target = reference.target
    if target.endswith("/") or (is_native(reference.form) and Pattern.of(target) is not None):
        return None
    ground = Ground.of(site, home_of(site))
    path = next(iter(paths_of(target, ground, reference.form)), None)
    if path is None or policy.outside(path, ground.home) is not None:
        return None
    try:
        real = os.path.realpath(path)
    except ValueError:  # it holds lone surrogates
        return None
    if os.path.lexists(path) or policy.refusal(real, ground.home) is not None:
        return None
    return Missing(to_uri(Path(path)), policy.relative(real))
