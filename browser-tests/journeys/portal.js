// 门户 — what a citizen sees first: home, catalogue, an entry, search; desktop and phone, without scripts.
import assert from "node:assert/strict";
import { Visitor } from "../harness.js";

export async function portal({ browser, address }) {
  for (const phone of [false, true]) {
    const looking = await Visitor.arrive(browser, address, { phone });
    for (const where of ["/", "/catalogue", "/search?q=补贴", "/annual-reports", "/requests", "/requests/new",
      "/requests/track", "/interaction", "/guide", "/help", "/sign-in", "/agencies/songxi"]) {
      await looking.go(where);
      await looking.hasNoBarriers();
    }
    await looking.go("/");
    await looking.picture(phone ? "home-phone" : "home");
    await looking.leave();
  }

  const citizen = await Visitor.arrive(browser, address, { scripts: false });
  const { page } = citizen;
  await citizen.go("/");
  await page.getByRole("searchbox").first().fill("惠农补贴");
  await page.getByRole("button", { name: "搜索" }).first().click();
  await citizen.sees("补贴");
  await page.locator("main a[href^='/entries/']").first().click();
  await citizen.sees("索引号");
  await page.getByRole("link", { name: "公开目录" }).first().click();
  await page.locator("main a[href^='/entries/']").first().click();
  await citizen.sees("索引号");
  const missing = await page.goto("/entries/songxi/99999999");
  assert.equal(missing.status(), 404);
  await citizen.leave();
}
