// 遮盖 — boxes drawn on the page with mouse, finger or keys. Each box is a ticked field of the form, so that what is sent is
// the same with and without this script.
"use strict";

(() => {
  const form = document.getElementById("redaction");
  const sheet = form && form.querySelector(".redaction-sheet");
  const svg = sheet && sheet.querySelector("svg");
  if (!svg) return;
  const list = form.querySelector(".redaction-areas");
  const count = form.querySelector("[data-count]");
  const ground = form.querySelector("[name=ground]");
  const page = form.dataset.page;
  const WHOLE = 10000;
  const SMALLEST = 40;
  const boxes = new Map();

  const within = (value) => Math.max(0, Math.min(WHOLE, Math.round(value)));
  const percent = (value) => `${(value / 100).toFixed(2).replace(/\.?0+$/, "")}%`;

  function words(area) {
    const label = [...ground.options].find((option) => option.value === area.ground);
    const name = label ? label.textContent.replace(/（《.*$/, "") : "";
    return `第${page}页　${name}（左${percent(area.left)} 上${percent(area.top)} 右${percent(area.right)} 下${percent(area.bottom)}）`;
  }

  /** Writes a box into its rectangle, its field and its words. */
  function put(rect, area) {
    rect.setAttribute("x", area.left);
    rect.setAttribute("y", area.top);
    rect.setAttribute("width", area.right - area.left);
    rect.setAttribute("height", area.bottom - area.top);
    const box = boxes.get(rect);
    box.area = area;
    box.field.value = [page, area.left, area.top, area.right, area.bottom, area.ground].join(",");
    const said = words(area);
    box.label.textContent = said;
    rect.setAttribute("aria-label", said);
  }

  function know(rect, field, label, area) {
    boxes.set(rect, { field, label, area });
    rect.setAttribute("tabindex", "0");
    rect.setAttribute("role", "button");
    rect.setAttribute("aria-describedby", "redaction-help");
    rect.setAttribute("aria-label", label.textContent);
    field.addEventListener("change", () => { rect.classList.toggle("dropped", !field.checked); tell(); });
  }

  function tell() {
    count.textContent = list.querySelectorAll("input:checked").length;
  }

  function add(area) {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const line = document.createElement("label");
    line.className = "option";
    const field = document.createElement("input");
    field.type = "checkbox";
    field.name = "area";
    field.checked = true;
    const label = document.createElement("span");
    line.append(field, label);
    list.append(line);
    svg.append(rect);
    know(rect, field, label, area);
    put(rect, area);
    tell();
    return rect;
  }

  function drop(rect) {
    const box = boxes.get(rect);
    box.field.closest("label").remove();
    boxes.delete(rect);
    rect.remove();
    tell();
  }

  for (const rect of svg.querySelectorAll("rect")) {
    const field = [...list.querySelectorAll("input")].find((one) => one.value === rect.dataset.value);
    if (!field) continue;
    const [, left, top, right, bottom, why] = field.value.split(",");
    const area = { left: +left, top: +top, right: +right, bottom: +bottom, ground: why };
    know(rect, field, field.nextElementSibling, area);
  }

  const at = (event) => {
    const place = svg.getBoundingClientRect();
    return {
      x: within(((event.clientX - place.left) / place.width) * WHOLE),
      y: within(((event.clientY - place.top) / place.height) * WHOLE),
    };
  };

  let drag = null;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const start = at(event);
    const rect = event.target.closest("rect");
    drag = rect && boxes.has(rect)
      ? { rect, start, from: { ...boxes.get(rect).area }, moves: true }
      : { rect: null, start, moves: false };
    if (drag.rect) drag.rect.focus();
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const now = at(event);
    if (drag.moves) {
      put(drag.rect, moved(drag.from, now.x - drag.start.x, now.y - drag.start.y));
      return;
    }
    const area = {
      left: Math.min(drag.start.x, now.x), top: Math.min(drag.start.y, now.y),
      right: Math.max(drag.start.x, now.x), bottom: Math.max(drag.start.y, now.y), ground: ground.value,
    };
    if (area.right - area.left < SMALLEST || area.bottom - area.top < SMALLEST) return;
    if (drag.rect) put(drag.rect, area);
    else drag.rect = add(area);
  });
  const end = () => { if (drag && drag.rect) drag.rect.focus(); drag = null; };
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", end);

  function moved(area, x, y) {
    const dx = Math.max(-area.left, Math.min(WHOLE - area.right, x));
    const dy = Math.max(-area.top, Math.min(WHOLE - area.bottom, y));
    return { ...area, left: within(area.left + dx), right: within(area.right + dx), top: within(area.top + dy), bottom: within(area.bottom + dy) };
  }

  svg.addEventListener("keydown", (event) => {
    const rect = event.target;
    if (!boxes.has(rect)) return;
    const { area } = boxes.get(rect);
    const step = event.ctrlKey ? 10 : 50;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      drop(rect);
    } else if (way && event.shiftKey) {
      event.preventDefault();
      const right = within(Math.max(area.left + SMALLEST, area.right + way[0]));
      const bottom = within(Math.max(area.top + SMALLEST, area.bottom + way[1]));
      put(rect, { ...area, right, bottom });
    } else if (way) {
      event.preventDefault();
      put(rect, moved(area, way[0], way[1]));
    }
  });

  const button = form.querySelector("[data-add]");
  button.hidden = false;
  button.addEventListener("click", () => {
    add({ left: 4000, top: 4800, right: 6000, bottom: 5200, ground: ground.value }).focus();
  });
})();
