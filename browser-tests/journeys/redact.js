// 遮盖 — an officer marks areas on a PDF with the mouse, by words and on a phone, burns them in, answers the parts of the
// request each for itself, seals the letter; the citizen downloads the redacted file and the sealed letter.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Visitor } from "../harness.js";

const SOUGHT = "松溪镇2026年防汛物资采购的询价记录和供应商联系表";
const PHONE = "13900000000";

export async function redact({ browser, address }) {
  const citizen = await Visitor.arrive(browser, address, { phone: true });
  const officer = await Visitor.signedIn(browser, address, "songxi.officer");
  const leader = await Visitor.signedIn(browser, address, "songxi.leader");
  const { number, code } = await file(citizen);
  await takeUp(officer, number);
  const draft = await upload(officer, number, await paper(browser));
  await mark(officer);
  await markOnThePhone(browser, address, draft);
  await burnIn(officer, draft);
  await answerByParts(officer, leader, number);
  const seal = await sealAndIssue(officer, number);
  await read(citizen, number, code, seal);
  for (const visitor of [citizen, officer, leader]) await visitor.leave();
}

async function file(citizen) {
  const { page } = citizen;
  await citizen.go("/requests/new?agency=songxi");
  await page.getByLabel("自然人（公民个人）").check();
  await page.getByLabel("姓名或者单位名称").fill("江照影");
  await page.getByLabel("证件号码").fill("990101199003070015");
  await page.getByLabel("联系电话").fill("0000-6601189");
  await page.getByLabel("所需政府信息的名称、文号或者特征描述").fill(SOUGHT);
  await page.getByLabel("电子文本，在本网站查询页查看").check();
  await page.getByRole("button", { name: "提交申请" }).click();
  const goOn = page.getByRole("button", { name: "不是我要的，继续提交" });
  if (await goOn.count()) await goOn.click();
  await citizen.sees("查询码只在这一页显示");
  return {
    number: (await page.locator("#request-number").innerText()).trim(),
    code: (await page.locator("#query-code").innerText()).trim(),
  };
}

async function takeUp(officer, number) {
  const { page } = officer;
  await officer.go(`/console/requests/${number}`);
  await page.getByLabel("怎样确认的").fill("电话确认");
  await page.getByRole("button", { name: "确认收到" }).click();
  await page.getByRole("button", { name: "进入办理" }).click();
  await officer.sees("已进入办理");
}

/** A page as an office prints it, with text in it. */
async function paper(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.setContent(`<h1>Procurement record</h1><p>Price 1200 yuan, supplier phone ${PHONE}.</p>
    <p>Second supplier phone ${PHONE}.</p><p>Approved on 2026-07-02.</p>`);
  const bytes = await page.pdf({ format: "A4" });
  await context.close();
  return bytes;
}

async function upload(officer, number, bytes) {
  const { page } = officer;
  await officer.go(`/console/requests/${number}`);
  await page.locator("#enclosure-files").setInputFiles({ name: "询价记录.pdf", mimeType: "application/pdf", buffer: bytes });
  await page.locator("#enclosures").getByRole("button", { name: "添加", exact: true }).click();
  await officer.sees("询价记录.pdf");
  await officer.hasNoBarriers();
  await page.locator("#enclosures").getByRole("button", { name: "遮盖", exact: true }).click();
  await page.waitForURL("**/console/redactions/**");
  await officer.hasNoBarriers();
  return new URL(page.url()).pathname;
}

async function mark(officer) {
  const { page } = officer;
  const boxes = page.locator(".redaction-sheet rect");
  const sheet = page.locator(".redaction-sheet svg");
  await page.locator(".redaction-sheet img").evaluate((picture) => picture.decode());
  await sheet.scrollIntoViewIfNeeded();
  await page.getByLabel("遮盖的理由").selectOption({ index: 1 });
  const place = await sheet.boundingBox();
  const from = { x: place.x + place.width * 0.1, y: place.y + place.height * 0.05 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + place.width * 0.4, from.y + place.height * 0.04, { steps: 5 });
  await page.mouse.up();
  assert.equal(await boxes.count(), 1, "drawn with the mouse");
  const before = Number(await boxes.first().getAttribute("x"));
  await page.keyboard.press("ArrowRight");
  assert.equal(Number(await boxes.first().getAttribute("x")), before + 50, "moved by a key");
  await officer.hasNoBarriers();
  await page.getByRole("button", { name: "保存标记" }).click();
  assert.equal(await boxes.count(), 1, "kept");

  await page.getByLabel("按文字查找").fill(PHONE);
  await page.getByLabel("遮盖的理由").selectOption({ index: 1 });
  await page.getByRole("button", { name: "查找并标记" }).click();
  assert.equal(await boxes.count(), 3, "both places where the words stand");
  await page.locator(".redaction-sheet img").evaluate((picture) => picture.decode());
  await officer.picture("redaction");
}

