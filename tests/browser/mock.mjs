// A stand-in for eic-console that speaks doc/console.md with a make-believe shell, so that the page's own
// tests need no C++, no sshd and no AWS. `node mock.mjs` serves it for a look.
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { WebSocketServer } from "ws";
import { failures, instances } from "./mock_data.mjs";
import { Shell } from "./mock_shell.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const PAGE_DIR = process.env.EIC_PAGE_DIR ?? join(here, "../../src/console/page");
export const NPM_DIR = process.env.EIC_NPM_DIR ?? join(here, "../../build/npm/page");

export const POLICY =
  "default-src 'none'; script-src 'self'; style-src-elem 'self'; style-src-attr 'none'; img-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";
const HIGH_BYTES = 512 * 1024;
const LOW_BYTES = 128 * 1024;
const KEPT_BYTES = 64 * 1024;
const TYPES = { html: "text/html", mjs: "text/javascript", css: "text/css", svg: "image/svg+xml" };

// Where an asset comes from: the page's folder, or a library's.
function assetPath(name) {
  const addon = name.match(/^(addon-[a-z0-9-]+)\.mjs$/);
  if (addon) return join(NPM_DIR, "node_modules/@xterm", addon[1], "lib", name);
  if (name === "xterm.mjs") return join(NPM_DIR, "node_modules/@xterm/xterm/lib/xterm.mjs");
  if (name === "xterm.css") return join(NPM_DIR, "node_modules/@xterm/xterm/css/xterm.css");
  return join(PAGE_DIR, name);
}

// The output of one session, with what was not acknowledged and a little of what was.
class MockSession {
  constructor(mock, { instance, user, address, profile }) {
    this.mock = mock;
    this.profile = profile;
    this.id = randomUUID();
    this.row = { session: this.id, instance: instance.id, name: instance.name, user, state: "starting", since: "" };
    Object.assign(this.row, { profile: "", region: "us-west-2", how: address, address: instance.public_ip });
    this.failure = failures[instance.name];
    this.kept = [];
    this.start_at = 0; // Offset of kept[0].
    this.total = 0;
    this.acknowledged = 0;
    this.socket = null;
    this.steps = [];
    this.shell = new Shell(user, (data) => this.output(data));
    this.shell.onend = (end) => this.end(end);
  }

  output(data) {
    const bytes = Buffer.from(data);
    this.kept.push(bytes);
    this.total += bytes.length;
    if (this.socket && this.open) this.socket.send(bytes);
    if (this.total - this.acknowledged > HIGH_BYTES) this.shell.pause();
  }

  acknowledge(bytes) {
    this.acknowledged = Math.max(this.acknowledged, bytes);
    while (this.kept.length && this.start_at + this.kept[0].length < this.acknowledged - KEPT_BYTES) {
      this.start_at += this.kept.shift().length;
    }
    if (this.total - this.acknowledged < LOW_BYTES) this.shell.resume();
  }

  tell(message) {
    this.socket?.send(JSON.stringify(message));
  }

  step(step, state, words) {
    this.steps.push({ type: "step", step, state, words });
    this.tell(this.steps.at(-1));
  }

  attach(socket) {
    if (this.socket) {
      this.tell({ type: "moved" });
      this.socket.close();
    }
    this.socket = socket;
    this.open = false;
    socket.on("message", (data, binary) => this.hear(data, binary));
    socket.on("close", () => {
      if (this.socket === socket) this.socket = null;
    });
  }

  hear(data, binary) {
    this.mock.heard.push(binary ? data.length : JSON.parse(data));
    if (binary) {
      this.shell.type(data.toString("utf8"));
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "start") this.started(message);
    else if (message.type === "size") this.shell.resize(message.columns, message.rows);
    else if (message.type === "ack") this.acknowledge(message.bytes);
    else if (message.type === "end") this.end({ slug: "exited", words: "You ended the session.", status: 0 });
    else if (message.type === "answer") this.answered?.(message.value);
  }

  async started({ columns, rows, from }) {
    this.shell.resize(columns, rows);
    if (!this.logged_in && !(await this.login())) return;
    this.ready(from);
  }

  ready(from) {
    const first = Math.max(from, this.start_at);
    const host_key = { fingerprint: "SHA256:mockmockmockmockmockmockmockmockmockmockmoc", known_from: "first-use" };
    this.tell({ type: "ready", from: first, host_key });
    let at = this.start_at;
    for (const chunk of this.kept) {
      if (at + chunk.length > first) this.socket.send(chunk.subarray(Math.max(0, first - at)));
      at += chunk.length;
    }
    this.open = true;
    this.row.state = "open";
    this.shell.begin();
  }

