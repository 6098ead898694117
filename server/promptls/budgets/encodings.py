"""Which tiktoken encoding an OpenAI model uses."""

from __future__ import annotations

import re

# Spellings that tiktoken's own table (tiktoken/model.py) leaves out of models that it has, and
# codex-mini, which by OpenAI's model page is a fine-tuned o4-mini.
_SPELLED_OTHERWISE = (
    ("gpt-3.5-", "cl100k_base"),
    ("gpt-35-", "cl100k_base"),
    ("gpt-4.5", "o200k_base"),
    ("gpt-4o:", "o200k_base"),
    ("codex-mini", "o200k_base"),
)
# Later than tiktoken's table. Every OpenAI text model since GPT-4o (May 2024) has used o200k_base;
# a profile with such a name is an estimate until tiktoken lists it.
_PRESUMED = re.compile(r"(chat)?gpt-(\d|audio|realtime|live|chat|rosalind)|o\d|codex-|computer-use")
PRESUMED_ENCODING = "o200k_base"


def published_encoding(name: str) -> str | None:
    """Give the encoding of a model by tiktoken's table, else None.

    `name` is lower case without a provider. The base model decides for a fine-tune
    (`ft:gpt-4.1-mini-2025-04-14:org::id`): tiktoken's own table says cl100k_base for everything
    that begins with `ft:gpt-4`, which is wrong for 4.1.
    """
    from tiktoken.model import encoding_name_for_model

    base = base_of_fine_tune(name)
    try:
        return encoding_name_for_model(base)
    except KeyError:
        pass
    return next(
        (encoding for prefix, encoding in _SPELLED_OTHERWISE if base.startswith(prefix)), None
    )


def is_presumed_openai(name: str) -> bool:
    """Whether a name looks like an OpenAI text model that tiktoken does not list yet."""
    return _PRESUMED.match(base_of_fine_tune(name)) is not None


def base_of_fine_tune(name: str) -> str:
    """`gpt-4o-mini` for `ft:gpt-4o-mini:org::id`; any other name as it is."""
    return name.split(":")[1] if name.startswith("ft:") else name
