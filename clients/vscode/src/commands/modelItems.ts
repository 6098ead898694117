/** Models as a person chooses among them. */
import { l10n, type QuickPickItem } from "vscode";
import { count } from "../figures";
import type { Model } from "../protocol";

export interface ModelItem extends QuickPickItem {
  /** How settings and directives name it; undefined: the default. */
  name: string | undefined;
  isCurrent: boolean;
}

/** Those whose own model a plain name means, though others serve it too. */
const MAKERS = ["openai", "anthropic", "google", "mistral", "x-ai", "deepseek", "cohere"];

const PRICE = new Intl.NumberFormat("en-US", {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 2,
  maximumFractionDigits: 4,
});

/**
 * The default, then all models, those of their makers first.
 *
 * A model that several providers serve is named with its provider, but for its maker's.
 *
 * @param current - The model that is in use, as it is written; it need not be among the models.
 */
export function modelItems(models: readonly Model[], current: string | null): ModelItem[] {
  const preferred = preferredProviders(models);
  const items = models
    .toSorted((one, other) => rankOf(one) - rankOf(other))
    .map((model) => {
      const plain = preferred.get(model.name) === model;
      const name = plain ? model.name : `${model.provider}/${model.name}`;
      return modelItem(model, name, name === current);
    });
  const leave: ModelItem = {
    name: undefined,
    isCurrent: current === null,
    label: l10n.t("Use the default"),
    description: current === null ? currentMark() : "",
    detail: l10n.t("Take the choice away, so that a farther place decides, or nothing"),
  };
  const unlisted =
    current === null || items.some(({ isCurrent }) => isCurrent)
      ? []
      : [{ name: current, isCurrent: true, label: current, description: currentMark() }];
  return [leave, ...unlisted, ...items];
}

function modelItem(model: Model, name: string, isCurrent: boolean): ModelItem {
  return {
    name,
    isCurrent,
    label: model.name,
    description: isCurrent ? `${model.provider} · ${currentMark()}` : model.provider,
    detail: detailOf(model).join(" · "),
  };
}

function detailOf({ window, inputPrice, accuracy }: Model): string[] {
  return [
    window === null ? l10n.t("window not known") : l10n.t("window {0}", count(window)),
    inputPrice === null
      ? l10n.t("price not known")
      : l10n.t("{0} per million input tokens", PRICE.format(inputPrice)),
    accuracy === "exact" ? l10n.t("counted exactly") : l10n.t("estimated"),
  ];
}

function currentMark(): string {
  return l10n.t("in use");
}

/** For each name the entry that it means without a provider. */
function preferredProviders(models: readonly Model[]): Map<string, Model> {
  const preferred = new Map<string, Model>();
  for (const model of models) {
    const before = preferred.get(model.name);
    if (before === undefined || rankOf(model) < rankOf(before)) {
      preferred.set(model.name, model);
    }
  }
  return preferred;
}

function rankOf({ provider }: Model): number {
  const rank = MAKERS.indexOf(provider);
  return rank < 0 ? MAKERS.length : rank;
}
