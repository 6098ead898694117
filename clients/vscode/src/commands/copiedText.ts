/** What is said when a prompt was copied. */
import { l10n } from "vscode";
import { count } from "../figures";

/** How much was copied, and what of it is not final; `tokens` is null where they are not counted yet. */
export function copiedText(tokens: number | null, pending: number): string {
  const copied =
    tokens === null
      ? l10n.t("The rendered prompt was copied.")
      : l10n.t("The rendered prompt was copied: {0} tokens.", count(tokens));
  if (pending === 0) {
    return copied;
  }
  const waiting =
    pending === 1
      ? l10n.t("One reference is still being looked up and stands in it as it is written.")
      : l10n.t("{0} references are still being looked up and stand in it as they are written.", count(pending));
  return `${copied} ${waiting}`;
}
