// 拟稿 — the drafting form with a text editor, saving by itself and uploads with progress. Without this script the form
// works as it is: the text is then typed with simple marks, and saved by its button. What may be stored is decided by
// the server; nothing here is trusted.
"use strict";

/** Sends fields as a form and reads the answer. */
async function send(address, fields) {
  const response = await fetch(address, {
    method: "POST", body: new URLSearchParams(fields), headers: { accept: "application/json" },
    credentials: "same-origin", redirect: "error",
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function draft(form) {
  const area = form.querySelector("#body");
  const notes = element("p", { role: "status", class: "muted small editor-notes" });
  const editor = area ? edit(form, area, notes) : null;
  const state = keepSaved(form, editor);
  form.addEventListener("submit", () => {
    editor?.store();
    state.leave();
  });
}

// ── the editor ──────────────────────────────────────────────────────────────────────────────────────────────────────

const BUTTONS = [
  ["正文", "formatBlock", "p"], ["一级标题", "formatBlock", "h2"], ["二级标题", "formatBlock", "h3"],
  ["三级标题", "formatBlock", "h4"], ["加粗", "bold"], ["项目符号", "insertUnorderedList"],
  ["编号", "insertOrderedList"], ["链接", link], ["表格", table], ["加一行", row], ["加一列", column],
  ["删一行", lessRow], ["删一列", lessColumn], ["图片", null], ["清除格式", plain], ["撤销", "undo"], ["重做", "redo"],
];

function edit(form, area, notes) {
  const label = form.querySelector('label[for="body"]');
  label.id = "body-label";
  label.removeAttribute("for");
  const page = element("div", {
    class: "document editor", contenteditable: "true", role: "textbox", "aria-multiline": "true",
    "aria-labelledby": "body-label", tabindex: "0", id: "body-editor", spellcheck: "false",
  });
  const described = area.getAttribute("aria-describedby");
  if (described) page.setAttribute("aria-describedby", described);
  if (area.getAttribute("aria-invalid")) page.setAttribute("aria-invalid", "true");
  label.addEventListener("click", () => page.focus());
  const rendered = document.getElementById("body-html");
  page.append(rendered.content.cloneNode(true));
  document.execCommand("defaultParagraphSeparator", false, "p");
  document.execCommand("styleWithCSS", false, false);
  const hint = document.getElementById("body-hint");
  if (hint) hint.textContent = "从 Word、WPS 或网页复制后直接粘贴，只保留标题、段落、列表、表格和图片。内容全在附件里的可以不填。";

  const bar = element("div", { class: "editor-bar", role: "toolbar", "aria-label": "格式" });
  const picker = element("input", { type: "file", accept: ".png,.jpg,.jpeg", hidden: "", tabindex: "-1" });
  let where = null;
  const remember = () => {
    const selection = document.getSelection();
    if (selection.rangeCount && page.contains(selection.anchorNode)) where = selection.getRangeAt(0).cloneRange();
  };
  const back = () => {
    page.focus();
    if (!where) return;
    const selection = document.getSelection();
    selection.removeAllRanges();
    selection.addRange(where);
  };
  const insert = (html) => {
    back();
    document.execCommand("insertHTML", false, html);
    page.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (const [words, what, value] of BUTTONS) {
    const button = element("button", { type: "button", class: "button quiet" }, words);
    // The selection stays where it is while a button is pressed.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      remember();
      if (words === "图片") return picker.click();
      back();
      if (typeof what === "function") what(page, insert);
      else document.execCommand(what, false, value);
      page.dispatchEvent(new Event("input", { bubbles: true }));
    });
    bar.append(button);
  }
  const source = element("button", { type: "button", class: "button quiet", "aria-pressed": "false" }, "源码");
  source.addEventListener("click", () => {
    const shows = area.hidden;
    if (shows) store();
    else page.innerHTML = "";
    area.hidden = !shows;
    page.hidden = shows;
    source.setAttribute("aria-pressed", String(shows));
    if (!shows) clean(area.value).then((html) => { page.innerHTML = html; });
  });
  bar.append(source);

  const upload = async (files) => {
    if (!form.dataset.pictures) {
      notes.textContent = "请先保存草稿，再插入图片。";
      return;
    }
    for (const file of files) {
      notes.textContent = `正在上传图片“${file.name || "图片"}”……`;
      try {
        const answer = await uploaded(form.dataset.pictures, file);
        insert(`<img src="${answer.src}" alt="">`);
        notes.textContent = "已插入图片，图片同时列为附件。";
      } catch (why) {
        notes.textContent = why.message;
      }
    }
  };
  picker.addEventListener("change", () => { upload([...picker.files]); picker.value = ""; });

  const clean = async (html) => {
    const body = html.replace(/<!--[\s\S]*?-->/g, "").replace(/<style[\s\S]*?<\/style>/gi, "");
    const answer = await send(form.dataset.paste, { csrf: form.elements.csrf.value, html: body });
    notes.textContent = answer.note;
    return answer.html;
  };
  page.addEventListener("paste", async (event) => {
    event.preventDefault();
    const { clipboardData } = event;
    const pictures = [...clipboardData.files].filter((file) => /^image\/(png|jpeg)$/.test(file.type));
    const html = clipboardData.getData("text/html");
    const text = clipboardData.getData("text/plain");
    remember();
    if (!html) {
      if (pictures.length) await upload(pictures);
      else insert(lines(text));
      return;
    }
    // A picture copied by itself comes as both.
    if (pictures.length && !text.trim()) return upload(pictures);
    notes.textContent = "正在整理粘贴的内容……";
    const rtf = clipboardData.getData("text/rtf");
    try {
      insert(await clean(await withPictures(html, rtf, pictures, form.dataset.pictures)));
    } catch {
      notes.textContent = "没有整理成功，已按纯文字粘贴。";
      insert(lines(text));
    }
  });
  page.addEventListener("drop", (event) => {
    event.preventDefault();
    const pictures = [...event.dataTransfer.files].filter((file) => /^image\/(png|jpeg)$/.test(file.type));
    if (pictures.length) upload(pictures);
  });

  const store = () => {
    if (page.hidden) return;
    const copy = page.cloneNode(true);
    for (const image of copy.querySelectorAll("img")) {
      image.setAttribute("src", (image.getAttribute("src") || "").replace(/^\/console\/pictures\//, "/pictures/"));
    }
    const isEmpty = !copy.textContent.trim() && !copy.querySelector("img");
    area.value = isEmpty ? "" : copy.innerHTML;
  };
  area.hidden = true;
  area.setAttribute("aria-label", "HTML 源码");
  area.before(bar, page, notes);
  area.after(picker);
  return { store };
}

/** A paste whose pictures were sent to the draft and are shown from there. Word and WPS name files of their own computer in
    the page they copy; the pictures themselves stand in the RTF they copy with it, in the same order. */
async function withPictures(html, rtf, files, address) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const source = (image) => image.getAttribute("src") ?? "";
  // A picture copied from this text is here already, under its full address.
  const own = new RegExp(`^(?:${location.origin})?(?:/console)?(/pictures/[0-9a-f]{64})$`);
  const all = [...page.querySelectorAll("img")];
  for (const image of all) image.setAttribute("src", source(image).replace(own, "$1"));
  const images = all.filter((image) => !own.test(source(image)));
  if (!all.length) return html;
  const elsewhere = images.filter((image) => !source(image).startsWith("data:"));
  const copied = [fromRtf(rtf), files].find((found) => found.length === elsewhere.length) ?? [];
  for (const image of images) {
    const file = source(image).startsWith("data:") ? fromData(source(image)) : copied[elsewhere.indexOf(image)];
    // What cannot be taken in is told by the server, which counts what has no address here.
    image.setAttribute("src", "");
    if (!file || !address) continue;
    try {
      image.setAttribute("src", (await uploaded(address, file)).src.replace("/console", ""));
    } catch { /* told with the others */ }
  }
  return page.body.innerHTML;
}

function fromRtf(rtf) {
  const marks = [...rtf.matchAll(/\\(png|jpeg)blip/g)];
  return marks.flatMap((mark, at) => {
    const part = rtf.slice(mark.index, marks[at + 1]?.index);
    // Long enough not to be the picture's own number.
    const hex = part.match(/[0-9a-f\s]{120,}/i)?.[0].replace(/\s/g, "");
    if (!hex) return [];
    const bytes = Uint8Array.from({ length: hex.length / 2 }, (_, n) => parseInt(hex.slice(2 * n, 2 * n + 2), 16));
    return [new File([bytes], `图片${at + 1}.${mark[1]}`, { type: `image/${mark[1]}` })];
  });
}

function fromData(address) {
  const [, type, encoded] = address.match(/^data:image\/(png|jpeg);base64,([A-Za-z0-9+/=\s]+)$/) ?? [];
  if (!encoded) return null;
  const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
  return new File([bytes], `图片.${type}`, { type: `image/${type}` });
}

/** Plain text as paragraphs. */
function lines(text) {
  const escape = (line) => line.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const paragraphs = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  return paragraphs.length === 1 ? escape(paragraphs[0]) : paragraphs.map((line) => `<p>${escape(line)}</p>`).join("");
}

function link() {
  const address = window.prompt("链接地址（以 https:// 开头；去掉链接请留空）", "https://");
  if (address === null) return;
  if (address.trim() === "" || address === "https://") document.execCommand("unlink");
  else document.execCommand("createLink", false, address.trim());
}

function table(page, insert) {
  const rows = "<tr><td><br></td><td><br></td><td><br></td></tr>".repeat(3);
  insert(`<table><tbody>${rows}</tbody></table><p><br></p>`);
}

function plain() {
  document.execCommand("removeFormat");
  document.execCommand("unlink");
  document.execCommand("formatBlock", false, "p");
}

/** The cell the caret stands in. */
function cell(page) {
  const { anchorNode } = document.getSelection();
  const at = anchorNode?.nodeType === Node.ELEMENT_NODE ? anchorNode : anchorNode?.parentElement;
  const found = at?.closest("td, th");
  return found && page.contains(found) ? found : null;
}

function row(page) {
  const at = cell(page)?.parentElement;
  if (!at) return;
  const copy = at.cloneNode(true);
  for (const one of copy.cells) { one.innerHTML = "<br>"; one.removeAttribute("rowspan"); }
  at.after(copy);
}

function column(page) {
  const at = cell(page);
  if (!at) return;
  const index = at.cellIndex;
  for (const one of at.closest("table").rows) (one.cells[index] ?? one.lastElementChild)?.after(element("td", {}, element("br")));
}

function lessRow(page) {
  const at = cell(page);
  if (!at) return;
  const whole = at.closest("table");
  at.parentElement.remove();
  if (!whole.rows.length) whole.remove();
}

function lessColumn(page) {
  const at = cell(page);
  if (!at) return;
  const whole = at.closest("table");
  const index = at.cellIndex;
  for (const one of [...whole.rows]) one.cells[index]?.remove();
  if (!whole.querySelector("td, th")) whole.remove();
}

// ── saving by itself ────────────────────────────────────────────────────────────────────────────────────────────────

function keepSaved(form, editor) {
  const address = form.dataset.autosave;
  let isDirty = false;
  let isLeaving = false;
  window.addEventListener("beforeunload", (event) => {
    if (isDirty && !isLeaving) event.preventDefault();
  });
  const state = { leave: () => { isLeaving = true; } };
  if (!address) {
    form.addEventListener("input", () => { isDirty = true; });
    return state;
  }
  const told = element("p", { role: "status", class: "muted small autosave" });
  form.querySelector(".action-bar").append(told);
  let timer = 0;
  let turn = Promise.resolve();
  const keep = (typed) => {
    turn = turn.then(async () => {
      editor?.store();
      const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
      if (typed) fields.push(["typed", "1"]);
      const before = isDirty;
      if (typed) isDirty = false;
      try {
        say(await send(address, fields), typed);
      } catch {
        isDirty = before;
        if (typed) told.textContent = "没有自动保存成功，请检查网络。内容仍在本页，恢复后会再试。";
      }
    });
  };
  const say = (answer, typed) => {
    const words = [];
    if (typed) words.push(`${answer.at} 已自动保存，点“保存草稿”后写入稿件。`);
    else if (told.dataset.saved) words.push(told.dataset.saved);
    if (typed) [told.dataset.saved] = words;
    if (answer.newer) words.push(answer.newer);
    if (answer.others) words.push(answer.others);
    told.textContent = words.join(" ");
    told.classList.toggle("is-soon", Boolean(answer.newer || answer.others));
  };
  form.addEventListener("input", () => {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(() => keep(true), 2000);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && isDirty) { clearTimeout(timer); keep(true); }
  });
  setInterval(() => { if (!document.hidden) keep(isDirty); }, 30000);
  keep(false);
  return state;
}

// ── uploads ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Sends one file and reads the answer; `progress` is told the share that has gone. */
function uploaded(address, file, progress = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(new Error("网络中断，没有传完，请重新上传。")));
    request.addEventListener("load", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* a page instead of an answer */ }
      if (request.status < 300 && answer) resolve(answer);
      else reject(new Error(answer?.error ?? "没有上传成功，请刷新页面后再试。"));
    });
    const body = new FormData();
    body.append("files", file, file.name || "图片.png");
    request.send(body);
  });
}

