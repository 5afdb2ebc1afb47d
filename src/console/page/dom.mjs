// Makes elements without innerHTML, which the page's policy (trusted types) refuses.

// h("p", {class: "hint", onclick: f, "aria-label": "x"}, "text", child, null): properties whose names
// start with "on" become listeners; true sets an empty attribute; false, null and undefined set none.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

// Shows a dialog and resolves with the value of the button that closed it: "" when it was dismissed, by
// Escape as well. `buttons` are [{value, words, primary}]; the first is the safe one and has the focus,
// unless `body` has an element with autofocus.
export function ask({ title, body = [], buttons, kind = "" }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", { id: "ask-title" }, title),
      h("div", { class: "ask-body" }, body),
      h(
        "div",
        { class: "buttons" },
        buttons.map(({ value, words, primary, danger }, index) =>
          h(
            "button",
            {
              value,
              class: primary ? "primary" : danger ? "danger" : "",
              autofocus: index === 0 && !body.some((child) => child.querySelector?.("[autofocus]")),
            },
            words,
          ),
        ),
      ),
    );
    const dialog = h("dialog", { class: `ask ${kind}`, "aria-labelledby": "ask-title" }, form);
    const finish = (value) => {
      dialog.remove();
      before?.focus?.();
      resolve(value);
    };
    // At once, not with the event `close` that comes later: what is typed next comes after the answer.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      finish(event.submitter?.value ?? "");
    });
    dialog.addEventListener("close", () => finish(""));
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Asks for one line of text, such as an MFA code; resolves with it, or null when it was dismissed.
export async function askText({ title, words, label, submit, mode = "text" }) {
  const input = h("input", {
    id: "ask-text",
    autocomplete: "one-time-code",
    inputmode: mode,
    maxlength: "64",
    required: true,
    autofocus: true,
    spellcheck: "false",
  });
  // Enter presses the first submit button of a form: it has to be the one that submits.
  const chosen = await ask({
    title,
    body: [h("p", {}, words), h("div", { class: "field" }, h("label", { for: "ask-text" }, label), input)],
    buttons: [{ value: "yes", words: submit, primary: true }],
    kind: "text",
  });
  return chosen === "yes" ? input.value.trim() : null;
}
