// The steps of a login, as a list in words.
import { h } from "/assets/dom.mjs";

const STEPS = {
  address: "Find the address",
  connect: "Connect",
  "host-key": "Check the host key",
  push: "Push a one-time key",
  login: "Log in",
};

// For a screen reader.
const SPOKEN = { doing: "in progress", done: "done", failed: "failed" };

export class Steps {
  constructor(list) {
    this.items = new Map();
    for (const [step, name] of Object.entries(STEPS)) {
      const item = h("li", {}, h("b", {}, name), h("span", { class: "words" }));
      list.append(item);
      this.items.set(step, item);
    }
  }

  // `state` is doing, done or failed. `words` stay as they are when none are given.
  show(step, state, words) {
    const item = this.items.get(step);
    if (!item) return;
    item.className = state;
    item.setAttribute("aria-label", `${STEPS[step]}: ${SPOKEN[state]}`);
    if (words) item.querySelector(".words").textContent = words;
  }

  // The step that fails names itself; one that never said so is the one that was under way.
  fail(step, words) {
    const under_way = [...this.items].find(([, item]) => item.className === "doing")?.[0];
    for (const item of this.items.values()) if (item.className === "doing") item.className = "";
    this.show(this.items.has(step) ? step : under_way, "failed", words);
  }
}
