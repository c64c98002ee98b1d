// 依申请公开 — a citizen files without scripts; the officer confirms, extends and decides; the leader signs; the citizen reads
// the letter with the article and the remedy; delivered with proof, archived, and looked up a last time. Another request is
// supplemented where the notice stands.
import assert from "node:assert/strict";
import { Visitor } from "../harness.js";

const SOUGHT = "松溪镇2026年第三季度高标准农田建设项目的验收会议讨论记录";

export async function request({ browser, address }) {
  const citizen = await Visitor.arrive(browser, address, { phone: true, scripts: false });
  const { number, code } = await file(citizen);

  const officer = await Visitor.signedIn(browser, address, "songxi.officer");
  const leader = await Visitor.signedIn(browser, address, "songxi.leader");
  await confirm(officer, number);
  await extend(officer, leader, number);
  await decide(officer, leader, number);
  await track(citizen, number, code);
  await deliverAndArchive(officer, number);
  await trackToTheEnd(citizen, number, code);
  await supplement(citizen, officer);
  for (const visitor of [citizen, officer, leader]) await visitor.leave();
}

// Asking for what is public shows it first, with the form kept as it was filled in.
async function isOfferedWhatIsPublic(citizen) {
  const { page } = citizen;
  const list = await page.request.get("/catalogue?agency=songxi");
  const title = (await list.text()).match(/href="\/entries\/[^"]+"[^>]*>([^<]{12,})<\/a>/)[1].trim();
  await page.getByLabel("所需政府信息的名称、文号或者特征描述").fill(`请提供${title}，谢谢`);
  await page.getByRole("button", { name: "提交申请" }).click();
  await citizen.sees("这些信息已经公开");
  assert.ok((await page.locator("#offers a").allInnerTexts()).some((offer) => offer.startsWith(title)), title);
  assert.equal(await page.getByLabel("姓名或者单位名称").inputValue(), "乔望舒");
  await citizen.picture("offers");
}

async function file(citizen) {
  const { page } = citizen;
  await citizen.go("/requests");
  await page.getByRole("link", { name: "提交申请", exact: true }).click();
  await page.getByLabel("姓名或者单位名称").fill("乔望舒");
  await page.getByRole("button", { name: "提交申请" }).click();

  // All errors at once, and what was typed is still there.
  const summary = page.locator(".error-summary");
  for (const missing of ["受理申请的机关", "申请人的类别", "证件号码", "所需政府信息"]) {
    assert.match(await summary.innerText(), new RegExp(missing));
  }
  assert.equal(await page.getByLabel("姓名或者单位名称").inputValue(), "乔望舒");

  await page.getByLabel("向哪个机关申请").selectOption({ label: "青禾区松溪镇人民政府" });
  await page.getByLabel("自然人（公民个人）").check();
  await page.getByLabel("证件号码").fill("990101199003070015");
  await page.getByLabel("联系电话").fill("0000-6601188");
  await page.getByLabel("电子文本，在本网站查询页查看").check();
  await isOfferedWhatIsPublic(citizen);
  await page.getByLabel("所需政府信息的名称、文号或者特征描述").fill(SOUGHT);
  await page.getByRole("button", { name: "提交申请" }).click();

  await citizen.sees("查询码只在这一页显示");
  await citizen.sees("期限从双方确认起算");
  const number = (await page.locator("#request-number").innerText()).trim();
  const code = (await page.locator("#query-code").innerText()).trim();
  assert.match(number, /^SONGXI-SQ-\d{4}-\d{4}$/);
  assert.ok(code.length >= 6, code);
  // The days are counted one by one already.
  assert.ok((await page.locator(".ledger .days time").count()) > 20);

  await citizen.go("/requests/track");
  await page.getByLabel("申请编号").fill(number);
  await page.getByLabel("查询码").fill("WRONGCODE");
  await page.getByRole("button", { name: "查询", exact: true }).click();
  await citizen.doesNotSee(SOUGHT);
  return { number, code };
}

