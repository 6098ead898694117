/** Paths as they may be shown to others. */

/** A text with the home folder written as `~`, wherever a path in it begins with that folder. */
export function withoutHome(text: string, home: string): string {
  if (home.length < 2) {
    return text;
  }
  const folder = home.replace(/[\\/]+$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\w.-])${folder}(?![\\w-]|\\.\\w)`, "gi"), "~");
}
