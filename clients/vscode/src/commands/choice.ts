/** What somebody chose, and how each place where it may stand spells it. */
import type { RuleKey } from "./fileRules";
import type { DirectiveKey } from "./directiveEdits";

export type ChoiceKey = "model" | "budget";

export interface Choice {
  key: ChoiceKey;
  /** A model's name; tokens or a share such as `60%`. Undefined: what a farther place says, or the default. */
  value: string | number | undefined;
}

interface Spelling {
  /** Below `promptls.` */
  setting: string;
  rule: RuleKey;
  directive: DirectiveKey;
}

export const SPELLINGS: Record<ChoiceKey, Spelling> = {
  model: { setting: "model", rule: "model", directive: "model" },
  budget: { setting: "budget.document", rule: "document", directive: "budget" },
};
