// The websocket of a files panel: one list and one transfer at a time. doc/console.md has the protocol.
// Nothing here touches the page, so tests give it sockets.
//
// Paths are percent-encoded, as the front gives them: an instance's names are bytes.

const BLOCK_BYTES = 32 * 1024; // The front takes 64 KiB in a message, and splits what is more than this.

const CUT = {
  slug: "cut",
  words: "The connection to eic-console was cut.",
  next: "Open the panel again. What was uploaded in part may be there as .eic-upload-….part.",
};

// A name of a file here, as part of a path there.
export function encodeName(name) {
  return Array.from(new TextEncoder().encode(name), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9._~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
export const join = (folder, name) => (folder === "/" ? `/${name}` : `${folder}/${name}`);
export const parentOf = (folder) => folder.slice(0, folder.lastIndexOf("/")) || "/";
// A path that a person typed: from the root, or from `folder` on.
export function typedPath(text, folder) {
  const encoded = text.split("/").map(encodeName).join("/");
  return text.startsWith("/") ? encoded : join(folder, encoded);
}

// handlers: step(message), question(message)   of the login, as the terminal's
//           ready()                            lists and transfers are taken
//           fetch(url)                         the browser is to load it
//           over(end)                          nothing more comes: {slug, words, next}
export class FileLink {
  constructor({ url, handlers, WebSocket = globalThis.WebSocket }) {
    this.handlers = handlers;
    this.is_over = false;
    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (event) => this.#hear(JSON.parse(event.data));
    this.socket.onclose = () => this.#end(CUT);
  }

  get busy() {
    return Boolean(this.transfer);
  }

  answer(question, value) {
    this.#tell({ type: "answer", question, value });
  }

  close() {
    this.is_over = true;
    this.socket.close();
  }

  // The folder at `path`, or where a login arrives: {path, shown, names, slug, words, next}.
  list(path = "") {
    return new Promise((resolve) => {
      this.listing = { resolve, path: "", shown: "", names: [] };
      this.#tell({ type: "list", path });
    });
  }

  // Resolves with {slug, words, next, bytes}; slug is "done" where it is whole.
  get(path, { size, progress }) {
    return this.#begin({ size, progress }, { type: "get", path });
  }

  put(path, blob, { replace = false, progress }) {
    const transfer = { blob, sent: 0, room: 0, written: -1, size: blob.size, progress };
    return this.#begin(transfer, { type: "put", path, replace });
  }

  cancel() {
    if (this.transfer) this.#tell({ type: "cancel" });
  }

  #begin(transfer, message) {
    return new Promise((resolve) => {
      this.transfer = { ...transfer, resolve };
      this.#tell(message);
    });
  }

  #tell(message) {
    if (this.socket.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  #hear(message) {
    const { listing, transfer } = this;
    switch (message.type) {
      case "ping":
        this.#tell({ type: "pong", n: message.n });
        break;
      case "folder":
        if (listing) Object.assign(listing, { path: message.path, shown: message.shown });
        break;
      case "names":
        listing?.names.push(...message.names);
        break;
      case "listed":
        this.listing = null;
        listing?.resolve({ ...listing, slug: message.slug, words: message.words, next: message.next });
        break;
      case "fetch":
        if (transfer) this.handlers.fetch(message.url);
        break;
      case "progress":
        transfer?.progress(message.bytes);
        break;
      case "send":
        if (transfer) this.#allow(transfer, message.bytes);
        break;
      case "done":
        this.transfer = null;
        transfer?.resolve(message);
        break;
      case "end":
        this.#end(message);
        break;
      case "step":
      case "question":
      case "ready":
        this.handlers[message.type](message);
        break;
    }
  }

  // The first allowance is the window; later ones are bytes that the instance has written.
  #allow(transfer, bytes) {
    transfer.room += bytes;
    transfer.written = transfer.written < 0 ? 0 : transfer.written + bytes;
    transfer.progress(transfer.written);
    if (!transfer.is_sending) this.#send(transfer);
  }

  async #send(transfer) {
    transfer.is_sending = true;
    try {
      while (transfer === this.transfer && transfer.room > 0 && transfer.sent < transfer.size) {
        const end = Math.min(transfer.sent + transfer.room, transfer.sent + BLOCK_BYTES, transfer.size);
        const bytes = await transfer.blob.slice(transfer.sent, end).arrayBuffer();
        if (transfer !== this.transfer) return;
        transfer.sent += bytes.byteLength;
        transfer.room -= bytes.byteLength;
        this.socket.send(bytes);
      }
      if (transfer === this.transfer && transfer.sent === transfer.size) this.#tell({ type: "put-end" });
      // Until all is sent more is allowed; after that, an allowance has nothing to start.
      transfer.is_sending = transfer.sent === transfer.size;
    } catch {
      // The file has changed or gone here, while it was read.
      const { resolve } = transfer;
      transfer.resolve = () =>
        resolve({ slug: "file-unreadable", words: "The browser cannot read the file any more.", next: "Choose it again." });
      this.cancel();
    }
  }

  #end(end) {
    if (this.is_over) return;
    this.is_over = true;
    const cut = { slug: "cut", words: end.words, next: end.next };
    this.listing?.resolve({ ...this.listing, ...cut });
    this.transfer?.resolve(cut);
    this.listing = this.transfer = null;
    this.handlers.over(end);
  }
}
