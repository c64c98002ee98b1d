// 主动公开 — drafted, signed by three people in turn, and public under its index number; nothing before that.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Visitor } from "../harness.js";

const TITLE = "松溪镇冬春季节森林防火工作方案";
const TEXT = "为做好今冬明春森林防火工作，成立三支巡护队，分片巡山。\n值班电话向社会公开，发现火情立即报告。";
const WRITER = "Xiaoman Tian of the emergency office";
const PDF = pdf([
  "<</Type/Catalog/Pages 2 0 R>>",
  "<</Type/Pages/Kids[3 0 R]/Count 1>>",
  "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
  `<</Author(${WRITER})>>`,
]);

// What is known to hurt pages that show a text from outside; the browser runs here without the security policy.
const HOSTILE = readFileSync(
  new URL("../../crates/disclosure/src/publishing/hostile.txt", import.meta.url), "utf8");

async function paste(page, html) {
  await page.locator("#body-editor").evaluate((editor, html) => {
    editor.focus();
    document.getSelection().selectAllChildren(editor);
    document.getSelection().collapseToEnd();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", "x");
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, html);
  await page.getByText("已粘贴").waitFor();
}

async function isUnhurt({ page }) {
  await page.mouse.move(400, 400);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => window.__hurt), undefined, `${page.url()} ran what was pasted`);
}

export async function publish({ browser, address }) {
  const officer = await Visitor.signedIn(browser, address, "songxi.officer");
  const citizen = await Visitor.arrive(browser, address, { scripts: false });
  const signed = await draft(officer);
  await isNotPublic(citizen);

  await sign({ browser, address }, "songxi.section", "初审", { returns: "请写明值班电话的公布办法" });
  await revise(officer);
  for (const [who, stage] of [["section", "初审"], ["secrets", "保密审查"], ["leader", "终审"]]) {
    await isNotPublic(citizen);
    await sign({ browser, address }, `songxi.${who}`, stage);
  }
  await isPublic(citizen, signed);
  for (const visitor of [officer, citizen]) await visitor.leave();
}

async function draft(officer) {
  const { page } = officer;
  await officer.go("/console/entries");
  await officer.hasNoBarriers();
  await page.getByRole("link", { name: "拟稿" }).first().click();
  await officer.hasNoBarriers();
  await page.getByLabel("标题").fill(TITLE);
  await page.getByRole("button", { name: "保存并送审" }).click();
  const summary = page.locator(".error-summary");
  assert.match(await summary.innerText(), /目录/);
  assert.match(await summary.innerText(), /公开属性/);
  assert.match(await summary.innerText(), /概述/);
  assert.equal(await page.getByLabel("标题").inputValue(), TITLE);

  const line = await page.locator("#line option").evaluateAll((options) =>
    options.find((option) => /突发|应急|预案/.test(option.textContent))?.value ?? options[1].value);
  await page.locator("#line").selectOption(line);
  await page.getByLabel("内容概述").fill("今冬明春森林防火的组织、巡护和值班安排。");
  await page.getByLabel("正文").fill(TEXT);
  const genre = await page.locator("#genre option").evaluateAll((options) =>
    options.find((option) => /方案|通知/.test(option.textContent)).value);
  await page.locator("#genre").selectOption(genre);
  await page.getByLabel("生成日期").fill("2026-11-20");
  await page.getByLabel("主动公开").check();
  await page.getByRole("button", { name: "保存草稿" }).click();
  await officer.sees("草稿");

  await page.locator("input[type=file]").setInputFiles([
    { name: "值班表.pdf", mimeType: "application/pdf", buffer: Buffer.from(PDF) },
    { name: "值班表.html", mimeType: "text/html", buffer: Buffer.from("<script>alert(1)</script>") },
  ]);
  await page.getByRole("button", { name: "上传" }).click();
  await page.getByText("添加了 1 个附件，其余没有添加").waitFor();
  const attachment = await download(page);
  assert.ok(PDF.includes(WRITER) && !attachment.includes(WRITER), "the writer's name does not go out with the file");
  await officer.hasNoBarriers();
  await page.getByRole("button", { name: "送审" }).click();
  await officer.sees("初审");
  await officer.hasNoBarriers();
  return attachment;
}

async function revise(officer) {
  const { page } = officer;
  await officer.go("/console");
  await page.getByRole("link", { name: TITLE }).first().click();
  await officer.sees("请写明值班电话的公布办法");
  await page.getByRole("link", { name: "修改内容" }).click();
  await page.getByLabel("正文").fill(`${TEXT}\n值班电话在各村公告栏张贴。`);
  await paste(page, `<p class=MsoNormal style="color:red">巡护分工表<o:p></o:p></p>${HOSTILE}`);
  await page.getByText("已自动保存").waitFor();
  await isUnhurt(officer);
  await page.getByRole("button", { name: "保存并送审" }).click();
  await officer.sees("初审");
  await isUnhurt(officer);
}

async function sign({ browser, address }, username, stage, { returns } = {}) {
  const signer = await Visitor.signedIn(browser, address, username, { phone: username.endsWith("leader") });
  const { page } = signer;
  await signer.go("/console/reviews");
  await signer.hasNoBarriers();
  await page.getByRole("link", { name: TITLE }).click();
  await signer.sees(stage);
  await signer.hasNoBarriers();
  if (returns) {
    await page.getByRole("button", { name: "退回" }).click();
    assert.match(await page.locator(".error-summary").innerText(), /退回/, "a return needs its reason");
    await page.getByLabel("意见").fill(returns);
    await page.getByRole("button", { name: "退回" }).click();
  } else {
    if (stage === "保密审查") {
      for (const no of await page.getByRole("radio", { name: "否" }).all()) await no.check();
      await page.getByLabel("审查依据").fill("《保守国家秘密法》第十三条");
    }
    await page.locator("button[value=signed]").click();
  }
  await signer.go("/console/reviews");
  assert.equal(await page.getByRole("link", { name: TITLE }).count(), 0, "it waits for someone else now");
  await signer.leave();
}

async function find(citizen) {
  await citizen.go(`/search?q=${encodeURIComponent("冬春季节森林防火")}`);
  return citizen.page.getByRole("link", { name: TITLE });
}

async function isNotPublic(citizen) {
  assert.equal(await (await find(citizen)).count(), 0, "not public before the last signature");
}

async function isPublic(citizen, signed) {
  await (await find(citizen)).first().click();
  await citizen.sees("索引号");
  await citizen.sees("值班电话在各村公告栏张贴");
  await citizen.sees("巡护分工表");
  assert.equal(await download(citizen.page), signed, "the bytes that were signed");
  await citizen.picture("entry");
}

async function download(page) {
  const file = await page.request.get(await page.getByRole("link", { name: "值班表.pdf" }).first().getAttribute("href"));
  const bytes = (await file.body()).toString("latin1");
  assert.ok(bytes.startsWith("%PDF-"), "a PDF comes back");
  return bytes;
}

// A whole PDF of these objects; the last one describes the document.
function pdf(objects) {
  let text = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj${object}endobj\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const size = objects.length + 1;
  return `${text}xref\n0 ${size}\n0000000000 65535 f \n${places.join("")}trailer<</Size ${size}/Root 1 0 R/Info ${objects.length} 0 R>>\nstartxref\n${text.length}\n%%EOF\n`;
}
