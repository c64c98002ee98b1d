// 年度报告 — compiled from the ledger; every cell opens its records, zeros too; it passes its own check.
import assert from "node:assert/strict";
import { Visitor } from "../harness.js";

export async function report({ browser, address }) {
  const officer = await Visitor.signedIn(browser, address, "songxi.officer");
  const { page } = officer;
  await officer.go("/console/annual-reports");
  await officer.hasNoBarriers();
  await officer.go("/console/annual-reports/songxi/2025");
  await officer.hasNoBarriers();
  await officer.sees("校验通过");
  await officer.picture("report");

  const cells = page.locator("article table a");
  const count = await cells.count();
  assert.ok(count > 150, `${count} cells can be opened`);
  const opened = await cells.evaluateAll((links) =>
    links.map((a) => ({ href: a.getAttribute("href"), value: a.textContent.trim() })));
  const zero = opened.find(({ value }) => value === "0");
  const counted = opened.filter(({ value }) => /^[1-9]\d*$/.test(value));
  assert.ok(zero && counted.length > 5);

  await officer.go(zero.href);
  await officer.hasNoBarriers();
  for (const { href, value } of counted.slice(0, 12)) {
    await officer.go(href);
    await officer.sees(value);
  }
  await officer.leave();
}
