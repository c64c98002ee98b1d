// 年报检查 — says how far a file has got, and takes several files one after the other. Without this script the form is sent
// as it is, with one file.
"use strict";

const form = document.querySelector("form.drop-form");
if (form) {
  const chosen = form.querySelector("input[name=report]");
  const button = form.querySelector("button[type=submit]");
  chosen.multiple = true;
  const hint = document.getElementById((chosen.getAttribute("aria-describedby") || "").split(" ")[0]);
  if (hint) hint.append("可以一次选多份。");

  const made = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const told = made("p", { className: "small" });
  told.setAttribute("role", "status");
  const bar = made("progress", { hidden: true });
  bar.setAttribute("aria-label", "上传进度");
  const stop = made("button", { type: "button", className: "button", textContent: "停止", hidden: true });
  const list = made("ol", { className: "checked-files" });
  const box = made("div", { className: "uploads" });
  box.append(told, bar, stop, list);
  button.closest("p").after(box);

  let request = null;
  stop.addEventListener("click", () => request.abort());

  /** What is sent for one file: the form, with this file alone. */
  function parts(file, answer) {
    const body = new FormData(form);
    body.delete("report");
    if (file) body.append("report", file, file.name);
    if (answer) body.set("answer", answer);
    return body;
  }

  /** Sends one form and says how far it has got; gives the answer, whatever its status. */
  function send(body, name) {
    return new Promise((resolve, reject) => {
      request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.responseType = "blob";
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        if (total) [bar.max, bar.value] = [total, loaded];
      });
      request.upload.addEventListener("load", () => {
        // How long reading takes is not known: the bar only moves.
        bar.removeAttribute("value");
        told.textContent = `${name}已经传完，正在读取和检查……`;
      });
      const answered = ({ target }) => resolve({ ok: target.status < 400, status: target.status, body: target.response });
      request.addEventListener("load", answered);
      request.addEventListener("error", () => reject(new Error("没有传成功。请检查网络后再点一次“检查”，选好的文件还在。")));
      request.addEventListener("abort", () => reject(new Error("已经停止。选好的文件还在，可以再点一次“检查”。")));
      bar.value = 0;
      told.textContent = `正在上传${name}……`;
      request.send(body);
    });
  }

  /** Shows a page that came back in the place of this one. */
  async function show(answer) {
    const page = new DOMParser().parseFromString(await answer.body.text(), "text/html");
    const main = page.querySelector("main");
    if (answer.ok) {
      history.pushState(null, "");
      window.addEventListener("popstate", () => window.location.reload(), { once: true });
      document.title = page.title;
      document.querySelector("main").replaceWith(main);
      const head = main.querySelector("h1");
      head.tabIndex = -1;
      head.focus();
      window.scrollTo(0, 0);
    } else {
      throw new Error(refusal(page));
    }
  }

  /** Why a report was not checked: the words of the page that came back. */
  function refusal(page) {
    const reasons = [...page.querySelectorAll(".error-summary li, main > p")];
    return reasons.map((reason) => reason.textContent.trim()).join("") || "没有检查成，请过一会儿再试。";
  }

  function download(answer, name) {
    const link = made("a", { href: URL.createObjectURL(answer.body), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    told.textContent = `检查完了，结果在下载的“${name}”里。`;
  }

  async function one(file) {
    const way = new FormData(form).get("answer");
    const answer = await send(parts(file), file ? `“${file.name}”` : "粘贴的文字");
    if (!answer.ok || way === "page") return show(answer);
    download(answer, `问题清单.${way}`);
  }

  /** Each file for itself: a line with what was found, and a button that shows it in place. */
  async function several(files) {
    const lines = files.map((file) => {
      const line = made("li", {});
      const state = made("span", { className: "muted", textContent: "等待" });
      line.append(made("span", { textContent: file.name }), state);
      list.append(line);
      return { line, state };
    });
    let checked = 0;
    for (const [index, file] of files.entries()) {
      const { line, state } = lines[index];
      state.textContent = "正在检查";
      const name = `第 ${index + 1} 份（共 ${files.length} 份）“${file.name}”`;
      const answer = await send(parts(file, "json"), name).catch((why) => {
        state.textContent = "没有检查";
        throw why;
      });
      if (!answer.ok) {
        const page = new DOMParser().parseFromString(await answer.body.text(), "text/html");
        state.textContent = `没有检查：${refusal(page)}`;
        // So many in so short a time: the others would be refused as well.
        if (answer.status === 429) break;
        continue;
      }
      checked += 1;
      const findings = JSON.parse(await answer.body.text()).findings;
      const count = (severity) => findings.filter((finding) => finding.severity === severity).length;
      const counts = [["error", "错误"], ["warning", "警告"], ["info", "提示"]]
        .map(([severity, word]) => [count(severity), word]).filter(([number]) => number > 0)
        .map(([number, word]) => `${word} ${number} 处`);
      state.textContent = counts.join("，") || "没有发现问题";
      const look = made("button", { type: "button", className: "button", textContent: "看标注" });
      look.setAttribute("aria-label", `看标注：${file.name}`);
      look.addEventListener("click", () => run(async () => show(await send(parts(file, "page"), `“${file.name}”`))));
      line.append(look);
    }
    told.textContent = `检查完了：${files.length} 份中读了 ${checked} 份。`;
  }

  async function run(work) {
    const buttons = () => [button, ...list.querySelectorAll("button")];
    buttons().forEach((one) => { one.disabled = true; });
    [bar.hidden, stop.hidden] = [false, false];
    told.classList.remove("is-overdue");
    try {
      await work();
    } catch (why) {
      told.textContent = why.message;
      told.classList.add("is-overdue");
    }
    [bar.hidden, stop.hidden] = [true, true];
    buttons().forEach((one) => { one.disabled = false; });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.replaceChildren();
    const files = [...chosen.files];
    run(() => (files.length > 1 ? several(files) : one(files[0])));
  });
}
