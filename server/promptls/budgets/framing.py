"""Tokens that a provider adds around chat messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from promptls.budgets.families import OPENAI
from promptls.budgets.profile import Accuracy, ModelProfile

# OpenAI cookbook, "How to count tokens with tiktoken", `num_tokens_from_messages`.
TOKENS_PER_MESSAGE = 3
TOKENS_PRIMING_REPLY = 3
# Every role the API takes (system, developer, user, assistant, tool, function) is one token in
# cl100k_base and in o200k_base.
TOKENS_PER_ROLE = 1

# The models that the cookbook checks against the API, and their snapshots.
_DOCUMENTED = re.compile(r"(ft:)?gpt-(3\.5-turbo|35-turbo|4|4o)(?![\w.])(?!-instruct)")
# The same chat format, without OpenAI's word for it. Reasoning models (o1, GPT-5 and later) get
# instructions of their own, whose length is not published.
_ALIKE = re.compile(r"(ft:)?(gpt-4\.[15]|chatgpt-4o)")


@dataclass(frozen=True, slots=True)
class ChatFraming:
    """Tokens around the messages of a chat, and how sure they are."""

    tokens: int
    accuracy: Accuracy


def framing(profile: ModelProfile, messages: int) -> ChatFraming | None:
    """Count the framing of so many messages; a document without role lines is one message.

    None for a model whose framing is not known. Not part of what budgets count.
    """
    if profile.family != OPENAI:
        return None
    name = profile.name.rpartition("/")[2]
    if _DOCUMENTED.match(name):
        accuracy: Accuracy = "exact"
    elif _ALIKE.match(name):
        accuracy = "estimate"
    else:
        return None
    tokens = max(1, messages) * (TOKENS_PER_MESSAGE + TOKENS_PER_ROLE) + TOKENS_PRIMING_REPLY
    return ChatFraming(tokens, accuracy)
