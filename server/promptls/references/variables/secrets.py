"""Which values look like secrets, so that hovers do not show them."""

from __future__ import annotations

import re
from collections import Counter
from math import log2

DOTS = "•" * 8
"""As long for every value, so that it does not tell how long a password is."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET_WORDS = frozenset(
    [
        "apikey",
        "credential",
        "credentials",
        "passcode",
        "passphrase",
        "passwd",
        "password",
        "passwords",
        "pwd",
        "secret",
        "secrets",
    ]
)
_COUNTED = frozenset(
    [
        "budget",
        "count",
        "length",
        "limit",
        "max",
        "maximum",
        "min",
        "minimum",
        "name",
        "number",
        "per",
        "size",
        "type",
        "usage",
    ]
)
"""Words that make a `token` one that is counted, not one that opens doors."""

_PREFIX = re.compile(
    r"sk-|sk_live_|rk_live_|gh[pousr]_|github_pat_|glpat-|npm_|hf_|pypi-|xox[abeoprs]-|AIza|SG\."
    r"|A[KS]IA(?=[A-Z0-9]{16})"
)
"""How the keys of OpenAI, Anthropic, Stripe, GitHub, GitLab, npm, Hugging Face, PyPI, Slack,
Google, SendGrid and AWS begin."""
_KNOWN = re.compile(
    rf"(?<![A-Za-z0-9_-])(?:{_PREFIX.pattern})[A-Za-z0-9_.-]{{16,}}"
    r"|(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"  # a JWT
    r"|-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"
    r"|://[^\s/:@]{0,100}:[^\s/@]{1,200}@"  # a password in a URL
)
_TOKEN = re.compile(r"(?:(?:basic|bearer|token)\s+)?([A-Za-z0-9+/_-]{20,}={0,2})", re.IGNORECASE)
_INNER_NAME = re.compile(r'"([A-Za-z0-9_.-]{1,100}+)":(?!null)')
"""A name in a value that is JSON."""
_HEX = re.compile(r"[0-9a-fA-F]{32,}")
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])")
_LONGEST_TOKEN = 4096
_LEAST_ENTROPY = 3.0
"""Bits for each character: random hexadecimal has nearly 4, a repeated pattern far less."""


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable had better not be shown, by its name or by its value."""
    if not value.strip():
        return False
    return (
        _secret_name(name)
        or _KNOWN.search(value) is not None
        or _random(value.strip())
        or any(_secret_name(inner) for inner in _INNER_NAME.findall(value))
    )


def mask(value: str) -> str:
    """Give what is shown in a secret's place: dots, behind a prefix that tells whose key it is."""
    prefix = _PREFIX.match(value)
    return f"{prefix[0] if prefix else ''}{DOTS}"


def _secret_name(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    if not _SECRET_WORDS.isdisjoint(words):
        return True
    if "token" in words and _COUNTED.isdisjoint(words):
        return True
    return bool(words) and words[-1] == "key"


def _random(value: str) -> bool:
    match = _TOKEN.fullmatch(value) if len(value) <= _LONGEST_TOKEN else None
    if match is None:
        return False
    token = match[1]
    if not (_MIXED.match(token) or _HEX.fullmatch(token)):
        return False
    return _entropy(token) >= _LEAST_ENTROPY


def _entropy(text: str) -> float:
    """Shannon's entropy, in bits for each character."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * log2(share) for share in shares)
