import { promptls, typeInSession } from "./typingRounds";

suite("typing 200 characters at 15 a second into 1 MB", () => {
  test("loses no key, keeps the server's text equal to the editor's, and ends with the right hint", async () => {
    await typeInSession(promptls(), 1);
  });
});
