"""Dotprompt (Genkit): Handlebars templates with role helpers.

Its parser lets blank lines and `#` comments, a licence for instance, stand before the front
matter.
"""

from promptls.prompts.dialects.model import Dialect

DOTPROMPT = Dialect(
    name="dotprompt",
    title="Dotprompt",
    suffixes=(".prompt",),
    language_ids=frozenset({"dotprompt"}),
    role_lines=True,
    role_helpers=True,
    header_comments=True,
    forms=("partial", "template"),
    paths="partials",
)
