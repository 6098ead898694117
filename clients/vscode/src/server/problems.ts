/** What stands in the way of a start, in sentences that say what to do. */
import * as vscode from "vscode";
import type { Bundle } from "./bundle";
import type { Rejected } from "./interpreters";
import type { LaunchProblem } from "./model";

/** Programs that the message about a missing Python names. */
const NAMED = 3;

function problem(code: LaunchProblem["code"], message: string): LaunchProblem {
  return { kind: "problem", code, message };
}

export function cancelled(): LaunchProblem {
  return problem("cancelled", vscode.l10n.t("The start of the language server was cancelled."));
}

export function wheelsMissing(): LaunchProblem {
  const message = vscode.l10n.t(
    "This build of the extension carries no language server, or not all of it. Install the .vsix that is made for your platform again, or name a promptls program in the setting promptls.server.path.",
  );
  return problem("wheels-missing", message);
}

export function serverNotFound(path: string): LaunchProblem {
  const message = vscode.l10n.t(
    "The setting promptls.server.path names no program: {0}. Give the absolute path of promptls, or leave the setting empty.",
    path,
  );
  return problem("server-not-found", message);
}

export function serverEnds(path: string): LaunchProblem {
  const message = vscode.l10n.t(
    "The program in the setting promptls.server.path ends at once: {0}. The log says why.",
    path,
  );
  return problem("server-not-found", message);
}

export function interpreterNotFound(path: string): LaunchProblem {
  const message = vscode.l10n.t(
    "The setting promptls.server.interpreter names no program: {0}. Give the absolute path of a Python, or leave the setting empty.",
    path,
  );
  return problem("interpreter-not-found", message);
}

export function interpreterNotSupported(path: string, reason: string): LaunchProblem {
  const message = vscode.l10n.t(
    "The Python in the setting promptls.server.interpreter cannot run the language server ({0}): {1}. Select another one, or leave the setting empty.",
    path,
    reason,
  );
  return problem("interpreter-not-supported", message);
}

export function environmentFailed(reason: string): LaunchProblem {
  const message = vscode.l10n.t("The language server could not be set up: {0}. The log says more.", reason);
  return problem("environment-failed", message);
}

export function pythonTooNew({ pythons }: Bundle, version: string, reason: string): LaunchProblem {
  const message = vscode.l10n.t(
    "The language server could not be set up with Python {0}, which is newer than this version of the extension knows ({1}). Install Python {2}, or a newer version of the extension.",
    version,
    reason,
    pythons.at(-1) ?? "",
  );
  return problem("interpreter-not-supported", message);
}

/** No Python that can be used: how to get one, and why those that are there will not do. */
export function noPython({ pythons }: Bundle, rejected: readonly Rejected[], platform: NodeJS.Platform): LaunchProblem {
  const sentences = [
    vscode.l10n.t("promptls needs Python {0} to {1}, and none was found.", pythons[0] ?? "", pythons.at(-1) ?? ""),
    howToInstall(platform, pythons.at(-1) ?? ""),
    vscode.l10n.t("Then run the command “promptls: Restart Server”."),
  ];
  if (rejected.length > 0) {
    const named = rejected.slice(0, NAMED).map(({ program, reason }) => `${program} (${reason})`);
    sentences.push(vscode.l10n.t("Looked at and not used: {0}.", named.join("; ")));
  }
  return problem("no-python", sentences.join(" "));
}

function howToInstall(platform: NodeJS.Platform, version: string): string {
  if (platform === "win32") {
    return vscode.l10n.t(
      "Install it from the Microsoft Store (search for Python {0}), or in a terminal: winget install Python.Python.{0}.",
      version,
    );
  }
  if (platform === "darwin") {
    return vscode.l10n.t("Install it with the installer of python.org, or with Homebrew: brew install python@{0}.", version);
  }
  return vscode.l10n.t(
    "Install it with your system's packages; on Debian and Ubuntu: sudo apt install python3 (Ubuntu 22.04: python3.11).",
  );
}
