// 关口 — what leaves the house at a set time, in an emergency, several at once, and on a notice board: never unsigned.
import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { Visitor } from "../harness.js";

const TIMED = "松溪镇冬季供暖设施检修安排";
const PASTED = "松溪镇防汛物资存放点";
const URGENT = "松溪镇寒潮蓝色预警信号";
const PAIR = ["松溪镇集市休市安排", "松溪镇便民服务中心元旦值班安排"];
const STAGES = [["section", "初审"], ["secrets", "保密审查"], ["leader", "终审"]];

export async function gate(world) {
  const officer = await Visitor.signedIn(world.browser, world.address, "songxi.officer");
  const citizen = await Visitor.arrive(world.browser, world.address);
  await pasted(officer);
  await timed(world, officer, citizen);
  await urgent(world, officer, citizen);
  await together(world, officer, citizen);
  for (const visitor of [officer, citizen]) await visitor.leave();
  await posting(world);
}

// Drafted and complete; the page of the entry is open afterwards.
async function draft(officer, title) {
  const { page } = officer;
  await officer.go("/console/entries/new");
  const first = (id) => page.locator(`#${id} option`).evaluateAll((options) => options[1].value);
  const line = await page.locator("#line option").evaluateAll((options) =>
    options.find((option) => /通知公告/.test(option.textContent))?.value ?? options[1].value);
  await page.locator("#line").selectOption(line);
  await page.locator("#title").fill(title);
  await page.locator("#summary").fill("告知时间和范围。");
  await page.getByLabel("正文").fill("各村（居）民：\n现将有关安排告知如下，请相互转告。");
  await page.locator("#genre").selectOption(await first("genre"));
  await page.locator("#made_on").fill("2026-11-20");
  // The first genre is a document of rules: a notice is meant.
  await page.locator("#genre").selectOption("notice");
  await page.getByLabel("主动公开").check();
  await page.getByRole("button", { name: "保存草稿" }).click();
  await officer.sees("草稿");
}

async function submit(officer) {
  await officer.page.getByRole("button", { name: "送审", exact: true }).first().click();
  await officer.sees("初审");
}

async function sign({ browser, address }, who, title) {
  const signer = await Visitor.signedIn(browser, address, `songxi.${who}`);
  const { page } = signer;
  await signer.go("/console/reviews");
  await page.getByRole("link", { name: title }).click();
  await decide(page, who);
  await page.locator("button[value=signed]").click();
  await signer.leave();
}

// What the stage of this person asks for.
async function decide(page, who) {
  if (who !== "secrets") return;
  for (const no of await page.getByRole("radio", { name: "否" }).all()) await no.check();
  for (const ground of await page.getByLabel("审查依据").all()) await ground.fill("《条例》第十四条、第十五条");
}

async function isPublic(citizen, title) {
  await citizen.go(`/search?q=${encodeURIComponent(title)}`);
  return (await citizen.page.getByRole("link", { name: title }).count()) > 0;
}