async function confirm(officer, number) {
  const { page } = officer;
  await officer.go("/console/requests");
  await officer.hasNoBarriers();
  await page.getByRole("link", { name: number }).click();
  await officer.sees("期限还没有起算");
  await page.getByLabel("怎样确认的").fill("电话确认，由申请人接听");
  await page.getByRole("button", { name: "确认收到" }).click();
  await officer.sees("已确认收到，答复期限至");
  await page.getByRole("button", { name: "进入办理" }).click();
  await officer.sees("已进入办理");
  await officer.hasNoBarriers();
}

async function extend(officer, leader, number) {
  const { page } = officer;
  await page.getByText("提请延长答复期限").click();
  await page.getByRole("button", { name: "提请延长" }).click();
  assert.match(await page.locator(".error-summary").innerText(), /理由/);
  await page.getByLabel("需要延长的理由").fill("涉及的会议记录分散保存在三个科室，需要逐份核对");
  await page.getByRole("button", { name: "提请延长" }).click();
  await officer.sees("同意之前期限不变");

  await leader.go(`/console/requests/${number}`);
  await leader.page.getByRole("button", { name: "同意延长并告知申请人" }).click();
  await leader.sees("延长答复期限告知书");
  await officer.go(`/console/requests/${number}`);
  assert.equal(await page.getByRole("button", { name: "提请延长" }).count(), 0, "extended only once");
}

async function decide(officer, leader, number) {
  const { page } = officer;
  await page.getByRole("link", { name: "拟定答复" }).click();
  await officer.hasNoBarriers();
  // Question by question; one answer is taken back, and the earlier ones stay.
  for (const answer of [
    "应当继续办理",
    "明确，或者补正后已经明确",
    "要求提供政府信息",
    "没有答复过，或者不是相同的信息",
    "没有超过，或者申请人说明的理由合理",
    "由本机关负责公开",
    "没有主动公开，或者公开的不是所申请的全部内容",
    "没有另外的规定",
    "经检索没有",
  ]) {
    await page.getByRole("link", { name: answer }).click();
  }
  await officer.sees("本机关不掌握相关政府信息");
  await page.getByRole("link", { name: /改答.*经检索/ }).click();
  for (const answer of ["制作了，或者保存着", "有现成的信息"]) {
    await page.getByRole("link", { name: answer }).click();
  }
  await page.locator("#question").getByRole("link", { name: "有", exact: true }).click();
  await page.getByRole("link", { name: "不能区分，全部不予公开" }).click();
  await officer.hasNoBarriers();
  await officer.picture("question");
  await officer.sees("年报计入 不予公开：属于四类过程性信息");
  await page.getByRole("link", { name: "讨论记录、过程稿、磋商信函、请示报告等过程性信息" }).click();
  await page.getByRole("button", { name: "生成答复书并送审" }).click();
  assert.match(await page.locator(".error-summary").innerText(), /理由/);
  await page.getByLabel("属于哪一类信息").fill("会议讨论记录，已核对法律、法规、规章没有应当公开的规定");
  await page.getByLabel("理由").fill("该记录是验收过程中内部讨论的情况，不是验收结论；验收结论已经主动公开");
  await officer.hasNoBarriers();
  await page.getByRole("button", { name: "生成答复书并送审" }).click();
  await officer.sees("签发后才能发出");
  assert.equal(await page.getByRole("button", { name: "发出答复" }).count(), 0, "not before it is signed");

  await leader.go("/console/reviews");
  await leader.page.locator("tr", { hasText: number }).getByRole("link").click();
  await leader.sees("第十六条");
  await leader.sees("行政复议");
  await leader.sees("不能区分，全部不予公开");
  await leader.hasNoBarriers();
  await leader.page.getByRole("button", { name: "签发" }).click();

  await officer.go(`/console/requests/${number}`);
  await page.getByRole("button", { name: "发出答复" }).click();
  await officer.sees("答复已发出");
  await officer.picture("request");
}

