// The panel of files beside the terminal: a folder of the instance, downloads and uploads.
import { ask, askText, h } from "/assets/dom.mjs";
import { encodeName, FileLink, join, parentOf, typedPath } from "/assets/file_link.mjs";

const MARK = { folder: "▸", link: "↪", file: "", other: "·" };
const FIRST = { folder: 0, link: 1, file: 1, other: 2 };
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function readableSize(bytes) {
  let unit = 0;
  let size = bytes;
  for (; size >= 1024 && unit < UNITS.length - 1; unit += 1) size /= 1024;
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

export const inOrder = (names) =>
  names.toSorted((one, other) => FIRST[one.kind] - FIRST[other.kind] || one.shown.localeCompare(other.shown));

const dateOf = (seconds) => (seconds ? new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ") : "");

const icon = (words, label, act) =>
  h("button", { type: "button", class: "icon", title: label, "aria-label": label, onclick: act }, words);

export class FilesPanel {
  // `left` is called when the panel has closed.
  constructor({ element, url, left }) {
    Object.assign(this, { element, url, left });
    this.link = null;
    this.queue = []; // Files to upload, behind the one that is on its way.
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    element.addEventListener("dragover", (event) => event.preventDefault());
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#upload([...event.dataTransfer.files]);
    });
  }

  get open() {
    return Boolean(this.link);
  }

  get busy() {
    return Boolean(this.link?.busy);
  }

  show() {
    this.#build();
    this.element.hidden = false;
    this.path.focus();
    this.#say("Connecting …");
    this.link = new FileLink({
      url: this.url,
      handlers: {
        step: (step) => this.#say(step.words),
        question: (question) => this.#answer(question),
        ready: () => this.#list(""),
        fetch: (url) => h("a", { href: url, download: "" }).click(),
        over: (end) => this.#over(end),
      },
    });
  }

  close() {
    this.link?.close();
    this.link = null;
    this.queue = [];
    this.element.hidden = true;
    this.element.replaceChildren();
    this.left();
  }

  #build() {
    this.folder = "/";
    this.path = h("input", {
      type: "text",
      id: "files-path",
      class: "mono",
      "aria-label": "Folder",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      maxlength: "1024",
    });
    const choose = h("input", {
      type: "file",
      id: "files-choose",
      multiple: true,
      hidden: true,
      onchange: () => {
        this.#upload([...choose.files]);
        choose.value = "";
      },
    });
    this.rows = h("ul", { id: "files-list", "aria-label": "Files" });
    this.message = h("div", { id: "files-message", role: "status" });
    this.progress = h("div", { id: "files-transfer", hidden: true });
    const go = (event) => {
      event.preventDefault();
      this.#list(typedPath(this.path.value, this.folder));
    };
    this.element.replaceChildren(
      h(
        "form",
        { class: "files-bar", onsubmit: go },
        icon("↑", "Up", () => this.#list(parentOf(this.folder))),
        this.path,
        icon("⟳", "Refresh", () => this.#list(this.folder)),
        icon("✕", "Close the files", () => this.close()),
      ),
      this.rows,
      this.message,
      this.progress,
      h(
        "div",
        { class: "files-foot" },
        h("button", { type: "button", id: "files-upload", class: "primary", onclick: () => choose.click() }, "Upload …"),
        h("span", { class: "quiet" }, "or drop files here"),
        choose,
      ),
    );
  }

  #say(words, { slug = "", next = "" } = {}) {
    this.message.replaceChildren(
      h("p", {}, words),
      next ? h("p", { class: "next quiet" }, next) : "",
      slug ? h("code", { class: "slug" }, slug) : "",
    );
    this.message.classList.toggle("bad", Boolean(slug));
    this.message.hidden = !words;
  }

  async #answer(question) {
    const link = this.link;
    let value;
    if (question.kind === "mfa") {
      value = await askText({ title: "MFA code", words: question.words, label: "Code", submit: "Continue", mode: "numeric" });
    } else {
      value = await ask({
        title: "Is this the right host?",
        body: [h("p", {}, question.words), h("pre", {}, question.fingerprint ?? "")],
        buttons: [
          { value: "", words: "Cancel" },
          { value: "yes", words: "Trust it and connect", primary: true },
        ],
      });
    }
    link.answer(question.question, value || "no");
  }

  async #list(path) {
    const { link } = this;
    if (!link || link.is_over) return;
    // The last one that was asked for counts, and the front lists one at a time.
    this.wanted = path;
    if (link.listing) return;
    this.#say("Reading the folder …");
    let folder;
    for (let listed = null; listed !== this.wanted; ) {
      listed = this.wanted;
      folder = await link.list(listed);
      if (link !== this.link) return;
    }
    const is_there = folder.path !== "";
    if (is_there) {
      this.folder = folder.path;
      this.path.value = folder.shown;
      this.rows.replaceChildren(...inOrder(folder.names).map((entry) => this.#row(entry)));
    }
    if (folder.slug === "done") this.#say(folder.names.length ? "" : "The folder is empty.");
    else this.#say(folder.words, folder);
  }

  #row(entry) {
    const act = () => {
      const path = join(this.folder, entry.name);
      if (entry.kind === "folder") this.#list(path);
      else this.#download(path, entry);
    };
    const what = entry.kind === "folder" ? "Folder" : entry.kind === "file" ? "Download" : "Open";
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: `entry ${entry.kind}`, title: `${what} ${entry.shown}`, onclick: act },
        h("span", { class: "mark", "aria-hidden": "true" }, MARK[entry.kind] ?? ""),
        h("bdi", { class: "entry-name" }, entry.shown),
        h("span", { class: "entry-size" }, entry.kind === "file" ? readableSize(entry.size) : ""),
        h("span", { class: "entry-date" }, dateOf(entry.modified)),
      ),
    );
  }

  async #download(path, entry) {
    if (this.link?.busy) {
      this.#say("A transfer is under way. Wait for its end, or cancel it.");
      return;
    }
    const done = await this.#watch("Downloading", entry.shown, entry.size, (progress) =>
      this.link.get(path, { size: entry.size, progress }),
    );
    if (!done) return;
    if (done.slug === "is-folder") this.#list(path);
    else this.#report(done, `Downloaded ${entry.shown}: ${readableSize(done.bytes ?? 0)}.`);
    // What was chosen meanwhile.
    if (this.queue.length > 0 && !this.link.busy) this.#uploadNext();
  }

  #upload(files) {
    if (!this.link || this.link.is_over) return;
    this.queue.push(...files.map((file) => ({ file, folder: this.folder })));
    if (!this.link.busy) this.#uploadNext();
  }

  async #uploadNext() {
    const { link } = this;
    const uploaded = [];
    while (this.queue.length > 0) {
      const { file, folder } = this.queue.shift();
      const done = await this.#put(file, join(folder, encodeName(file.name)));
      if (!done || link !== this.link) return;
      if (done.slug !== "done") {
        this.queue = [];
        if (done.slug !== "kept") this.#report(done);
        return;
      }
      uploaded.push(file.name);
    }
    await this.#list(this.folder);
    const bytes = uploaded.length === 1 ? uploaded[0] : `${uploaded.length} files`;
    if (link === this.link) this.#say(`Uploaded ${bytes}.`);
  }

  async #put(file, path) {
    const put = (replace) =>
      this.#watch("Uploading", file.name, file.size, (progress) => this.link.put(path, file, { replace, progress }));
    const done = await put(false);
    if (done?.slug !== "file-exists") return done;
    const chosen = await ask({
      title: "Replace this file?",
      body: [h("p", {}, "A file of this name is there already. The upload would take its place."), h("pre", {}, file.name)],
      buttons: [
        { value: "", words: "Keep it" },
        { value: "yes", words: "Replace", danger: true },
      ],
    });
    if (!chosen || !this.link || this.link.is_over) return { slug: "kept" };
    return put(true);
  }

  // Shows how far a transfer is; gives its end, or null where the panel was closed.
  async #watch(what, name, size, begin) {
    const { link } = this;
    const bar = h("progress", { max: "1", value: "0", "aria-label": `${what} ${name}` });
    const count = h("span", { class: "quiet" });
    this.progress.replaceChildren(
      h("p", {}, `${what} `, h("bdi", {}, name)),
      bar,
      count,
      h("button", { type: "button", id: "files-cancel", onclick: () => link.cancel() }, "Cancel"),
    );
    this.progress.hidden = false;
    this.#say("");
    const done = await begin((bytes) => {
      const shown = Math.min(bytes, size);
      bar.value = size ? shown / size : 0;
      count.textContent = `${readableSize(shown)} of ${readableSize(size)}`;
    });
    if (link !== this.link) return null;
    this.progress.hidden = true;
    return done;
  }

  #report(done, words = "") {
    if (done.slug === "done") this.#say(words);
    else this.#say(done.words, done);
  }

  #over(end) {
    this.queue = [];
    this.progress.hidden = true;
    this.#say(end.words, end);
    for (const button of this.element.querySelectorAll(".files-foot button, #files-list button")) button.disabled = true;
  }
}
