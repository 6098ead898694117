"""The forms of each tool. Lines marked so are from the corpus."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from tests.prompts.references.notation import grammar_of, written

from promptls.prompts.dialects import at_place, detect
from promptls.prompts.references import ReferenceGrammar

CLAUDE = [
    # Corpus: get-shit-done.
    (
        "@~/.claude/get-shit-done/references/ui-brand.md",
        ["file ~/.claude/get-shit-done/references/ui-brand.md"],
    ),
    ("@.planning/STATE.md", ["file .planning/STATE.md"]),
    ("Uses @react-three/fiber and @id", ["file react-three/fiber candidate", "file id candidate"]),
    ("import { Canvas } from '@react-three/fiber'", []),
    ("`@~/.claude/get-shit-done/references/tdd.md`", []),
    ("@$HOME/.claude/get-shit-done/references/gates.md", []),
    (
        "path aliases (@/lib, @/services)",
        ["file /services none broken by ) reference/trailing-punctuation"],
    ),
    ("(@-references)", []),
    ("[package@version]", []),
    # The tool's own examples.
    ("See @README for an overview", ["file README candidate"]),
    ("See @package.json for commands", ["file package.json candidate"]),
    ("- git workflow @docs/git-instructions.md", ["file docs/git-instructions.md"]),
    ("@./x @../y @/etc/hosts", ["file ./x", "file ../y", "file /etc/hosts"]),
    ("@notes.txt @rules.mdc @AGENTS.md", ["file notes.txt", "file rules.mdc", "file AGENTS.md"]),
    ("@docs/a\\ b.md", ["file docs/a b.md"]),
    ("\ufeff@docs/x.md", ["file docs/x.md"]),
    ("@docs/x.md#setup", ["file docs/x.md"]),
    ("@app/(site)/[id].tsx", ["file app/(site)/[id].tsx"]),
    ("\tand @docs/x.md</context>", ["file docs/x.md"]),
    ("See [the guide at @docs/x.md](https://x.org)", ["file docs/x.md"]),
    ("*as in @docs/x.md*", ["file docs/x.md"]),
    # Punctuation breaks an import (anthropics/claude-code 86060).
    (
        "The workflow is in @agent-workflow.md: when",
        ["file agent-workflow.md none broken by : reference/trailing-punctuation"],
    ),
    ("@docs/x.md, and", ["file docs/x.md none broken by , reference/trailing-punctuation"]),
    ("read @docs/x.md.", ["file docs/x.md none broken by . reference/trailing-punctuation"]),
    ("@docs/x.md's", ["file docs/x.md none broken by 's reference/trailing-punctuation"]),
    ("@param, @README", ["file param candidate none broken by ,", "file README candidate"]),
    # No references.
    ("mail me@example.com or a.b@c.d/e.md", []),
    ("(@docs/x.md", []),
    ('"@docs/x.md"', []),
    ("\\@docs/x.md", []),
    ("@src/**/*.ts and @src/*", []),
    ("@dataclass(frozen=True)", []),
    ("@https://example.com/x.md", []),
    ("@docs/<name>.md and @docs/{name}.md", []),
    ("@ @. @.. @./ @/ @~ @- @@x @#x @&x", []),
    ("@types/node@20.1.x", ["file types/node@20.1.x candidate"]),
    ("@media print", ["file media candidate"]),
    # Not in memory files.
    ("$ARGUMENTS and $1", []),
    # What Copilot loads.
    ("#file:docs/x.md", ["file docs/x.md candidate none for GitHub Copilot"]),
]

COMMAND = [
    ("Phase: $ARGUMENTS — optional", ["var ARGUMENTS deferred"]),
    (
        "$1 and $2, $ARGUMENTS[0]",
        ["var 1 deferred", "var 2 deferred", "var ARGUMENTS[0] deferred"],
    ),
    ("Review @$1 and @$1/README.md.", ["file $1 deferred", "file $1/README.md deferred"]),
    ("@docs/$1.md", ["file docs/$1.md deferred"]),
    ("costs $5.00, $1,000 or $2k, $ARGUMENTS_X, \\$1, $$1, $0", []),
    ("`$ARGUMENTS`", []),
]

GEMINI = [
    ("@./components/style.md", ["file ./components/style.md"]),
    ("@style.md", ["file style.md"]),
    ("@style.md, and", ["file style.md none broken by , reference/trailing-punctuation"]),
]

CURSOR = [
    ("@service-template.ts", ["file service-template.ts candidate"]),
    (
        "Follow @src/api/errors.ts, please (see @docs/x.md).",
        ["file src/api/errors.ts", "file docs/x.md"],
    ),
    ("@style-rule", ["file style-rule candidate"]),
    ("from '@/lib/x'", []),
]

CONTINUE = [
    ("@src/test.py", ["file src/test.py"]),
    ("@https://example.com/docs, too", ["api https://example.com/docs"]),
    ("(@https://example.com/a?max=1)", ["api https://example.com/a?max=1"]),
    ("x@https://example.com", []),
]

COPILOT = [
    # Corpus: awesome-copilot.
    ("#file:script.js ", ["file script.js attached"]),
    ("Use #file:index.html:94-99 to see", ["file index.html lines=94-99 attached"]),
    (
        "- **#file:{{file}}** (required)",
        ["file {{file}} deferred attached"],
    ),
    (
        "- **Terraform**: Follow [terraform.instructions.md](terraform.instructions.md)",
        ["file terraform.instructions.md attached"],
    ),
    (
        "in [name](./create-spring-boot-java-project.prompt.md#download)",
        ["file ./create-spring-boot-java-project.prompt.md attached"],
    ),
    ("should be saved in the [/spec/](/spec/) directory", []),
    ("review for ${selection} (or all)", ["var selection deferred"]),
    ("in ${workspaceFolder} for .md", ["var workspaceFolder deferred"]),
    ("# ${input:SpikeTitle}", ["var SpikeTitle candidate"]),
    ("${input:Timebox|1 week} ${input:name:a b}", ["var Timebox candidate", "var name candidate"]),
    ("- Use @nestjs/config for configuration", []),
    ("- Define @get, @post and @route", []),
    ("${PROJECT_TYPE} ${{ secrets.KEY }} ${language:comment}", []),
    ("#tool:runSubagent and #codebase", []),
    # Links.
    ("[a](b.md) ![c](d.md) [![e](f.png)](g.md)", ["file b.md attached", "file g.md attached"]),
    ("[a](<b c.md> 'title') [d](e%20f.md \"t\")", ["file b c.md attached", "file e f.md attached"]),
    ("[a](https://x.org/y.md) [b](#c) [d](mailto:e@f.g) [h](//i.md) []()", []),
    ("[a](b(1).md) [c](d\\).md)", ["file b(1).md attached", "file d).md attached"]),
    ("[a [b](c.md) d](e.md)", ["file c.md attached"]),
    ("[a](LICENSE) [b](...)", ["file LICENSE candidate attached", "file ... candidate attached"]),
    ("[a](b c.md) [d] (e.md) \\[f](g.md) `[h](i.md)`", []),
    ("[see @docs/x.md](docs/x.md)", ["file docs/x.md attached"]),
    ("[a](${workspaceFolder}/b.md)", ["file ${workspaceFolder}/b.md deferred attached"]),
    # VS Code's pattern goes up to white space.
    ("(#file:a.md)", ["file a.md none broken by ) reference/trailing-punctuation"]),
    # What Claude Code loads.
    ("see @docs/x.md here", ["file docs/x.md candidate none for Claude Code"]),
    ("see @docs/x.md, and @README", []),
]

AGENTS = [
    ("@docs/x.md", ["file docs/x.md candidate none for Claude Code"]),
    ("#file:x.py", ["file x.py candidate none for GitHub Copilot"]),
    ("[a](b.md) {{x}} $1 @x", []),
]

MARKDOWN = [
    ("@docs/x.md [a](b.md) {{x}} ${file:y} $ARGUMENTS", []),
    ("#file:x.py", ["file x.py candidate none for GitHub Copilot"]),
]

SKILL = [
    (
        "Read @references/forms.md and $ARGUMENTS",
        ["file references/forms.md", "var ARGUMENTS deferred"],
    ),
]

PROMPTY = [
    # Corpus: prompty.
    ("Hi, I am {{firstName}} {{lastName}}.", ["var firstName candidate", "var lastName candidate"]),
    ("endpoint: ${env:AZURE_OPENAI_ENDPOINT}", ["var env:AZURE_OPENAI_ENDPOINT"]),
    (
        "${env:NONEXISTENT_ENDPOINT:https://fallback.openai.azure.com/}",
        ["var env:NONEXISTENT_ENDPOINT default=https://fallback.openai.azure.com/"],
    ),
    ("schema: ${file:schema.json} ${file:}", ["file schema.json"]),
    ("${file: a b.json } ${env:X:}", ["file a b.json", "var env:X default="]),
    (
        "{{{raw}}} {{ a.b }} {% if x %} {{x | upper}} {{ x }",
        ["var raw candidate", "var a.b candidate"],
    ),
    ("\\{{x}} ${{x}} {{{x}} {{x}}}", ["var x candidate"]),
]

DOTPROMPT = [
    # Corpus: dotprompt.
    ("Hello, my name is {{ name }} and", ["var name candidate"]),
    ('{{role "system"}} {{history}} {{media url=imageUrl}} {{json this indent=2}}', []),
    ("{{#each items}} {{this}} {{/each}} {{else}} {{@index}}", []),
    ("{{>header }}", ["file header"]),
    ('{{> footer year=2025 author="Google"}}', ["file footer"]),
    ("{{>circular-partial-b}}", ["file circular-partial-b"]),
    ("{{! {{name}} {{name}}", ["var name candidate"]),
    ("{{!-- {{> x}} {{y}} --}} {{z}}", ["var z candidate"]),
    ("{{!-- not closed {{x}}", []),
    ("{{~name~}} {{~> shared/tone ~}}", ["var name candidate", "file shared/tone"]),
]

TABLES = {
    "claude": CLAUDE,
    "claude command": COMMAND,
    "gemini": GEMINI,
    "cursor": CURSOR,
    "continue": CONTINUE,
    "copilot": COPILOT,
    "agents": AGENTS,
    "markdown": MARKDOWN,
    "skill": SKILL,
    "prompty": PROMPTY,
    "dotprompt": DOTPROMPT,
}


@pytest.mark.parametrize(
    ("dialect", "line", "expected"),
    [(dialect, *row) for dialect, rows in TABLES.items() for row in rows],
)
def test_references(dialect: str, line: str, expected: list[str]) -> None:
    assert written(dialect, line) == expected


@pytest.mark.parametrize(
    ("path", "configured", "expected"),
    [
        (".claude/commands/git/commit.md", None, True),
        ("commands/gsd/plan.md", "claude", True),
        ("commands/gsd/plan.md", None, False),
        (".claude/agents/reviewer.md", None, False),
        ("CLAUDE.md", None, False),
        ("src/commands/CLAUDE.md", None, False),
        ("docs/plan.md", "claude", False),
        ("docs/SKILL.md", None, True),
    ],
)
def test_which_files_take_arguments(path: str, configured: str | None, expected: bool) -> None:
    place = PurePosixPath(path)
    grammar = ReferenceGrammar(at_place(detect(place, None, configured), place))
    assert bool(grammar.find("Fix issue $1")) == expected


@pytest.mark.parametrize(
    ("dialect", "line", "target"),
    [
        ("claude", "see @docs/a\\ b.md#c", "docs/a\\ b.md"),
        ("claude", "@x/y.md.", "x/y.md"),
        ("copilot", "[a](<b c.md#d> 'e')", "b c.md"),
        ("copilot", "[a](b%20c.md#d)", "b%20c.md"),
        ("copilot", "#file:a.ts:1-2", "a.ts"),
        ("copilot", "${input:name:placeholder}", "name"),
        ("prompty", "${file: a b.json }", "a b.json"),
        ("prompty", "${env:NAME:x}", "env:NAME"),
        ("dotprompt", "{{> name x=1}}", "name"),
        ("dotprompt", "{{{ name }}}", "name"),
    ],
)
def test_where_the_target_stands(dialect: str, line: str, target: str) -> None:
    (reference,) = grammar_of(dialect).find(line)
    assert line[reference.target_start : reference.target_end] == target
    assert line[reference.start : reference.end] == reference.text


def test_the_message_tells_how_to_mend_a_broken_import() -> None:
    (reference,) = grammar_of("claude").find("see @docs/x.md, and")
    assert reference.problem == (
        "reference/trailing-punctuation",
        "`,` right behind the path is read as part of it, so nothing is loaded. "
        "Put a blank between them, or leave it out.",
    )