  async login() {
    const wait = () => new Promise((resolve) => setTimeout(resolve, this.mock.step_ms));
    const words = {
      address: `public address ${this.row.address ?? ""}, port 22`,
      connect: "connected in 12 ms",
      "host-key": "SHA256:mockmockmockmockmockmockmockmockmockmockmoc, seen for the first time",
      push: "for 60 seconds, request 1234abcd-12ab-34cd-56ef-1234567890ab",
      login: `as ${this.row.user}`,
    };
    for (const step of Object.keys(words)) {
      this.step(step, "doing", "");
      await wait();
      if (this.failure?.step === step) {
        this.end(this.failure);
        return false;
      }
      if (step === "host-key" && this.row.name === "asks") {
        this.tell({ type: "question", question: "q1", kind: "host-key", words: "The host key of asks is not known.", fingerprint: "SHA256:mock" });
        const value = await new Promise((resolve) => (this.answered = resolve));
        if (value !== "yes") {
          this.end({ slug: "host-key-changed", step, words: "You did not trust the host key.", next: "" });
          return false;
        }
      }
      this.step(step, "done", words[step]);
    }
    this.logged_in = true;
    return true;
  }

  end(end) {
    this.row.state = "ended";
    this.tell({ type: "end", step: "session", next: "", ...end });
    this.socket?.close();
    this.mock.sessions.delete(this.id);
  }
}

export class Mock {
  constructor({ count = 12, step_ms = 40 } = {}) {
    this.sessions = new Map();
    this.heard = [];
    this.step_ms = step_ms;
    this.instances = instances(count);
    this.fail_next = null; // An error for the next request of instances.
    this.principals = new Map(); // Those that were learned, by profile.
    this.http = createServer((request, response) => this.#answer(request, response));
    this.sockets = new WebSocketServer({ noServer: true });
    this.http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  async start(port = 0) {
    await new Promise((resolve) => this.http.listen(port, "127.0.0.1", resolve));
    this.port = this.http.address().port;
    this.url = `http://mock.localhost:${this.port}/`;
    return this;
  }

  stop() {
    for (const socket of this.sockets.clients) socket.terminate();
    this.http.closeAllConnections();
    return new Promise((resolve) => this.http.close(resolve));
  }

  // Cuts every websocket without a close frame.
  cut() {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  #upgrade(request, socket, head) {
    const session = this.sessions.get(request.url.match(/^\/api\/sessions\/([^/]+)\/socket$/)?.[1]);
    if (!session || this.refuse_sockets) {
      socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (websocket) => session.attach(websocket));
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.url);
    let body = "";
    for await (const chunk of request) body += chunk;
    const json = (status, value) => {
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(value));
    };
    if (url.pathname.startsWith("/api/")) this.#api(request.method, url, body ? JSON.parse(body) : {}, json);
    else this.#asset(url.pathname, request, response);
  }

  #asset(path, request, response) {
    const name = path === "/" ? "index.html" : path.startsWith("/terminal/") ? "terminal.html" : path.replace("/assets/", "");
    let bytes;
    try {
      bytes = readFileSync(assetPath(name));
    } catch {
      response.writeHead(404).end();
      return;
    }
    const etag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
    const headers = {
      "content-type": `${TYPES[name.split(".").pop()]}; charset=utf-8`,
      "content-security-policy": POLICY,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "cross-origin-opener-policy": "same-origin",
      "cache-control": "no-cache",
      "content-encoding": "gzip",
      etag,
    };
    if (request.headers["if-none-match"] === etag) response.writeHead(304, headers).end();
    else response.writeHead(200, headers).end(gzipSync(bytes, { level: 1 }));
  }

  #api(method, url, body, json) {
    const ended = url.pathname.match(/^\/api\/sessions\/([^/]+)$/)?.[1];
    if (url.pathname === "/api/start") {
      json(200, {
        profiles: ["default", "production"],
        profile: "default",
        region: "us-west-2",
        regions: ["eu-central-1", "us-east-1", "us-west-2"],
        principal: this.principals.get(url.searchParams.get("profile")) ?? null,
      });
    } else if (url.pathname === "/api/instances") {
      this.asked = { profile: url.searchParams.get("profile"), region: url.searchParams.get("region") };
      if (this.fail_next) {
        json(this.fail_next.status, { error: this.fail_next.error });
        this.fail_next = null;
        return;
      }
      // Who asks is known once AWS was asked.
      const user = this.asked.profile === "production" ? "root-of-all" : "alice";
      this.principals.set(this.asked.profile, `arn:aws:iam::123456789012:user/${user}`);
      const from = Number(url.searchParams.get("next") ?? 0);
      const all = url.searchParams.get("region") === "us-east-1" ? [] : this.instances;
      const to = from + 1000;
      json(200, { instances: all.slice(from, to), next: to < all.length ? String(to) : null });
    } else if (url.pathname === "/api/answers") {
      this.answer = body;
      json(200, {});
    } else if (ended && method === "DELETE") {
      this.sessions.get(ended)?.end({ slug: "exited", words: "You ended the session.", status: 0 });
      json(200, {});
    } else if (method === "POST") {
      const instance = this.instances.find((one) => one.id === body.instance);
      const session = new MockSession(this, { ...body, instance });
      this.sessions.set(session.id, session);
      json(201, { session: session.id });
    } else {
      json(200, { sessions: [...this.sessions.values()].map((session) => session.row) });
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await new Mock({ count: Number(process.argv[2] ?? 12), step_ms: 400 }).start(8600);
  console.log(mock.url);
}
