// 人人可用 — every kind of public page by day and by night, in large print, with the keyboard alone, without scripts.
import assert from "node:assert/strict";
import { Visitor } from "../harness.js";

const PAGES = ["/", "/catalogue", "/documents", "/gazette", "/agencies/songxi", "/search?q=补贴", "/annual-reports",
  "/annual-reports/figures", "/requests", "/requests/new", "/requests/track", "/interaction",
  "/interaction/letters?kind=mailbox", "/interaction/letters?kind=error_report&page=%2Fguide", "/interaction/track",
  "/guide", "/rules", "/help", "/policies", "/site-map", "/api", "/report-check", "/sign-in"];

/** Tabs through a page: focus is always seen, reaches the foot, and is caught nowhere. */
async function walk(visitor, where) {
  const { page } = visitor;
  await visitor.go(where);
  const seen = [];
  for (let step = 0; step < 400; step += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const isShown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      return { name: element.textContent.trim().slice(0, 30) || element.name, isShown, top: box.top + scrollY,
        isFoot: Boolean(element.closest("footer")), hidden: box.width === 0 };
    });
    if (at === null) break;
    assert.ok(at.isShown, `${where}: the focus on “${at.name}” is not seen`);
    seen.push(at);
  }
  assert.equal(seen[0].name, "跳到正文", `${where}: the first stop leads to the text`);
  assert.ok(seen.length < 400 && seen.some((at) => at.isFoot), `${where}: the foot is reached (${seen.length} stops)`);
}

export async function everyone({ browser, address }) {
  for (const colour of ["light", "dark"]) {
    for (const phone of [false, true]) {
      const looking = await Visitor.arrive(browser, address, { phone });
      await looking.page.emulateMedia({ colorScheme: colour });
      for (const where of PAGES) {
        await looking.go(where);
        await looking.hasNoBarriers();
      }
      await looking.page.goto("/entries/songxi/99999999");
      await looking.hasNoBarriers();
      await looking.go("/catalogue");
      await looking.page.locator("main a[href^='/entries/']").first().click();
      await looking.hasNoBarriers();
      await looking.picture(`entry-${colour}${phone ? "-phone" : ""}`);
      await looking.leave();
    }
  }

  const keyboard = await Visitor.arrive(browser, address);
  for (const where of ["/", "/catalogue", "/requests/new", "/interaction/letters?kind=error_report"]) {
    await walk(keyboard, where);
  }
  await keyboard.go("/catalogue");
  await keyboard.page.keyboard.press("Tab");
  await keyboard.page.keyboard.press("Enter");
  assert.equal(await keyboard.page.evaluate(() => document.activeElement.id), "main");
  await keyboard.leave();

  // 长辈模式: kept by cookie, without a script; with one it offers to read aloud.
  for (const scripts of [false, true]) {
    const elder = await Visitor.arrive(browser, address, { scripts });
    await elder.go("/");
    await elder.page.getByRole("link", { name: "长辈模式" }).click();
    await elder.go("/catalogue");
    assert.equal(await elder.page.locator("html").getAttribute("data-size"), "large");
    const button = elder.page.getByRole("button", { name: "朗读本页" });
    if (!scripts) assert.equal(await button.count(), 0);
    if (scripts) await elder.hasNoBarriers();
    await elder.page.getByRole("link", { name: "标准字号" }).click();
    assert.equal(await elder.page.locator("html").getAttribute("data-size"), null);
    await elder.page.getByRole("link", { name: "夜间模式" }).click();
    assert.equal(await elder.page.locator("html").getAttribute("data-theme"), "dark");
    await elder.leave();
  }

  // An error found on a page: its address comes along, nobody says who they are, the number and code find it again.
  const reader = await Visitor.arrive(browser, address, { phone: true, scripts: false });
  await reader.go("/guide");
  await reader.page.getByRole("link", { name: "我为政府网站找错" }).click();
  assert.equal(await reader.page.getByLabel("出错的页面").inputValue(), "/guide");
  await reader.page.getByLabel("哪里有错").fill("第二段“答复”写成了“签复”。");
  await reader.page.waitForTimeout(3_200); // nobody fills a form in faster
  await reader.page.getByRole("button", { name: "提交" }).click();
  const [number, code] = await reader.page.locator("main dd strong").allInnerTexts();
  await reader.go("/interaction/track");
  await reader.page.getByLabel("编号").fill(number);
  await reader.page.getByLabel("查询码").fill(code);
  await reader.page.getByRole("button", { name: "查看" }).click();
  await reader.sees("写成了“签复”");
  await reader.leave();
}
