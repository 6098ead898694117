/** Documents that tests and measurements make. */

const sentences = [
  "Read the request twice before you answer, and say in one line what you understood.",
  "When a figure is missing, ask for it; never make one up, however likely it seems.",
  "Quote the passage that an answer rests on, with the name of the file and the line.",
  "A refund above 200 euros goes to a person, together with what has been tried so far.",
  "Keep the tone of the examples: plain, friendly, without exclamation marks.",
];

export interface LargeDocument {
  text: string;
  /** The heading of the section in the middle, which is shown and typed into. */
  heading: string;
  /** Line of that heading, from 1; the section's text begins two lines below. */
  line: number;
}

/** A native prompt document of about so many bytes, in sections of a screen's height, without references. */
export function largeDocument(bytes: number): LargeDocument {
  const lines: string[] = [];
  const headings: { heading: string; line: number }[] = [];
  let size = 0;
  const add = (line: string): void => {
    lines.push(line);
    size += line.length + 1;
  };
  while (size < bytes) {
    const number = headings.length + 1;
    headings.push({ heading: `## Section ${number}`, line: lines.length + 1 });
    add(`## Section ${number}`);
    add("");
    for (let paragraph = 0; paragraph < 6; paragraph += 1) {
      add(sentences[(number + paragraph) % sentences.length]!);
      add("");
    }
  }
  const middle = headings[Math.floor(headings.length / 2)]!;
  return { text: `${lines.join("\n")}\n`, ...middle };
}
