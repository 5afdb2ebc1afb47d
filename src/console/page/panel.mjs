// The panel beside the list: how to connect to the selected instance, and as whom.
import { h } from "/assets/dom.mjs";

const KINDS = {
  public: "Public IPv4",
  ipv6: "IPv6",
  private: "Private IPv4",
  endpoint: "Through an endpoint",
};
const USER_FROM = {
  tag: "from the instance's tag eic:user",
  config: "from your eic configuration",
  image: "guessed from the image",
  default: "a common default; nothing better is known",
};

export const usableAddresses = (instance) => (instance.addresses ?? []).filter((address) => address.usable);

// Why nobody can connect to the instance now; "" when somebody can.
export function whyNot(instance) {
  if (instance.state !== "running") return `This instance is ${instance.state}.`;
  if (usableAddresses(instance).length === 0) return "This instance has no usable address.";
  return "";
}

export function whatNext(instance) {
  const start = `start it: aws ec2 start-instances --instance-ids ${instance.id}`;
  switch (instance.state) {
    case "running":
      return "Give it an address that this machine can reach, then refresh.";
    case "stopped":
      return `To connect, ${start}`;
    case "stopping":
      return `Wait until it has stopped, then ${start}`;
    case "shutting-down":
    case "terminated":
      return "It will not run again. Choose another instance.";
    default:
      return "Wait until it is running, then refresh.";
  }
}

function addressChoice({ kind, address, usable, why_not }, checked) {
  const id = `how-${kind}`;
  return h(
    "label",
    { class: usable ? "choice" : "choice off", for: id },
    h("input", { type: "radio", name: "address", id, value: kind, checked, disabled: !usable }),
    h("span", { class: "what" }, KINDS[kind] ?? kind),
    address ? h("span", { class: "mono" }, address) : null,
    usable ? null : h("span", { class: "why" }, why_not || "not usable"),
  );
}

const fact = (name, value, mono) =>
  value ? [h("dt", {}, name), h("dd", mono ? { class: "mono" } : {}, value)] : null;

export class Panel {
  // `connect({instance, user, address})` is called for the button and for Enter in a field.
  constructor({ element, connect, leave }) {
    Object.assign(this, { element, connect, leave });
    this.instance = null;
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.leave();
    });
  }

  show(instance) {
    const same = instance && this.instance?.id === instance.id;
    const kept = same ? this.choice() : null;
    this.instance = instance;
    this.element.hidden = !instance;
    this.element.replaceChildren(...(instance ? [this.#form(instance, kept)] : []));
  }

  // What the person chose so far.
  choice() {
    const form = this.element.querySelector("form");
    if (!form) return { user: this.instance?.user, address: "auto" };
    const data = new FormData(form);
    return { user: data.get("user") ?? this.instance.user, address: data.get("address") ?? "auto" };
  }

  focus() {
    const first = ["input:checked", "input:not(:disabled)", "button.close"];
    first.map((selector) => this.element.querySelector(selector)).find(Boolean)?.focus();
  }

  // Shows a failure of the request that the button made.
  fail(error) {
    this.element.querySelector(".failure")?.remove();
    this.element.querySelector("form")?.append(
      h(
        "div",
        { class: "failure", role: "alert" },
        h("p", {}, error.words),
        error.next ? h("p", { class: "next" }, error.next) : null,
        h("code", { class: "slug" }, error.slug),
      ),
    );
  }

  #form(instance, kept) {
    const why = whyNot(instance);
    const form = h(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          if (!why) this.connect({ instance, ...this.choice() });
        },
      },
      h("button", { type: "button", class: "close icon", "aria-label": "Back to the list", onclick: this.leave }, "✕"),
      h("h2", {}, instance.name || instance.id),
      h(
        "p",
        { class: "under" },
        h("span", { class: "mono" }, instance.id),
        h("span", { class: `state ${instance.state}` }, instance.state),
      ),
      why ? this.#notPossible(instance, why) : this.#possible(instance, kept),
      h(
        "dl",
        {},
        fact("Image", instance.image_name),
        fact("", instance.image, true),
        fact("Type", instance.type),
        fact("Zone", instance.zone),
        fact("Public", instance.public_ip, true),
        fact("IPv6", instance.ipv6, true),
        fact("Private", instance.private_ip, true),
        fact("Private DNS name", instance.private_dns, true),
      ),
    );
    return form;
  }

  #notPossible(instance, why) {
    return h(
      "div",
      { class: "notice" },
      h("p", {}, h("strong", {}, why)),
      h("p", { class: "mono next" }, whatNext(instance)),
      h(
        "div",
        { class: "how" },
        instance.state === "running" ? (instance.addresses ?? []).map((one) => addressChoice(one, false)) : null,
      ),
    );
  }

  #possible(instance, kept) {
    const first = usableAddresses(instance)[0];
    const chosen = kept?.address ?? "auto";
    return [
      h(
        "fieldset",
        { class: "how" },
        h("legend", {}, "Address"),
        h(
          "label",
          { class: "choice", for: "how-auto" },
          h("input", { type: "radio", name: "address", id: "how-auto", value: "auto", checked: chosen === "auto" }),
          h("span", { class: "what" }, "Automatic"),
          h("span", { class: "mono" }, first.address ?? ""),
        ),
        instance.addresses.map((one) => addressChoice(one, one.kind === chosen)),
      ),
      h(
        "div",
        { class: "field" },
        h("label", { for: "user" }, "User"),
        h("input", {
          id: "user",
          name: "user",
          value: kept?.user ?? instance.user ?? "",
          required: true,
          maxlength: "32",
          autocomplete: "off",
          autocapitalize: "off",
          spellcheck: "false",
          "aria-describedby": "user-from",
        }),
        h("span", { id: "user-from", class: "quiet" }, USER_FROM[instance.user_from] ?? ""),
      ),
      h("button", { class: "primary wide", type: "submit" }, "Connect"),
    ];
  }
}
