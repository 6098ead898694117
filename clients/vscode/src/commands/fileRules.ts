/** The setting `promptls.files`: rules for the documents that a glob matches. */

/** What a rule may set, beside its glob. */
export type RuleKey = "model" | "document";

/** The glob that means exactly one file, by its path from the workspace folder with `/` between its parts. */
export function globOf(path: string): string {
  const escaped = path.replace(/[\\*?[]/g, "\\$&");
  // Without a slash it would mean every file of this name; and `!` at the beginning is refused.
  return escaped.includes("/") && !escaped.startsWith("!") ? escaped : `/${escaped}`;
}

/** The rule with this glob, among whatever the setting holds. */
export function findRule(rules: unknown, glob: string): Record<string, unknown> | undefined {
  return list(rules).find((rule): rule is Record<string, unknown> => hasGlob(rule, glob));
}

/**
 * The rules with one for `glob` that has these values; undefined takes a value away.
 *
 * The rule comes first, since the first that sets a key decides.
 */
export function withRule(rules: unknown, glob: string, values: Partial<Record<RuleKey, unknown>>): unknown[] {
  const others = list(rules).filter((rule) => !hasGlob(rule, glob));
  const rule: Record<string, unknown> = { ...(findRule(rules, glob) ?? { glob }), ...values };
  return [Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)), ...others];
}

function list(rules: unknown): unknown[] {
  return Array.isArray(rules) ? rules : [];
}

function hasGlob(rule: unknown, glob: string): boolean {
  if (typeof rule !== "object" || rule === null || !("glob" in rule) || typeof rule.glob !== "string") {
    return false;
  }
  return anchored(rule.glob) === anchored(glob);
}

/** `docs/a.md`, `./docs/a.md` and `/docs/a.md` mean the same; `a.md` and `/a.md` do not. */
function anchored(glob: string): string {
  const plain = glob.startsWith("./") ? glob.slice(1) : glob;
  return plain.includes("/") && !plain.startsWith("/") ? `/${plain}` : plain;
}