async function markOnThePhone(browser, address, draft) {
  const officer = await Visitor.signedIn(browser, address, "songxi.officer", { phone: true });
  const { page } = officer;
  await officer.go(draft);
  await officer.hasNoBarriers();
  await page.getByRole("button", { name: "添加一处" }).click();
  await page.keyboard.press("Shift+ArrowRight");
  assert.equal(await page.locator(".redaction-sheet rect").count(), 4);
  await officer.picture("redaction-phone");
  await page.keyboard.press("Delete");
  assert.equal(await page.locator(".redaction-sheet rect").count(), 3, "taken away again");
  await officer.leave();
}

async function burnIn(officer, draft) {
  const { page } = officer;
  await officer.go(draft);
  await page.getByRole("button", { name: "完成遮盖" }).click();
  await officer.sees("遮盖完成");
  await officer.sees("核验");
  await officer.hasNoBarriers();
  await officer.picture("redaction-done");
  const [certificate] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /遮盖证明/ }).first().click(),
  ]);
  assert.ok(readFileSync(await certificate.path()).length > 1000);
}

async function answerByParts(officer, leader, number) {
  const { page } = officer;
  await officer.go(`/console/requests/${number}`);
  await officer.sees("已遮盖");
  await page.getByRole("link", { name: "拟定答复" }).click();
  await page.getByRole("link", { name: "从办理结果中直接选择" }).click();
  await page.getByLabel("第1部分").selectOption("provided");
  await page.getByLabel("第2部分").selectOption("personal_privacy");
  await page.getByRole("button", { name: "填写各部分的答复" }).click();
  await officer.sees("部分公开");
  await page.getByRole("button", { name: "生成答复书并送审" }).click();
  assert.match(await page.locator(".error-summary").innerText(), /这一部分/);
  await officer.hasNoBarriers();
  const fill = (name, words) => page.locator(`[name="${name}"]`).fill(words);
  await fill("p0-asked", "防汛物资采购的询价记录");
  await fill("p0-information_or_access", "询价记录随本答复提供。");
  await fill("p0-form_of_provision", "电子文本。");
  await fill("p1-asked", "供应商联系表");
  await fill("p1-third_party_opinion", "本机关认定公开会损害联系人的个人隐私。");
  await fill("p1-reason", "联系表只有联系人的姓名和私人电话，公开会侵害其个人隐私。");
  await officer.picture("portions");
  await page.getByRole("button", { name: "生成答复书并送审" }).click();
  await officer.sees("签发后才能发出");

  await leader.go("/console/reviews");
  await leader.page.locator("tr", { hasText: number }).getByRole("link").click();
  await leader.sees("第2部分：供应商联系表");
  await leader.page.getByRole("button", { name: "签发" }).click();
}

async function sealAndIssue(officer, number) {
  const { page } = officer;
  await officer.go(`/console/requests/${number}`);
  await page.getByRole("link", { name: /公部/ }).first().click();
  const seal = await page.screenshot();
  await page.locator("#sealed").setInputFiles({ name: "答复书（盖章）.png", mimeType: "image/png", buffer: seal });
  await page.getByRole("button", { name: "上传盖章件" }).click();
  await officer.sees("已上传盖章件");
  await officer.hasNoBarriers();
  await officer.picture("letter-sealed");
  await officer.go(`/console/requests/${number}`);
  await page.getByRole("button", { name: "发出答复" }).click();
  await officer.sees("答复已发出");
  return seal;
}

async function read(citizen, number, code, seal) {
  const { page } = citizen;
  await citizen.go("/requests/track");
  await page.getByLabel("申请编号").fill(number);
  await page.getByLabel("查询码").fill(code);
  await page.getByRole("button", { name: "查询", exact: true }).click();
  await citizen.sees("第1部分：防汛物资采购的询价记录");
  await citizen.sees("如不服本决定第2部分");
  await citizen.hasNoBarriers();
  await citizen.picture("request-parts-phone");
  const download = async (button) => {
    const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
    return readFileSync(await file.path());
  };
  const given = await download(page.locator("form[action='/requests/track/file'] button").first());
  assert.equal(given.subarray(0, 5).toString(), "%PDF-");
  assert.ok(!given.includes("/Font"), "nothing in it is text any more");
  const sealed = await download(page.getByRole("button", { name: "下载 盖章件" }).last());
  assert.ok(sealed.equals(seal), "the sealed letter, byte for byte");
}