/** Sends the files of an upload form one after the other, each with its own progress. */
function follow(form) {
  const picker = form.querySelector("input[type=file]");
  const list = element("ul", { class: "plain-list uploads", "aria-live": "polite" });
  form.append(list);
  form.addEventListener("submit", async (event) => {
    const files = [...picker.files];
    if (!files.length) return;
    event.preventDefault();
    let failed = 0;
    list.replaceChildren();
    const rows = files.map((file) => {
      const bar = element("progress", { max: "1", value: "0", "aria-label": file.name });
      const words = element("span", { class: "small" }, file.name);
      list.append(element("li", {}, words, bar));
      return { file, bar, words };
    });
    for (const { file, bar, words } of rows) {
      try {
        await uploaded(form.action, file, (share) => { bar.value = share; });
        bar.value = 1;
      } catch (why) {
        failed += 1;
        bar.remove();
        words.textContent = why.message.includes(file.name) ? why.message : `“${file.name}”：${why.message}`;
        words.classList.add("is-overdue");
      }
    }
    if (failed === 0) return window.location.reload();
    const done = files.length - failed;
    list.prepend(element("li", {}, done ? `添加了 ${done} 个附件，其余没有添加。` : "没有添加附件。"));
    const fresh = await fetch(window.location.pathname, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await fresh.text(), "text/html");
    const shown = "#attachments > ul.files, #attachments > h2 + p";
    const now = page.querySelector(shown);
    if (now) document.querySelector(shown)?.replaceWith(now);
    picker.value = "";
  });
}

const form = document.querySelector("form[data-drafting]");
if (form) draft(form);
for (const upload of document.querySelectorAll("form.upload")) follow(upload);
