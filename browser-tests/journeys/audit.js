// 审计 — what was just done stands in the log, and the chain holds.
import assert from "node:assert/strict";
import { Visitor } from "../harness.js";

export async function audit({ browser, address }) {
  const admin = await Visitor.signedIn(browser, address, "admin");
  await admin.go("/console/audit");
  await admin.hasNoBarriers();
  assert.ok((await admin.page.locator("tbody tr").count()) > 5, "changes are listed");
  await admin.go("/console/audit/chain");
  await admin.sees("完整");
  await admin.leave();

  const officer = await Visitor.signedIn(browser, address, "songxi.officer");
  const refused = await officer.page.goto("/console/accounts");
  assert.equal(refused.status(), 403);
  await officer.leave();
}
