// 长辈模式 — the browser reads the page aloud. Without a script or a voice nothing appears and nothing is missed.
(() => {
  const voice = window.speechSynthesis;
  const main = document.querySelector("main");
  if (!voice || !main || typeof SpeechSynthesisUtterance === "undefined") return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button primary big read-aloud";
  const idle = () => { button.textContent = "朗读本页"; button.setAttribute("aria-pressed", "false"); };
  // Sentence by sentence: some browsers fall silent in the middle of a long text.
  const sentences = () => (main.innerText.match(/[^。！？；\n]+[。！？；]?/g) ?? []).map((s) => s.trim()).filter(Boolean);
  let left = [];
  const next = () => {
    const sentence = left.shift();
    if (sentence === undefined) return idle();
    const said = new SpeechSynthesisUtterance(sentence);
    said.lang = "zh-CN";
    said.rate = 0.9;
    said.onend = next;
    said.onerror = idle;
    voice.speak(said);
  };
  button.addEventListener("click", () => {
    if (voice.speaking || left.length > 0) {
      left = [];
      voice.cancel();
      return idle();
    }
    left = sentences();
    button.textContent = "停止朗读";
    button.setAttribute("aria-pressed", "true");
    next();
  });
  window.addEventListener("pagehide", () => voice.cancel());
  idle();
  document.body.append(button);
})();
