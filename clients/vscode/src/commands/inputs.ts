/** Single questions: a choice among items, and a text. */
import * as vscode from "vscode";
import { BACK } from "./steps";
import { WordSearch } from "./wordSearch";

interface Question {
  title: string;
  /** What to do, in place of an answer. */
  placeholder: string;
  /** Which step this is, counted from 1, of how many. */
  step: number;
  steps: number;
  mayGoBack: boolean;
}

/** Let somebody pick one item; undefined when the question was left. */
export function pick<T extends vscode.QuickPickItem>(
  question: Question,
  items: readonly T[],
): Promise<T | typeof BACK | undefined> {
  const input = vscode.window.createQuickPick<T>();
  present(input, question);
  input.items = items;
  return answered(input, () => input.selectedItems[0]);
}

/** Let somebody search for one of many items by words, beginning at one of them. */
export function search<T extends vscode.QuickPickItem>(
  question: Question,
  items: readonly T[],
  isActive: (item: T) => boolean,
): Promise<T | typeof BACK | undefined> {
  const words = new WordSearch(items);
  const input = vscode.window.createQuickPick<T>();
  present(input, question);
  input.items = words.find("");
  input.activeItems = input.items.filter(isActive).slice(0, 1);
  input.onDidChangeValue((text) => {
    input.items = words.find(text);
  });
  return answered(input, () => input.selectedItems[0]);
}

/** What stands below an input: why a text is not taken, or what it comes to. */
export interface Remark {
  message: string;
  refused: boolean;
}

/** Let somebody write a text that is not refused; undefined when the question was left. */
export function write(
  question: Question,
  value: string,
  judge: (text: string) => Remark | undefined,
): Promise<string | typeof BACK | undefined> {
  const input = vscode.window.createInputBox();
  present(input, question);
  input.value = value;
  const show = (remark: Remark | undefined): void => {
    const { Error, Info } = vscode.InputBoxValidationSeverity;
    input.validationMessage =
      remark === undefined ? undefined : { message: remark.message, severity: remark.refused ? Error : Info };
  };
  show(value === "" ? undefined : judge(value));
  input.onDidChangeValue((text) => {
    show(judge(text));
  });
  return answered(input, () => {
    const remark = judge(input.value);
    show(remark);
    return remark?.refused === true ? undefined : input.value;
  });
}

function present(input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox, question: Question): void {
  input.title = question.title;
  input.placeholder = question.placeholder;
  input.step = question.step;
  input.totalSteps = question.steps;
  input.ignoreFocusOut = false;
  input.buttons = question.mayGoBack ? [vscode.QuickInputButtons.Back] : [];
}

/** Show an input until it is accepted with an answer, left, or gone back from. */
async function answered<T>(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  answer: () => T | undefined,
): Promise<T | typeof BACK | undefined> {
  try {
    return await new Promise((resolve) => {
      input.onDidAccept(() => {
        const given = answer();
        if (given !== undefined) {
          resolve(given);
        }
      });
      input.onDidTriggerButton(() => {
        resolve(BACK);
      });
      input.onDidHide(() => {
        resolve(undefined);
      });
      input.show();
    });
  } finally {
    input.dispose();
  }
}
