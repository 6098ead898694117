"""Continue: prompts and rules in `.continue` (the file's name avoids a Python keyword)."""

from promptls.prompts.dialects.model import Dialect

CONTINUE = Dialect(
    name="continue",
    title="Continue",
    folders=(
        (".continue", (".prompt",)),
        (".continue/prompts", (".md",)),
        (".continue/rules", (".md",)),
    ),
    role_lines=True,
    forms=("at-url", "at-path"),
    paths="workspace",
    depth=1,
    transitive=False,
)
