"""Model names as people and tools write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from promptls.budgets.families import CLAUDE_NEW

# Front matter can be nested without end: YAML anchors even make cycles.
_MAX_DEPTH = 3
_MAX_ENTRIES = 8
MAX_LENGTH = 200
"""Characters; a longer text is no model's name."""

# Prompty writes `id` (version 2) or `configuration` (version 1); the other keys are what tools
# around LangChain, Semantic Kernel and Azure use. A deployment's name is its owner's choice, often
# the model's: it comes last.
_NAME_KEYS = ("id", "model", "name", "model_name", "modelId", "configuration")
_DEPLOYMENT_KEYS = ("azure_deployment", "deployment", "deployment_name")
_PLACEHOLDER = re.compile(r"\$\{|\{\{|^[\[<%$]|^\{")

ALIASES: dict[str, str | None] = {
    # The tool decides.
    "inherit": None,
    "auto": None,
    "default": None,
    "best": None,
    "max": None,
    "fast": None,
    "pro": None,
    "copilot": None,
    # Claude Code's: the newest model of a line, so the newest tokenizer is the likely one.
    "sonnet": CLAUDE_NEW,
    "opus": CLAUDE_NEW,
    "haiku": CLAUDE_NEW,
    "opusplan": CLAUDE_NEW,
    "fable": CLAUDE_NEW,
    "mythos": CLAUDE_NEW,
    "claude": CLAUDE_NEW,
    # Gemini CLI's.
    "gemini": "gemini",
    "flash": "gemini",
    "flash-lite": "gemini",
}
"""Names that tools give to "whichever model": the family where it is plain, else None."""

ALIAS_PROVIDERS = {CLAUDE_NEW: "anthropic", "gemini": "google"}

HOSTS: dict[str, str] = {
    "openai": "openai",
    "azure": "azure",
    "azure-openai": "azure",
    "azureopenai": "azure",
    "azure-ai": "azure",
    "foundry": "azure",
    "anthropic": "anthropic",
    "claude": "anthropic",
    "google": "google",
    "googleai": "google",
    "google-genai": "google",
    "google-gla": "google",
    "google-vertex": "google",
    "vertexai": "google",
    "vertex-ai": "google",
    "gemini": "google",
    "aws": "aws",
    "bedrock": "aws",
    "copilot": "github-copilot",
    "github-copilot": "github-copilot",
    "openrouter": "openrouter",
    "mistral": "mistral",
    "mistralai": "mistral",
    "groq": "groq",
    "xai": "x-ai",
    "x-ai": "x-ai",
    "deepseek": "deepseek",
    "cohere": "cohere",
    "fireworks": "fireworks",
    "together": "together",
    "together-ai": "together",
}
"""What people write before a model's name, and what genai-prices calls that provider."""

LOCAL_HOSTS = frozenset({"ollama", "lmstudio", "lm-studio", "llamacpp", "vllm", "local"})
"""Programs that serve models under names of the user's own."""

_TRAILING_GROUP = re.compile(r"\s*\(([^()]*)\)\s*$")
_LONG_CONTEXT = re.compile(r"\[1m\]$")


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A written name, taken apart."""

    hosts: tuple[str, ...]
    """Who serves it, as written, in lower case: the outermost first."""
    model: str
    """The rest, in lower case with hyphens for spaces."""
    window: int | None
    """A window that the name itself states: Claude Code's suffix `[1m]`."""


def model_name(value: object) -> str | None:
    """Read the model that a `model` value of front matter or settings names.

    The value may be a name, a list (its first usable entry) or a mapping such as Prompty's. None
    when it names none: another type, nothing, or a placeholder (`${env:MODEL}`, `[Model Name]`).
    """
    return _model_name(value, _MAX_DEPTH)


def _model_name(value: object, depth: int) -> str | None:
    if isinstance(value, str):
        if len(value) > MAX_LENGTH:
            return None
        name = value.strip()
        return name if name and not _PLACEHOLDER.search(name) else None
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        entries = [value.get(key) for key in (*_NAME_KEYS, *_DEPLOYMENT_KEYS)]
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        entries = list(value[:_MAX_ENTRIES])
    else:
        return None
    found = (_model_name(entry, depth - 1) for entry in entries)
    return next((one for one in found if one is not None), None)


def parse_name(name: str) -> ParsedName:
    """Take a name apart: `azure/gpt-4o`, `openai:gpt-4.1`, `GPT-5 mini (Preview) (copilot)`."""
    text = name.strip().lower()
    hosts: list[str] = []
    while (group := _TRAILING_GROUP.search(text)) is not None:
        hosts.append(_hyphenated(group[1]))
        text = text[: group.start()]
    window = 1_000_000 if _LONG_CONTEXT.search(text) else None
    text = _hyphenated(_LONG_CONTEXT.sub("", text))
    *before, text = text.split("/")
    hosts += before
    host, colon, rest = text.partition(":")
    if colon and (host in HOSTS or host in LOCAL_HOSTS):
        hosts.append(host)
        text = rest
    return ParsedName(tuple(host for host in hosts if host), text, window)


def spellings(model: str) -> tuple[str, ...]:
    """List a name and its plainer forms, without cloud prefix, tag and date; most exact first."""
    forms = [model]
    # Bedrock: `us.anthropic.claude-sonnet-4-5-20250929-v1:0`.
    forms.append(re.sub(r"^(?:[a-z]{2,6}\.)?(?:anthropic|meta|amazon|mistral)\.", "", forms[-1]))
    forms.append(re.sub(r":[^:]*$", "", forms[-1]) if not model.startswith("ft:") else forms[-1])
    forms.append(re.sub(r"-(?:preview|latest|beta)$", "", forms[-1]))
    forms.append(re.sub(r"[-@](?:\d{8}|\d{4}-\d{2}-\d{2})(?:-v\d+)?$", "", forms[-1]))
    return tuple(dict.fromkeys(form for form in forms if form))


def lookup_key(name: str) -> str:
    """One form for the spellings of a name: `Claude Haiku 3.5` and `claude-haiku-3-5` are one."""
    return re.sub(r"[\s._-]+", "-", name.lower()).strip("-")


def _hyphenated(text: str) -> str:
    return re.sub(r"[\s_]+", "-", text.strip())
