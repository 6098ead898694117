/** Headless Chromium for one test: it reaches this machine alone. */
import { chromium as driver, type Browser, type BrowserContext, type Page } from "playwright-core";
import { chromium } from "./editors";

const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
  // Names are resolved nowhere; web sockets do not pass the routes below.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

export interface WindowSize {
  width: number;
  height: number;
}

export class TestBrowser {
  /** Hosts that pages wanted to reach and could not. */
  readonly refusedHosts = new Set<string>();
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<TestBrowser> {
    return new TestBrowser(await driver.launch({ executablePath: chromium(), args: flags }));
  }

  /** A page with storage of its own. */
  async newPage(viewport: WindowSize = { width: 1280, height: 800 }): Promise<Page> {
    const context = await this.#browser.newContext({ viewport, locale: "en-US", deviceScaleFactor: 1 });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await context.route(
      (url) => url.protocol.startsWith("http") && url.hostname !== "127.0.0.1",
      async (route) => {
        this.refusedHosts.add(new URL(route.request().url()).hostname);
        await route.abort();
      },
    );
    return await context.newPage();
  }

  /**
   * Windows that share storage and caches, as those of a person do. Nothing is watched: that would switch the caches
   * off.
   */
  async newContext(): Promise<BrowserContext> {
    return await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
