/** Colours text as VS Code does: with its own engine, the grammars of package.json, and VS Code's Markdown, HTML and YAML. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as oniguruma from "vscode-oniguruma";
import { type IGrammar, INITIAL, parseRawGrammar, Registry, type StateStack } from "vscode-textmate";

/** The tests run in the extension's own folder. */
const ROOT = resolve(".");
const load = createRequire(join(ROOT, "package.json"));

interface ContributedGrammar {
  language?: string;
  scopeName: string;
  path: string;
  injectTo?: string[];
}

/** What of package.json the tests of colours look at. */
export interface Manifest {
  contributes: {
    commands: { command: string }[];
    grammars: ContributedGrammar[];
    languages: { id: string }[];
    semanticTokenScopes: { language: string }[];
    walkthroughs: { steps: { description: string }[] }[];
  };
}

export const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;

/** What VS Code has built in, with the grammar of its prompt files. */
const BUILT_IN: Readonly<Record<string, string>> = {
  "text.html.markdown": "markdown",
  "text.html.derivative": "html-derivative",
  "text.html.basic": "html",
  "source.yaml": "yaml",
  "source.css": "css",
  "source.js": "javascript",
};
/** What VS Code's own rules for formulas do, in short; at one scope they come before ours. */
const FORMULAS = [
  {
    scopeName: "formulas.inline",
    injectTo: ["text.html.markdown"],
    injectionSelector: "L:meta.paragraph.markdown -markup.math",
    patterns: [{ match: "(?<=\\W|^)\\$.+?\\$(?=\\W|$)", name: "markup.math.inline.markdown" }],
  },
  {
    scopeName: "formulas.block",
    injectTo: ["text.html.markdown"],
    injectionSelector: "L:text.html.markdown -meta.paragraph.markdown -markup.math -markup.fenced_code",
    patterns: [{ begin: "(?<=^\\s*)\\$(?!.*\\$)", end: "\\$", name: "markup.math.block.markdown" }],
  },
];
const PROMPT_FILES = { scopeName: "text.html.markdown.prompt", patterns: [{ include: "text.html.markdown" }] };

export interface Token {
  text: string;
  start: number;
  end: number;
  /** The innermost scope last. */
  scopes: string[];
}

/** What is injected into VS Code's Markdown: nothing, what we contribute, or the rules for formulas as well. */
type Injections = "none" | "ours" | "all";

let registries: Map<Injections, Registry> | undefined;

/** The grammar of a scope. */
export async function grammarOf(scopeName: string, injections: Injections = "all"): Promise<IGrammar> {
  if (registries === undefined) {
    await oniguruma.loadWASM(readFileSync(load.resolve("vscode-oniguruma/release/onig.wasm")));
    registries = new Map((["none", "ours", "all"] as const).map((choice) => [choice, newRegistry(choice)]));
  }
  const grammar = await registries.get(injections)?.loadGrammar(scopeName);
  if (!grammar) {
    throw new Error(`no grammar for ${scopeName}`);
  }
  return grammar;
}

function newRegistry(choice: Injections): Registry {
  const { grammars } = manifest.contributes;
  const injections = [...(choice === "all" ? FORMULAS : []), ...(choice === "none" ? [] : grammars)];
  return new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scopeName) => {
      const own = grammars.find((grammar) => grammar.scopeName === scopeName);
      if (own !== undefined) {
        return Promise.resolve(parseRawGrammar(readFileSync(join(ROOT, own.path), "utf8"), own.path));
      }
      const made = [...FORMULAS, PROMPT_FILES].find((grammar) => grammar.scopeName === scopeName);
      if (made !== undefined) {
        return Promise.resolve(parseRawGrammar(JSON.stringify(made), "made.json"));
      }
      const name = BUILT_IN[scopeName];
      if (name === undefined) {
        return Promise.resolve(null);
      }
      const path = load.resolve(`tm-grammars/grammars/${name}.json`);
      return Promise.resolve(parseRawGrammar(readFileSync(path, "utf8"), path));
    },
    // As VS Code has it: what is injected into a scope goes into the scopes below it as well, the widest scope first.
    getInjections: (scopeName) => {
      const parts = scopeName.split(".");
      const scopes = parts.map((_, number) => parts.slice(0, number + 1).join("."));
      return scopes.flatMap((scope) =>
        injections.filter(({ injectTo }) => injectTo?.includes(scope)).map((grammar) => grammar.scopeName),
      );
    },
  });
}

/** The tokens of each line of a text. */
export function tokenize(grammar: IGrammar, text: string): Token[][] {
  let state: StateStack = INITIAL;
  return text.split(/\r\n|\n|\r/).map((line) => {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    return result.tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex),
      start: startIndex,
      end: Math.min(endIndex, line.length),
      scopes,
    }));
  });
}

const OURS = ".promptls";

/** The innermost of our own scopes that a token has. */
export function ownScope({ scopes }: Token): string | undefined {
  return scopes.findLast((scope) => scope.endsWith(OURS));
}

const SHORT: readonly [string, string][] = [
  ["keyword.control.reference", "keyword"],
  ["string.unquoted.reference", "string"],
  ["string.quoted.double.reference", "string"],
  ["variable.reference", "variable"],
  ["variable.parameter.reference", "parameter"],
];

/** What our grammars colour in a line, each as `text scope`; scopes of references in the server's words for them. */
export function coloured(line: Token[]): string[] {
  return line.flatMap((token) => {
    const scope = ownScope(token)?.slice(0, -OURS.length);
    const short = SHORT.find(([long]) => long === scope)?.[1] ?? scope;
    return short === undefined || token.text.trim() === "" ? [] : [`${token.text.trim()} ${short}`];
  });
}
