/** Output that another process writes to a file, passed on while it is written. */
import { createReadStream, watch, writeFileSync } from "node:fs";

/** Prints what is appended to a file, as it comes. */
export class FollowedFile {
  readonly #watcher;
  #read = 0;
  #printing = Promise.resolve();

  constructor(readonly path: string) {
    writeFileSync(path, "");
    this.#watcher = watch(path, () => { this.#print(); });
  }

  async stop(): Promise<void> {
    this.#watcher.close();
    this.#print();
    await this.#printing;
  }

  #print(): void {
    this.#printing = this.#printing.then(async () => {
      for await (const chunk of createReadStream(this.path, { start: this.#read })) {
        this.#read += (chunk as Buffer).length;
        process.stdout.write(chunk as Buffer);
      }
    });
  }
}