async function lookUp(citizen, number, code) {
  const { page } = citizen;
  await citizen.go("/requests/track");
  await page.getByLabel("申请编号").fill(number);
  await page.getByLabel("查询码").fill(code);
  await page.getByRole("button", { name: "查询", exact: true }).click();
}

async function track(citizen, number, code) {
  await lookUp(citizen, number, code);
  await citizen.sees(SOUGHT);
  await citizen.sees("第十六条第二款");
  await citizen.sees("先向青禾区人民政府申请行政复议");
  await citizen.sees("延长答复期限告知书");
  await citizen.picture("request-tracked-phone");
}

// Nothing is archived before there is proof that the reply arrived.
async function deliverAndArchive(officer, number) {
  const { page } = officer;
  await officer.go(`/console/requests/${number}`);
  assert.equal(await page.getByRole("button", { name: "归档", exact: true }).count(), 0, "not before it is delivered");
  await page.getByRole("button", { name: "登记送达" }).click();
  assert.match(await page.locator(".error-summary").innerText(), /凭据/);
  await page.getByLabel("送达的凭据").fill("申请人在查询页查看");
  await page.getByRole("button", { name: "登记送达" }).click();
  await page.getByRole("button", { name: "归档", exact: true }).click();
  await officer.sees("现在没有需要您办理的事项");
  await officer.sees("政府信息公开申请案卷封面");
  await officer.hasNoBarriers();
  await officer.picture("request-archived");
}

async function trackToTheEnd(citizen, number, code) {
  await lookUp(citizen, number, code);
  await citizen.sees("已归档");
  await citizen.sees("登记送达");
  await citizen.sees("第十六条第二款");
  await citizen.doesNotSee("案卷封面");
  assert.equal(await citizen.page.getByText("我要撤回这件申请").count(), 0);
}

async function supplement(citizen, officer) {
  const { page } = citizen;
  await citizen.go("/requests/new");
  await page.getByLabel("向哪个机关申请").selectOption({ label: "青禾区松溪镇人民政府" });
  await page.getByLabel("自然人（公民个人）").check();
  await page.getByLabel("姓名或者单位名称").fill("辛未明");
  await page.getByLabel("证件号码").fill("990101198805120024");
  await page.getByLabel("联系电话").fill("0000-6602233");
  await page.getByLabel("电子文本，在本网站查询页查看").check();
  await page.getByLabel("所需政府信息的名称、文号或者特征描述").fill("松溪镇有关柳湾片区那次协调会的材料");
  await page.getByRole("button", { name: "提交申请" }).click();
  await citizen.sees("查询码只在这一页显示");
  const number = (await page.locator("#request-number").innerText()).trim();
  const code = (await page.locator("#query-code").innerText()).trim();

  await officer.go(`/console/requests/${number}`);
  await officer.page.getByLabel("怎样确认的").fill("电话确认");
  await officer.page.getByRole("button", { name: "确认收到" }).click();
  await officer.page.getByText("告知补正", { exact: true }).click();
  await officer.page.getByLabel("需要补正的事项").fill("请写明会议的时间或者名称");
  await officer.page.getByRole("button", { name: "发出补正告知书" }).click();

  await lookUp(citizen, number, code);
  await citizen.sees("请写明会议的时间或者名称");
  await citizen.sees("现在不能确定");
  await page.getByRole("button", { name: "发送补正" }).click();
  assert.match(await page.locator(".error-summary").innerText(), /补正后的申请内容/);
  await page.getByLabel("补正的内容").fill("2026年5月柳湾片区防汛协调会纪要");
  await citizen.picture("request-supplement-phone");
  await page.getByRole("button", { name: "发送补正" }).click();
  await citizen.sees("办理中");
  assert.equal(await page.getByRole("button", { name: "发送补正" }).count(), 0, "once");
  await officer.go(`/console/requests/${number}`);
  await officer.sees("2026年5月柳湾片区防汛协调会纪要");
  await officer.sees("收到补正");
}
