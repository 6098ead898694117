/** Stands in for the person in front of the editor: answers questions, and notes what is said. */
import * as vscode from "vscode";

/** An item by the beginning of its label, a text to write, or going back. */
export type Answer = { pick: string } | { write: string } | "back";

interface Shown {
  title: string;
  /** Labels with descriptions, or what stands below a written text. */
  lines: string[];
}

interface Input {
  title: string;
  value: string;
  items: vscode.QuickPickItem[];
  selectedItems: vscode.QuickPickItem[];
  validationMessage: string | vscode.InputBoxValidationMessage | undefined;
}

/** What was asked and said while something ran. */
export interface Conversation {
  questions: Shown[];
  messages: string[];
}

type Window = typeof vscode.window;
type Replaced = "createQuickPick" | "createInputBox" | "showInformationMessage" | "showWarningMessage" | "showErrorMessage";

/** Do something while its questions get these answers; a message's button of this name is clicked. */
export async function answering(
  answers: Answer[],
  action: () => PromiseLike<unknown>,
  button?: string,
): Promise<Conversation> {
  const conversation: Conversation = { questions: [], messages: [] };
  const left = [...answers];
  const input = (): unknown => standIn(left, conversation);
  const say = (message: string, ...buttons: unknown[]): Promise<unknown> => {
    conversation.messages.push(message);
    return Promise.resolve(buttons.find((one) => one === button));
  };
  const window = vscode.window as unknown as Record<Replaced, unknown>;
  const replacements: Record<Replaced, unknown> = {
    createQuickPick: input,
    createInputBox: input,
    showInformationMessage: say,
    showWarningMessage: say,
    showErrorMessage: say,
  };
  const originals = Object.keys(replacements).map((name) => [name, vscode.window[name as keyof Window]] as const);
  Object.assign(window, replacements);
  try {
    await action();
    return conversation;
  } finally {
    Object.assign(window, Object.fromEntries(originals));
  }
}

function standIn(answers: Answer[], conversation: Conversation): unknown {
  const accepted = new vscode.EventEmitter<void>();
  const changed = new vscode.EventEmitter<string>();
  const pressed = new vscode.EventEmitter<vscode.QuickInputButton>();
  const hidden = new vscode.EventEmitter<void>();
  const input: Input = { title: "", value: "", items: [], selectedItems: [], validationMessage: undefined };
  const answer = (): void => {
    const next = answers.shift();
    const shown: Shown = { title: input.title, lines: input.items.slice(0, 8).map(lineOf) };
    conversation.questions.push(shown);
    if (next === undefined) {
      hidden.fire();
    } else if (next === "back") {
      pressed.fire(vscode.QuickInputButtons.Back);
    } else if ("pick" in next) {
      input.selectedItems = input.items.filter(({ label }) => label.startsWith(next.pick)).slice(0, 1);
      accepted.fire();
    } else {
      input.value = next.write;
      changed.fire(next.write);
      shown.lines = [textOf(input.validationMessage)];
      accepted.fire();
      // An answer that is refused leaves the question where it is.
      hidden.fire();
    }
  };
  return Object.assign(input, {
    onDidAccept: accepted.event,
    onDidChangeValue: changed.event,
    onDidTriggerButton: pressed.event,
    onDidHide: hidden.event,
    show: () => setTimeout(answer, 0),
    dispose: () => undefined,
  });
}

function lineOf({ label, description }: vscode.QuickPickItem): string {
  return description === undefined || description === "" ? label : `${label}: ${description}`;
}

function textOf(message: Input["validationMessage"]): string {
  return typeof message === "object" ? message.message : (message ?? "");
}
