/** The page of the preview: draws what the extension sends, and tells it what is wanted. */
import { count } from "../../figures";
import { type Head, type HostMessage, type PageMessage, readHostMessage } from "../messages";
import { BlockList, type Wish } from "./blockList";
import { button, element } from "./elements";
import { Header } from "./header";
import { fill, texts } from "./texts";

declare function acquireVsCodeApi(): {
  postMessage(message: PageMessage): void;
  setState(state: unknown): void;
};

const host = acquireVsCodeApi();
/** Of the blocks that are drawn; -1 while they are being replaced, when their numbers mean nothing. */
let revision = -1;

const list = new BlockList(send);
const header = new Header(
  (message) => {
    host.postMessage(message);
  },
  (by) => {
    list.step(by);
  },
);
const footer = element("footer", { role: "note" });
document.body.append(header.root, list.root, footer);

function send(wish: Wish): void {
  if (revision < 0) {
    return;
  }
  const { kind, ...what } = wish;
  host.postMessage({ type: kind, revision, ...what } as PageMessage);
}

function showFooter(head: Head | null): void {
  footer.replaceChildren();
  if (head?.hidden) {
    const { characters, parts } = head.hidden;
    const more = (): void => {
      host.postMessage({ type: "more" });
    };
    footer.append(
      element("p", { text: fill(texts.hidden, count(characters), count(parts)) }),
      button({ text: texts.more }, more),
    );
  } else if (head?.parts === 0) {
    footer.append(element("p", { text: texts.empty }));
  }
}

function receive(message: HostMessage): void {
  switch (message.type) {
    case "document":
      host.setState({ uri: message.uri, locked: message.locked });
      header.setLocked(message.locked);
      break;
    case "head":
      header.setHead(message.head);
      list.setHead(message.head);
      showFooter(message.head);
      break;
    case "blocks":
      list.splice(message.from, message.removed, message.added);
      revision = message.last ? message.revision : -1;
      break;
    case "cursor":
      if (message.revision === revision) {
        list.mark(message.block, message.offset, message.scroll);
      }
      break;
    case "status":
      header.setStatus(message.status);
      break;
    case "copied":
      header.announce(texts.copied);
      break;
  }
}

addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  const message = readHostMessage(data);
  if (message !== undefined) {
    receive(message);
  }
});

addEventListener("keydown", (event) => {
  if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    list.step(event.key === "ArrowDown" ? 1 : -1);
  }
});

host.postMessage({ type: "ready" });
