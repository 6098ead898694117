/** A part of the pictures that is taken by itself. */
import type { Stage } from "./stage";

export interface Scene {
  /** What is put into the workspace for it, beside the examples. */
  files?: Record<string, string>;
  /** Takes the pictures; gives the paths of those that are to be made small. */
  play: (stage: Stage) => Promise<string[]>;
}
