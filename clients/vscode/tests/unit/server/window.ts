/** Another window: a process that looks for the server as the request in its argument says, and prints what it got. */
import { findServer } from "../../../src/server/launch";
import type { LaunchRequest } from "../../../src/server/model";
import { recorded } from "./fixtures";

const { storageFolder, ...changes } = JSON.parse(process.argv[2] ?? "") as Pick<LaunchRequest, "storageFolder">;
const { request, lines } = recorded(storageFolder, changes);
void findServer(request).then((found) => {
  process.stdout.write(JSON.stringify({ found, lines }));
});
