/** The text of a status report: what to paste into a bug report; no prompt text, no values of settings. */
import type { ConnectionState } from "../client/connection";
import type { ServerStatus } from "../protocol";
import type { Launch } from "../server/model";
import { withoutHome } from "./paths";

export interface StatusFacts {
  extensionVersion: string;
  /** `Visual Studio Code 1.106.0` */
  editor: string;
  /** Of the window, `ssh-remote` for instance; undefined for a local one. */
  remote: string | undefined;
  /** `linux x64, Node 22.20.0` */
  platform: string;
  trusted: boolean;
  folders: number;
  state: ConnectionState;
  launch: Launch | undefined;
  server: ServerStatus | undefined;
  settings: { name: string; places: string[] }[];
  home: string;
}

/** The report as Markdown, in English: those who read it are not those who wrote it. */
export function statusReport(facts: StatusFacts): string {
  const { launch, server, settings } = facts;
  const folders = facts.folders === 1 ? "1 folder" : `${facts.folders} folders`;
  const parts = [
    "# promptls status",
    list([
      ["Extension", facts.extensionVersion],
      ["Editor", facts.editor],
      ["Remote", facts.remote ?? "none"],
      ["Platform", facts.platform],
      ["Workspace", `${folders}, ${facts.trusted ? "trusted" : "not trusted"}`],
      ["Server", facts.state],
    ]),
    "## How the server was started",
    launch === undefined ? "It was not." : list(launchFacts(launch)),
    "## What the server says",
    server === undefined ? "Nothing: it does not answer." : list(serverFacts(server)),
    "## Settings that are set",
    settings.length === 0 ? "None." : list(settings.map(({ name, places }) => [name, places.join(", ")])),
  ];
  return `${withoutHome(parts.join("\n\n"), facts.home)}\n`;
}

function launchFacts({ command, args, cwd, interpreter, environment }: Launch): [string, string][] {
  const asked = interpreter && `${interpreter.path} (${interpreter.version}, ${interpreter.source})`;
  return [
    ["Command", [command, ...args].join(" ")],
    ["Folder", cwd],
    ["Interpreter", asked ?? "not used"],
    ["Private environment", environment ?? "none"],
  ];
}

function serverFacts({ cache, jobs, ...server }: ServerStatus): [string, string][] {
  const { memoryHits, databaseHits, misses, writes } = cache;
  const work = Object.entries(jobs).map(([status, number]) => `${number} ${status}`);
  return [
    ["Version", server.version],
    ["Python", `${server.python} (${server.executable})`],
    ["Platform", server.platform],
    ["Engine", server.engine],
    ["Trusted", server.trusted ? "yes" : "no"],
    ["Documents", String(server.documents)],
    ["Folders", String(server.folders)],
    ["Position encoding", server.positionEncoding],
    ["Cache", cache.database],
    ["Cache problem", cache.problem ?? "none"],
    ["Cache use", `${memoryHits} from memory, ${databaseHits} from the database, ${misses} missed, ${writes} written`],
    ["Jobs", work.length === 0 ? "none" : work.join(", ")],
  ];
}

function list(facts: [string, string][]): string {
  return facts.map(([name, value]) => `- ${name}: ${value.replace(/[\r\n]+/g, " ")}`).join("\n");
}
