/** From a place in the rendered prompt to the file that it comes from, and back. */
import type { Position } from "../protocol";
import { compare, LineWalk } from "./linePlaces";
import { isOwn, type RenderedPrompt, type Stretch } from "./parts";

/** A place in a file. */
export interface Origin {
  uri: string;
  position: Position;
}

/** Where the text at an offset comes from; what is from no file leads to where it is brought in. */
export function originAt(prompt: RenderedPrompt, offset: number): Origin | undefined {
  const at = stretchAt(prompt.stretches, offset);
  const stretch = prompt.stretches[at];
  if (stretch === undefined) {
    return undefined;
  }
  const { uri, range, start, end } = stretch;
  if (uri !== null && range !== null) {
    return { uri, position: new LineWalk(prompt.text, start, end, range.start).placeOf(offset) };
  }
  const before = prompt.stretches.slice(0, at).findLast((one) => isOwn(one, prompt.uri));
  return { uri: prompt.uri, position: before?.range.end ?? { line: 0, character: 0 } };
}

/**
 * Where a place of a file stands in the rendered prompt; undefined where nothing of the file is.
 *
 * A place in what is not sent is where that would stand, a place in a reference where its content begins.
 */
export function offsetOf(prompt: RenderedPrompt, uri: string, place: Position): number | undefined {
  const own = prompt.uri === uri;
  let last: number | undefined;
  for (const stretch of prompt.stretches) {
    if (!isOwn(stretch, uri)) {
      continue;
    }
    const { start, end } = stretch.range;
    if (compare(place, start) < 0) {
      // The document's own text comes once and in order; an imported file may come again.
      if (own) {
        return last ?? stretch.start;
      }
      continue;
    }
    if (compare(place, end) < 0) {
      return new LineWalk(prompt.text, stretch.start, stretch.end, start).offsetOf(place);
    }
    if (own || compare(place, end) === 0) {
      last = stretch.end;
    }
  }
  // The end of all that is sent belongs to its last character.
  return last === prompt.text.length && last > 0 ? last - 1 : last;
}

/** The stretch that an offset lies in: the last one that begins there or before. */
function stretchAt(stretches: readonly Stretch[], offset: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.start ?? Infinity) <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}