// A table of Word with a merged cell and a picture in it: the picture comes out of the RTF beside the page.
async function pasted(officer) {
  const { page } = officer;
  await draft(officer, PASTED);
  await page.getByRole("link", { name: "修改内容" }).click();
  const html = `<html xmlns:o="urn:x"><head><style>td {color:red}</style></head><body>
    <h2 style='mso-pagination:x'>一、地点</h2><table class=MsoTable border=1>
    <tr><td colspan=2 style='border:solid'><p class=MsoNormal><b>示意图</b><o:p></o:p></p></td></tr>
    <tr><td>松林村</td><td><img width=24 src="file:///C:/Temp/clip_image001.png"></td></tr></table></body></html>`;
  const rtf = `{\\rtf1{\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn x}}}\\picw24\\pngblip\\bliptag7{\\*\\blipuid
    ${"0a".repeat(16)}}${png(24).toString("hex")}}}}`;
  await page.locator("#body-editor").evaluate((editor, [html, rtf]) => {
    editor.focus();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", "示意图");
    clipboardData.setData("text/rtf", rtf);
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, [html, rtf]);
  await page.getByText("已粘贴，只保留了文字结构").waitFor();
  await page.getByRole("button", { name: "保存草稿" }).click();
  await officer.sees("示意图");
  const shown = page.locator(".document table");
  assert.equal(await shown.locator("td[colspan='2']").count(), 1, "the merged cell stays merged");
  assert.equal(await shown.locator("[style], [class]").count(), 0, "and nothing of its looks");
  const width = await shown.locator("td img").evaluate((image) => image.decode().then(() => image.naturalWidth));
  assert.equal(width, 24, "the picture stands in its cell");
}

async function timed(world, officer, citizen) {
  const { page } = officer;
  await draft(officer, TIMED);
  const act = page.locator("details.act", { has: page.getByText("定时发布", { exact: true }) }).first();
  await act.locator("summary").click();
  await page.getByLabel("发布时间").fill("2020-01-01T09:00");
  await act.getByRole("button", { name: "定时发布" }).click();
  assert.match(await page.locator("body").innerText(), /要晚于现在/);
  const tomorrow = new Date(Date.now() + 30 * 3600 * 1000).toISOString().slice(0, 16);
  await page.getByLabel("发布时间").fill(tomorrow);
  await page.getByRole("button", { name: "定时发布" }).click();
  await officer.sees("定于");
  await officer.hasNoBarriers();
  const entry = page.url();
  await submit(officer);
  for (const [who] of STAGES) await sign(world, who, TIMED);
  assert.equal(await isPublic(citizen, TIMED), false, "signed by everyone, and its time has not come");
  await officer.go(entry);
  await officer.sees("定于");
  await page.locator("summary", { hasText: "取消定时，立即公开" }).click();
  await page.getByRole("button", { name: "取消定时，立即公开" }).click();
  await officer.sees("已公开");
  assert.equal(await isPublic(citizen, TIMED), true);
}

async function urgent(world, officer, citizen) {
  const { page } = officer;
  await draft(officer, URGENT);
  await submit(officer);
  await page.getByRole("link", { name: "查看审核" }).click();
  await page.locator("summary", { hasText: "申请紧急发布" }).click();
  await page.getByLabel("不能等待的原因").fill("两小时内有强寒潮");
  await page.getByLabel("对公众的说明").fill("情况紧急，先行发布，随后补办审查。");
  await page.getByRole("button", { name: "申请紧急发布" }).click();
  await officer.hasNoBarriers();
  const review = page.url().split("#")[0];
  for (const [who, isOut] of [["section", false], ["leader", true]]) {
    const signer = await Visitor.signedIn(world.browser, world.address, `songxi.${who}`);
    await signer.go(review);
    await signer.page.getByRole("button", { name: "签署紧急发布" }).click();
    await signer.leave();
    assert.equal(await isPublic(citizen, URGENT), isOut, `after ${who}`);
  }
  await citizen.page.getByRole("link", { name: URGENT }).first().click();
  await citizen.sees("情况紧急，先行发布");
  await citizen.hasNoBarriers();
}

// Two drafts submitted from one page and signed from one page, by keyboard where it counts.
async function together(world, officer, citizen) {
  const { page } = officer;
  for (const title of PAIR) await draft(officer, title);
  await officer.go("/console/entries?tab=drafting");
  for (const title of PAIR) {
    await page.getByLabel(`选择 ${title}`).focus();
    await page.keyboard.press("Space");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "批量送审" }).waitFor();
  for (const title of PAIR) await officer.sees(title);
  await officer.hasNoBarriers();
  await page.getByRole("button", { name: "送审以上 2 件" }).click();
  await officer.sees("已送审 2 件");

  for (const [who] of STAGES) {
    assert.equal(await isPublic(citizen, PAIR[0]), false);
    const signer = await Visitor.signedIn(world.browser, world.address, `songxi.${who}`,
      { scripts: false, phone: who === "leader" });
    await signer.go("/console/reviews");
    for (const title of PAIR) await signer.page.getByLabel(`选择 ${title}`).check();
    await signer.page.getByRole("button", { name: "一起核对并签署选中的" }).click();
    if (who === "secrets") {
      await signer.page.getByRole("button", { name: "签署以上 2 件" }).click();
      await signer.sees("一件也没有签署");
      await signer.page.getByText("请选择是否涉及国家秘密").first().waitFor();
    }
    await decide(signer.page, who);
    await signer.page.getByRole("button", { name: "签署以上 2 件" }).click();
    await signer.sees("已签署 2 件");
    await signer.leave();
  }
  for (const title of PAIR) assert.equal(await isPublic(citizen, title), true);
}

// Stands before the notice board with a phone.
async function posting({ browser, address }) {
  const phone = await Visitor.signedIn(browser, address, "songxi.officer", { phone: true });
  const { page } = phone;
  await phone.go(`/console/entries?tab=public&q=${encodeURIComponent(PAIR[0])}`);
  await page.getByRole("link", { name: PAIR[0] }).first().click();
  await page.getByRole("link", { name: "登记发布" }).click();
  await phone.hasNoBarriers();
  await page.getByRole("radio", { name: "公告栏" }).check();
  await page.getByLabel("地点").fill("松林村村务公开栏");
  await page.locator("input[type=file]").setInputFiles(
    [{ name: "现场.png", mimeType: "image/png", buffer: png(24) }]);
  await page.getByRole("button", { name: "登记", exact: true }).click();
  // The script sends, and sends again on a bad line, before it moves on.
  await page.waitForURL(/\/console\/postings\/[0-9a-f-]{36}$/);
  await phone.sees("松林村村务公开栏");
  await phone.hasNoBarriers();
  const shown = page.locator("img.posting-photo");
  assert.ok((await shown.count()) === 1, "the photograph is shown");
  const photo = await page.request.get(await shown.getAttribute("src"));
  assert.equal(photo.headers()["content-type"], "image/png");
  await phone.leave();
}

// A small square.
function png(size) {
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const crc = (bytes) => {
    let c = 0xffffffff;
    for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const out = Buffer.alloc(8);
    out.writeUInt32BE(data.length);
    out.writeUInt32BE(crc(body), 4);
    return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((size * 3 + 1) * size, 0x80);
  for (let y = 0; y < size; y++) rows[y * (size * 3 + 1)] = 0;
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}
