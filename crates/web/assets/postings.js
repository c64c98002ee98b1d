// 登记发布 — makes the photograph small before it is sent, and sends again when the line breaks. Without this script the
// form is sent as it is.
"use strict";

const LONGEST_SIDE = 1600;
const TRIES = 4;

/** The photograph as a JPEG of some hundred kilobytes; as it is when the browser cannot. */
async function small(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return blob && blob.size < file.size ? blob : file;
  } catch {
    return file;
  }
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function send(address, body, say) {
  for (let turn = 1; ; turn += 1) {
    try {
      const response = await fetch(address, {
        method: "POST", body, headers: { accept: "application/json" }, credentials: "same-origin",
      });
      const answer = await response.json().catch(() => ({}));
      if (response.ok && answer.to) return answer;
      if (answer.error) throw new Refused(answer.error);
      throw new Refused("登录可能已经过期。请在新的标签页登录后，回到这里再点一次“登记”。");
    } catch (why) {
      if (why instanceof Refused || turn === TRIES) throw why;
      say(`信号不好，正在第 ${turn + 1} 次发送……`);
      await wait(2000 * turn);
    }
  }
}

class Refused extends Error {}

const form = document.querySelector("form[data-posting]");
if (form) {
  const photo = form.querySelector("input[type=file]");
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  told.className = "note";
  form.querySelector(".action-bar").append(told);
  const preview = document.createElement("img");
  preview.className = "posting-photo";
  preview.alt = "选好的照片";
  photo.addEventListener("change", () => {
    const [file] = photo.files;
    if (!file) return preview.remove();
    // The policy of the site allows pictures in the page itself, not by other addresses.
    const reader = new FileReader();
    reader.addEventListener("load", () => { preview.src = reader.result; photo.after(preview); });
    reader.readAsDataURL(file);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    told.classList.remove("is-overdue");
    told.textContent = "正在发送……";
    const body = new FormData(form);
    const [file] = photo.files;
    body.delete("photo");
    if (file) {
      const made = await small(file);
      body.append("photo", made, made === file ? file.name : "现场照片.jpg");
    }
    try {
      const answer = await send(form.action, body, (words) => { told.textContent = words; });
      window.location.assign(answer.to);
    } catch (why) {
      told.textContent = why instanceof Refused ? why.message : "没有发送成功，填写的内容和照片都还在。有信号时再点一次“登记”。";
      told.classList.add("is-overdue");
      button.disabled = false;
    }
  });
}
