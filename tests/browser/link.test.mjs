// The websocket of a session: counts, acknowledgements, and the way back after a cut. Sockets and time are
// played.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGE_DIR } from "./mock.mjs";

const { Link } = await import(`${PAGE_DIR}/link.mjs`);

class Played {
  constructor({ write_now = true } = {}) {
    const played = this;
    this.sockets = [];
    this.timers = new Set();
    this.output = "";
    this.unwritten = [];
    this.events = [];
    const note = (name) => (value) => this.events.push(value === undefined ? name : [name, value]);
    this.link = new Link({
      url: "ws://x",
      size: { columns: 80, rows: 24 },
      WebSocket: class {
        constructor() {
          this.readyState = 0;
          this.sent = [];
          played.sockets.push(this);
        }
        send(data) {
          this.sent.push(data);
        }
        close() {
          this.readyState = 3;
          this.onclose({});
        }
      },
      timers: {
        setTimeout: (act, ms) => {
          const timer = { act, ms };
          this.timers.add(timer);
          return timer;
        },
        clearTimeout: (timer) => this.timers.delete(timer),
      },
      handlers: {
        output: (bytes, done) => {
          this.output += Buffer.from(bytes).toString();
          if (write_now) done();
          else this.unwritten.push(done);
        },
        message: note("message"),
        ready: note("ready"),
        gap: note("gap"),
        lost: note("lost"),
        failed: note("failed"),
        back: note("back"),
        dropped: note("dropped"),
        gone: note("gone"),
      },
    });
  }
  get socket() {
    return this.sockets.at(-1);
  }
  open(from) {
    this.socket.readyState = 1;
    this.socket.onopen({});
    this.text({ type: "ready", from });
    return this;
  }
  text(message) {
    this.socket.onmessage({ data: JSON.stringify(message) });
  }
  bytes(text) {
    this.socket.onmessage({ data: new TextEncoder().encode(text).buffer });
  }
  fire(ms) {
    for (const timer of [...this.timers].filter((one) => one.ms === ms)) {
      this.timers.delete(timer);
      timer.act();
    }
  }
  told(type) {
    return this.socket.sent
      .filter((data) => typeof data === "string")
      .map((data) => JSON.parse(data))
      .filter((message) => message.type === type);
  }
}

function started(options) {
  const played = new Played(options);
  played.link.start(0);
  return played.open(0);
}

test("the first frame is start, with the size and the count of bytes", () => {
  const played = started();
  assert.deepEqual(JSON.parse(played.socket.sent[0]), { type: "start", columns: 80, rows: 24, from: 0 });
});

test("bytes are acknowledged when they are on the screen, not when they arrive", () => {
  const played = started({ write_now: false });
  played.bytes("x".repeat(70 * 1024));
  assert.deepEqual(played.told("ack"), []);
  played.unwritten.shift()();
  assert.deepEqual(played.told("ack"), [{ type: "ack", bytes: 70 * 1024 }]);
});

test("few bytes are acknowledged a moment later, together", () => {
  const played = started();
  played.bytes("a");
  played.bytes("b");
  assert.deepEqual(played.told("ack"), []);
  played.fire(60);
  assert.deepEqual(played.told("ack"), [{ type: "ack", bytes: 2 }]);
});

test("after a cut it comes back at the last byte, and takes none twice", () => {
  const played = started();
  played.bytes("hello");
  played.socket.close();
  assert.deepEqual(played.events.slice(-1), ["lost"]);
  played.fire(100);
  assert.equal(played.sockets.length, 2);
  played.socket.readyState = 1;
  played.socket.onopen({});
  assert.equal(played.told("start")[0].from, 5);
  played.text({ type: "ready", from: 3 });
  played.bytes("l");
  played.bytes("o world");
  assert.equal(played.output, "hello world");
  assert.ok(played.events.includes("back"));
  assert.equal(played.link.received, 11);
});

test("what is gone for good is said, and counts stay those of the front", () => {
  const played = started();
  played.bytes("hello");
  played.socket.close();
  played.fire(100);
  played.open(9);
  assert.ok(played.events.some(([name, value]) => name === "gap" && value === 4));
  played.bytes("!");
  assert.equal(played.link.received, 10);
});

test("a new tab takes what the front still has, which is no gap", () => {
  const played = new Played();
  played.link.start(0);
  played.open(1000);
  assert.ok(!played.events.some(([name]) => name === "gap"));
  assert.equal(played.link.received, 1000);
});

test("nothing is typed while it is cut", () => {
  const played = started();
  played.link.type("a");
  const { sent } = played.socket;
  played.socket.close();
  played.link.type("b");
  assert.equal(sent.filter((data) => typeof data !== "string").length, 1);
});

test("long input goes in messages of 16 KiB", () => {
  const played = started();
  played.link.type("x".repeat(40000));
  const lengths = played.socket.sent.filter((data) => typeof data !== "string").map((data) => data.length);
  assert.deepEqual(lengths, [16384, 16384, 7232]);
});

test("input that the front had no room for is told, once it is back", () => {
  const played = started();
  played.link.type("x".repeat(40000));
  played.socket.onclose({ code: 1009 });
  assert.ok(!played.events.includes("dropped"));
  played.fire(100);
  played.open(0);
  assert.deepEqual(played.events.slice(-3, -1), ["back", "dropped"]);
  played.socket.close();
  played.fire(100);
  played.open(0);
  assert.equal(played.events.filter((event) => event === "dropped").length, 1);
});

test("a ping is answered", () => {
  const played = started();
  played.text({ type: "ping", n: 7 });
  assert.deepEqual(played.told("pong"), [{ type: "pong", n: 7 }]);
});

test("a websocket that falls silent is given up, once pings were seen", () => {
  const played = started();
  played.fire(45000);
  assert.equal(played.link.state, "open");
  played.text({ type: "ping", n: 1 });
  played.fire(45000);
  assert.equal(played.link.state, "lost");
});

for (const type of ["end", "moved"]) {
  test(`after ${type} it does not come back by itself`, () => {
    const played = started();
    played.text({ type });
    played.socket.close();
    played.fire(100);
    assert.equal(played.sockets.length, 1);
    assert.ok(!played.events.includes("lost"));
  });
}

test("text that is no JSON is passed over", () => {
  const played = started();
  played.socket.onmessage({ data: "{" });
  assert.equal(played.link.state, "open");
});
