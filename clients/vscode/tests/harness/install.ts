/** Installs the real VS Code for the tests, once: Node and code-server, both from npm. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { chromium, editors, nodePackage, pins, type Editors } from "./editors";
import { removeFolder } from "./folders";

/** A Debian package that is needed, and how to see that it (or its like on another system) is there. */
interface Need {
  debian: string;
  met: () => boolean;
}

const onLinux = process.platform === "linux";

const needsOfTests: Need[] = [
  { debian: "chromium", met: hasChromium },
  { debian: "fonts-dejavu-core", met: () => !onLinux || hasFonts("/usr/share/fonts") },
  { debian: "iproute2", met: () => !onLinux || runs("ip", ["-V"]) },
];

const needsOfBuild: Need[] = [
  { debian: "build-essential", met: () => runs("make", ["--version"]) && runs("c++", ["--version"]) },
  { debian: "pkg-config", met: () => runs("pkg-config", ["--version"]) },
  { debian: "libkrb5-dev", met: () => !onLinux || runs("pkg-config", ["--exists", "krb5-gssapi"]) },
];

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const wanted = editors();
  const complete = isComplete(wanted);
  requirePackages(complete ? needsOfTests : [...needsOfTests, ...needsOfBuild]);
  if (complete) {
    console.log(`code-server ${pins.codeServer} is in ${wanted.folder}`);
    return;
  }
  if (!hasNode(wanted)) {
    console.log(`installing node ${pins.node} into ${wanted.folder}`);
    installPackage(join(wanted.folder, "node"), `${nodePackage}@${pins.node}`, process.env);
  }
  console.log(`installing code-server ${pins.codeServer} into ${wanted.folder} (about two minutes, 1.2 GB)`);
  // npm takes a package whose post-install was cut off for installed.
  await removeFolder(join(wanted.folder, "code-server", "node_modules"));
  installPackage(join(wanted.folder, "code-server"), `code-server@${pins.codeServer}`, {
    ...process.env,
    // Its post-install builds native modules with, and looks at the version of, the node found first.
    PATH: [dirname(wanted.nodeProgram), process.env["PATH"]].join(delimiter),
    npm_config_nodedir: wanted.nodeFolder,
  });
  if (!answersWithVersion(wanted)) {
    throw new Error(`code-server ${pins.codeServer} was installed into ${wanted.folder} but does not start`);
  }
  writeFileSync(wanted.mark, pins.codeServer);
}

function isComplete(wanted: Editors): boolean {
  if (!hasNode(wanted) || !existsSync(wanted.codeServerEntry)) {
    return false;
  }
  if (existsSync(wanted.mark)) {
    return readFileSync(wanted.mark, "utf8") === pins.codeServer;
  }
  return answersWithVersion(wanted);
}

function hasNode(wanted: Editors): boolean {
  return existsSync(wanted.nodeProgram) && runs(wanted.nodeProgram, ["--version"], `v${pins.node}`);
}

function answersWithVersion(wanted: Editors): boolean {
  // Even to tell its version it writes a configuration file where there is none.
  return runs(wanted.nodeProgram, [wanted.codeServerEntry, "--version", "--config", devNull], pins.codeServer);
}

function installPackage(folder: string, name: string, environment: NodeJS.ProcessEnv): void {
  mkdirSync(folder, { recursive: true });
  // A package.json of its own, or npm would install into the next folder above that has one.
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  // What `npm run` tells its children of the outer project would be taken for this one's.
  const own = Object.entries(environment).filter(
    ([key]) => !/^npm_(package|lifecycle|config_(user_agent|local_prefix|prefix))/.test(key),
  );
  const npm = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", name], {
    cwd: folder,
    env: Object.fromEntries(own),
    stdio: "inherit",
  });
  if (npm.status !== 0) {
    throw new Error(`npm could not install ${name} into ${folder}; run the command again to go on`);
  }
}

function requirePackages(needs: Need[]): void {
  const missing = needs.filter((need) => !need.met()).map((need) => need.debian);
  if (missing.length > 0) {
    throw new Error(`not found; on Debian and Ubuntu: apt-get install ${missing.join(" ")}`);
  }
}

function hasFonts(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder, { recursive: true, encoding: "utf8" }).some((name) => /\.[ot]tf$/.test(name));
}

/** Whether a program runs well and prints the text. */
function runs(program: string, options: string[], output = ""): boolean {
  const { status, stdout } = spawnSync(program, options, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 && stdout.includes(output);
}

function hasChromium(): boolean {
  try {
    return chromium() !== "";
  } catch {
    return false;
  }
}
