// Every journey, on every database, each through one run of the real program.
import { after, before, describe, test } from "node:test";
import { databases, startBrowser, startDemo } from "./harness.js";
import { audit } from "./journeys/audit.js";
import { everyone } from "./journeys/everyone.js";
import { gate } from "./journeys/gate.js";
import { portal } from "./journeys/portal.js";
import { publish } from "./journeys/publish.js";
import { redact } from "./journeys/redact.js";
import { report } from "./journeys/report.js";
import { request } from "./journeys/request.js";

for (const database of databases()) {
  describe(database, () => {
    const world = {};
    before(async () => {
      world.browser = await startBrowser();
      world.demo = await startDemo(database);
      world.address = world.demo.address;
    });
    after(async () => {
      await world.browser?.close();
      await world.demo?.stop();
    });

    test("citizens find, read and search, on a phone too", () => portal(world));
    test("everyone reads: by night, in large print, by keyboard, and reports an error", () => everyone(world));
    test("an entry from draft through three signatures to the portal", () => publish(world));
    test("at its time, in an emergency, several at once, on a notice board: never unsigned", () => gate(world));
    test("a request from the citizen's form to the reply they read", () => request(world));
    test("a file is redacted, a request answered by its parts, the letter sealed", () => redact(world));
    test("a report from its records through the district to its correction", () => report(world));
    test("every change of these journeys is in the audit log", () => audit(world));
  });
}
