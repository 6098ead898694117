/** The command that lets somebody choose the model and the budget of a document, and where to keep them. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import { isCounted } from "../documents";
import { count, percent } from "../figures";
import type { Model, Summary } from "../protocol";
import { findModel, modelsOf } from "./modelCatalogue";
import { type BudgetReading, MOST_PERCENT, MOST_TOKENS, readBudget } from "./budgetInput";
import { type Choice, SPELLINGS } from "./choice";
import { type ChoicePlace, choicePlaces } from "./choicePlaces";
import { tellWhatDecides } from "./choiceOutcome";
import { structureOf } from "./documentDirectives";
import { pick, type Remark, search, write } from "./inputs";
import { serverIsMissing } from "./messages";
import { modelItems } from "./modelItems";
import { BACK, runSteps, type Step } from "./steps";

const STEPS = 3;

/** What the questions are about. */
interface Subject {
  connection: Connection;
  document: vscode.TextDocument;
  summary: Summary;
  models: readonly Model[];
}

/** Ask what is to be chosen, the choice, and where it is to be kept. */
export async function chooseModelAndBudget(connection: Connection): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || !isCounted(document)) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Open a document to choose its model and budget."));
    return;
  }
  const summary = await connection.summary(document.uri);
  if (summary === undefined) {
    serverIsMissing(connection);
    return;
  }
  const models = (await modelsOf(connection)) ?? [];
  await runSteps(askWhat({ connection, document, summary, models }));
}

function askWhat(subject: Subject): Step {
  return async (mayGoBack) => {
    const { model, budget } = subject.summary;
    const none = vscode.l10n.t("none is set");
    const items = [
      { key: "model" as const, label: `$(hubot) ${vscode.l10n.t("Model")}`, description: model ?? none },
      {
        key: "budget" as const,
        label: `$(dashboard) ${vscode.l10n.t("Budget of the document")}`,
        description: budget === null ? none : vscode.l10n.t("{0} tokens", count(budget.limit)),
      },
    ];
    const question = {
      title: vscode.l10n.t("Model and budget"),
      placeholder: vscode.l10n.t("What do you want to choose?"),
      step: 1,
      steps: STEPS,
      mayGoBack,
    };
    const picked = await pick(question, items);
    if (picked === BACK || picked === undefined) {
      return picked;
    }
    return picked.key === "model" ? askModel(subject) : askBudget(subject);
  };
}

function askModel(subject: Subject): Step {
  return async (mayGoBack) => {
    const items = modelItems(subject.models, subject.summary.model);
    const question = {
      title: vscode.l10n.t("Model"),
      placeholder: vscode.l10n.t("Search {0} models by name, provider, window or price", count(subject.models.length)),
      step: 2,
      steps: STEPS,
      mayGoBack,
    };
    const picked = await search(question, items, ({ isCurrent }) => isCurrent);
    if (picked === BACK || picked === undefined) {
      return picked;
    }
    return askWhere(subject, { key: "model", value: picked.name });
  };
}

function askBudget(subject: Subject): Step {
  return async (mayGoBack) => {
    const model = subject.summary.model === null ? undefined : findModel(subject.models, subject.summary.model);
    const question = {
      title: vscode.l10n.t("Budget of the document"),
      placeholder: vscode.l10n.t("2,000 tokens, or 60% of the model's window; nothing for the default"),
      step: 2,
      steps: STEPS,
      mayGoBack,
    };
    const current = subject.summary.budget === null ? "" : count(subject.summary.budget.limit);
    const written = await write(question, current, (text) => judgeBudget(text, model?.window ?? null));
    if (written === BACK || written === undefined) {
      return written;
    }
    const reading = readBudget(written);
    return askWhere(subject, { key: "budget", value: reading.kind === "wrong" ? undefined : reading.setting });
  };
}

/** Why a budget is not taken, or what it comes to; an empty one stands for the default. */
function judgeBudget(text: string, window: number | null): Remark | undefined {
  if (text.trim() === "") {
    return { message: vscode.l10n.t("Nothing: take the budget away."), refused: false };
  }
  const reading = readBudget(text);
  switch (reading.kind) {
    case "wrong":
      return { message: refusal(reading), refused: true };
    case "tokens":
      return { message: vscode.l10n.t("{0} tokens", count(reading.tokens)), refused: false };
    case "share":
      return { message: shareText(reading.share, window), refused: false };
  }
}

function refusal({ reason }: Extract<BudgetReading, { kind: "wrong" }>): string {
  switch (reason) {
    case "form":
      return vscode.l10n.t("Write a whole number of tokens such as 2,000, or a share such as 60%.");
    case "nothing":
      return vscode.l10n.t("A budget is more than nothing.");
    case "too-much":
      return vscode.l10n.t("At most {0} tokens, or {1} %.", count(MOST_TOKENS), count(MOST_PERCENT));
  }
}

function shareText(share: number, window: number | null): string {
  if (window === null) {
    return vscode.l10n.t("A share needs a model with a known window; choose the model as well.");
  }
  const part = count(Math.floor(share * window + 1e-6));
  return vscode.l10n.t(
    "{0} of the window of {1} tokens: {2}, less its part of what is kept for the answer",
    percent(share),
    count(window),
    part,
  );
}

function askWhere(subject: Subject, choice: Choice): Step {
  return async (mayGoBack) => {
    const { connection, document } = subject;
    const structure = await structureOf(connection, document);
    if (structure === undefined) {
      serverIsMissing(connection);
      return undefined;
    }
    const all = choicePlaces(connection, document, structure, choice.key);
    const places = choice.value === undefined ? all.filter(({ value }) => value !== undefined) : all;
    if (places.length === 0) {
      await tellWhatDecides(connection, document, choice, undefined);
      return undefined;
    }
    const question = {
      title: titleOf(choice),
      placeholder:
        choice.value === undefined
          ? vscode.l10n.t("Where is the choice to be taken away?")
          : vscode.l10n.t("Where is it to be kept? A nearer place decides; the nearest stands first."),
      step: STEPS,
      steps: STEPS,
      mayGoBack,
    };
    const picked = await pick(question, places.map(placeItem));
    if (picked === BACK || picked === undefined) {
      return picked;
    }
    if (await keep(picked.place, choice)) {
      await tellWhatDecides(connection, document, choice, picked.place.id);
    }
    return undefined;
  };
}

function titleOf({ key, value }: Choice): string {
  if (value === undefined) {
    return key === "model" ? vscode.l10n.t("Model: the default") : vscode.l10n.t("Budget: the default");
  }
  const shown = typeof value === "number" ? count(value) : value;
  return key === "model" ? vscode.l10n.t("Model {0}", shown) : vscode.l10n.t("Budget {0}", shown);
}

function placeItem(place: ChoicePlace): vscode.QuickPickItem & { place: ChoicePlace } {
  const { value } = place;
  const shown = typeof value === "number" ? count(value) : typeof value === "string" ? value : undefined;
  const description = shown === undefined ? "" : vscode.l10n.t("now {0}", shown);
  return { place, label: place.label, description, detail: place.detail };
}

/** Write the choice; says why where that cannot be done. */
async function keep(place: ChoicePlace, { key, value }: Choice): Promise<boolean> {
  try {
    if (await place.write(value)) {
      return true;
    }
    void vscode.window.showErrorMessage(vscode.l10n.t("This document cannot be changed."));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const setting = `promptls.${SPELLINGS[key].setting}`;
    void vscode.window.showErrorMessage(vscode.l10n.t("{0} could not be set: {1}", setting, reason));
  }
  return false;
}

