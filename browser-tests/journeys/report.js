// 年度报告 — compiled from the ledger; every cell opens its records, zeros too; then the whole way of a report:
// checked, submitted, returned, resubmitted, accepted, published, summed into the district's report, and corrected.
import assert from "node:assert/strict";
import { Visitor } from "../harness.js";

const YEAR = "2025";
const TOWN = `/console/annual-reports/yunqi/${YEAR}`;
const DISTRICT = `/console/annual-reports/qinghe/${YEAR}`;

export async function report(world) {
  await everyCellOpensItsRecords(world);
  await returnedAndResubmitted(world);
  await published(world, "yunqi", "青禾区云栖镇人民政府2025年政府信息公开工作年度报告");
  await theDistrictIsSummedAgain(world);
  await published(world, "office", "青禾区人民政府2025年政府信息公开工作年度报告");
  await theCorrectionIsInSight(world);
}

async function everyCellOpensItsRecords({ browser, address }) {
  const officer = await Visitor.signedIn(browser, address, "songxi.officer");
  const { page } = officer;
  await officer.go("/console/annual-reports");
  await officer.hasNoBarriers();
  await officer.go(`/console/annual-reports/songxi/${YEAR}`);
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

/** The report that the district sent back: put right with a linked figure, returned once more, then accepted. */
async function returnedAndResubmitted({ browser, address }) {
  const officer = await Visitor.signedIn(browser, address, "yunqi.officer");
  const { page } = officer;
  await officer.sees("被退回，待修改");
  await officer.sees("2026-01-31 到期");
  await officer.hasNoBarriers();
  await officer.picture("report-tasks");
  const part = `${TOWN}/texts/problems_and_improvements`;
  await officer.go(part);
  await officer.hasNoBarriers();
  await page.getByRole("textbox", { name: "文字", exact: true }).fill("申请{没有这个数}件。");
  await page.getByRole("button", { name: "保存文字" }).click();
  assert.match(await page.locator(".error-summary").innerText(), /没有叫“没有这个数”的联动数字/);
  await write(officer, "存在的主要问题：全年新收申请{新收申请}件，个别答复说理不充分。\n改进情况：由法律顾问逐件把关，6月底前完成。");
  await officer.sees("加底色的数字与台账联动");
  assert.equal(await page.locator("a.linked-figure").count(), 1);
  await officer.picture("report-text");
  await officer.go(TOWN);
  await officer.hasNoBarriers();
  await page.getByRole("button", { name: "送审报送" }).click();
  await officer.sees("本机关审核中");

  await approve({ browser, address }, "yunqi.section");
  const above = await Visitor.signedIn(browser, address, "oversight");
  await openTask(above, "待接收");
  await above.hasNoBarriers();
  await above.page.getByLabel("退回意见").fill("请写明责任人。");
  await above.page.getByRole("button", { name: "退回该机关修改" }).click();
  await above.sees("上级退回");
  await above.leave();

  await officer.go("/console");
  await officer.sees("请写明责任人。");
  await officer.go(part);
  await write(officer, "存在的主要问题：全年新收申请{新收申请}件，个别答复说理不充分。\n改进情况：由法律顾问逐件把关，党政办主任负责，6月底前完成。");
  await officer.go(TOWN);
  await page.getByRole("button", { name: "送审报送" }).click();
  await officer.leave();
  await approve({ browser, address }, "yunqi.section");
  await accept({ browser, address });
}

async function write(officer, text) {
  await officer.page.getByRole("textbox", { name: "文字", exact: true }).fill(text);
  await officer.page.getByRole("button", { name: "保存文字" }).click();
  await officer.sees("已保存");
}

async function openTask(person, words) {
  await person.go("/console");
  await person.sees(words);
  const task = person.page.locator("li, tr").filter({ hasText: words }).getByRole("link").first();
  await task.click();
}

async function approve({ browser, address }, username) {
  const head = await Visitor.signedIn(browser, address, username, { phone: true });
  await openTask(head, "待审核报送");
  await head.hasNoBarriers();
  await head.picture("report-approve-phone", { fullPage: false });
  await head.page.getByRole("button", { name: "同意并报送" }).click();
  await head.sees("回执号");
  await head.leave();
}

async function accept({ browser, address }) {
  const above = await Visitor.signedIn(browser, address, "oversight");
  await openTask(above, "待接收");
  await above.page.getByRole("button", { name: "通过", exact: true }).click();
  await above.sees("上级通过");
  await above.leave();
}

/** Drafted as an entry and signed by three people in turn. */
async function published({ browser, address }, house, title) {
  const officer = await Visitor.signedIn(browser, address, `${house}.officer`);
  const { page } = officer;
  await officer.go(house === "office" ? DISTRICT : TOWN);
  const draft = page.getByRole("button", { name: /起草(公开|更正版本)/ });
  const reason = page.getByLabel("更正原因");
  if (await reason.count()) await reason.fill("云栖镇补报年度报告，松溪镇更正一件行政许可。");
  await draft.click();
  await officer.hasNoBarriers();
  await page.getByRole("button", { name: "送审" }).click();
  await officer.sees("初审");
  await officer.leave();
  for (const who of ["section", "secrets", "leader"]) {
    const signer = await Visitor.signedIn(browser, address, `${house}.${who}`, { phone: who === "leader" });
    await signer.go("/console/reviews");
    await signer.page.getByRole("link", { name: title }).first().click();
    if (who === "secrets") {
      for (const no of await signer.page.getByRole("radio", { name: "否" }).all()) await no.check();
      await signer.page.getByLabel("审查依据").fill("年度报告为汇总数据");
    }
    await signer.page.locator("button[value=signed]").click();
    await signer.leave();
  }
}

/** What was accepted after the sum was frozen shows by agency and cell; the sum is made again, the old one kept. */
async function theDistrictIsSummedAgain({ browser, address }) {
  const above = await Visitor.signedIn(browser, address, "oversight");
  await above.go(`/console/oversight/annual-reports?year=${YEAR}`);
  await above.hasNoBarriers();
  await above.sees("不足 30 件，不排名");
  await above.sees("与上年比较");
  await above.picture("report-district");
  const [download] = await Promise.all([
    above.page.waitForEvent("download"),
    above.page.getByRole("link", { name: "下载汇总表（xlsx）" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /\.xlsx$/);
  await above.leave();

  const officer = await Visitor.signedIn(browser, address, "office.officer");
  const { page } = officer;
  await officer.go(DISTRICT);
  await officer.hasNoBarriers();
  await officer.sees("汇总范围");
  await officer.sees("青禾区云栖镇人民政府：");
  await officer.sees("冻结以后台账有变动的数字");
  await officer.picture("report-government");
  const before = await page.locator("p.hash").count();
  await page.getByLabel("按现在的台账重新冻结的原因").fill("云栖镇补报，松溪镇更正");
  await page.getByRole("button", { name: "重新冻结" }).click();
  await officer.sees("年终数据已冻结");
  assert.equal(await page.locator("p.hash").count(), before + 1, "what was summed before stays");
  await officer.sees("须先重新报送");
  await page.getByRole("button", { name: "送审报送" }).click();
  await officer.sees("本机关审核中");
  await officer.leave();
  await approve({ browser, address }, "office.section");
  await accept({ browser, address });
}

async function theCorrectionIsInSight({ browser, address }) {
  for (const phone of [false, true]) {
    const citizen = await Visitor.arrive(browser, address, { scripts: true, phone });
    await citizen.go(`/annual-reports/qinghe/${YEAR}`);
    await citizen.sees("更正说明");
    await citizen.sees("云栖镇补报年度报告");
    assert.ok((await citizen.page.locator("del").count()) > 0, "the old figures stay beside the new");
    await citizen.hasNoBarriers();
    await citizen.picture(`report-erratum${phone ? "-phone" : ""}`);
    await citizen.go("/report-check");
    await citizen.hasNoBarriers();
    await citizen.leave();
  }
}
