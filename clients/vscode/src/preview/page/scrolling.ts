/** Bringing places of the prompt into view. */

/** How the page moves, as the person wants it. */
export function motion(): ScrollBehavior {
  const reduced =
    document.body.classList.contains("vscode-reduce-motion") ||
    matchMedia("(prefers-reduced-motion: reduce)").matches;
  return reduced ? "instant" : "smooth";
}

/** Bring a character of a block into view, unless it is there. */
export function showPlace(block: HTMLElement, words: Text | undefined, offset: number): void {
  const { top, bottom } = block.getBoundingClientRect();
  if (bottom < headerBottom() || top > innerHeight) {
    // It has not been laid out, and only guesses say where things are in it.
    block.scrollIntoView({ block: "start", behavior: "instant" });
    requestAnimationFrame(() => {
      showCharacter(words, offset);
    });
  } else {
    showCharacter(words, offset);
  }
}

function showCharacter(words: Text | undefined, offset: number): void {
  if (words?.isConnected !== true) {
    return;
  }
  const range = document.createRange();
  range.setStart(words, offset);
  range.setEnd(words, Math.min(offset + 1, words.length));
  const { top, bottom } = range.getBoundingClientRect();
  const first = headerBottom();
  if (top < first || bottom > innerHeight) {
    const third = first + (innerHeight - first) / 3;
    scrollBy({ top: top - third, behavior: motion() });
  }
}

function headerBottom(): number {
  return document.querySelector("header")?.getBoundingClientRect().bottom ?? 0;
}
