// The websocket of one session: start, output, acknowledgements, and the way back after a cut.
// doc/console.md has the protocol. Nothing here touches the page, so tests give it sockets and timers.

const ACK_BYTES = 64 * 1024; // The front pauses at 512 KiB: eight of these.
const ACK_MS = 60;
const INPUT_BYTES = 16 * 1024; // The longest message that the front takes is longer.
const RESUME_MS = 60 * 1000; // For so long the front keeps a session that was cut.
const RETRY_MS = [100, 250, 500, 1000, 2000];
const TOO_MUCH = 1009; // The code that the front closes with where it had no room for input.
const SILENCE_MS = 45 * 1000; // Once it has pinged, the front pings more often than this.

// handlers: output(bytes, done)   call done when the bytes are on the screen
//           message(object)       any text frame that is not for the link itself
//           ready(message)        the session takes input, from now or again
//           gap(bytes)            so many bytes of output are gone for good
//           lost(), failed()      the websocket was cut; another try to come back has failed
//           back()                it is open again
//           dropped()             back again, but the last input was too much, and is lost in part
//           gone()                it cannot come back
export class Link {
  constructor({ url, size, handlers, WebSocket = globalThis.WebSocket, timers = globalThis }) {
    Object.assign(this, { url, size, handlers, WebSocket, timers });
    this.received = 0; // Bytes of the session's output, from its first.
    this.written = 0; // Of these, on the screen.
    this.acknowledged = 0;
    this.skip = 0; // Bytes that come again, and were received before.
    this.state = "new"; // new, connecting, open, lost, parked, over
    this.tries = 0;
    this.has_dropped = false; // Input, by the front.
  }

  // Starts at output byte `from`: earlier output is already on the screen.
  start(from = 0) {
    this.received = this.written = this.acknowledged = from;
    this.#connect();
  }

  get live() {
    return this.state === "open";
  }

  type(text) {
    this.#send(new TextEncoder().encode(text));
  }

  // Bytes that are no text: xterm.js gives some mouse reports so, one character a byte.
  typeBinary(text) {
    this.#send(Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff));
  }

  tell(message) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  resize(columns, rows) {
    this.size = { columns, rows };
    if (this.live) this.tell({ type: "size", columns, rows });
  }

  // Lets go of the session without ending it: another tab takes it over from `received`.
  park() {
    this.state = "parked";
    this.#quiet();
    this.socket?.close();
  }

  // Comes back, from parked or lost: at once, and for RESUME_MS.
  comeBack() {
    if (this.state !== "parked" && this.state !== "lost") return;
    this.timers.clearTimeout(this.retry_timer);
    this.lost_at = Date.now();
    this.tries = 0;
    this.#connect();
  }

  // Milliseconds until the front gives up on a session that was cut.
  get resumeMsLeft() {
    return Math.max(0, RESUME_MS - (Date.now() - this.lost_at));
  }

  #send(bytes) {
    if (!this.live) return;
    for (let at = 0; at < bytes.length; at += INPUT_BYTES) {
      this.socket.send(bytes.subarray(at, at + INPUT_BYTES));
    }
  }

  #connect() {
    if (this.state !== "lost") this.state = "connecting";
    this.skip = 0;
    const socket = new this.WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    // A socket that was replaced has nothing to say any more.
    const current = (act) => (event) => {
      if (this.socket === socket) act(event);
    };
    socket.onopen = current(() => this.tell({ type: "start", ...this.size, from: this.received }));
    socket.onmessage = current((event) => {
      this.#watch();
      if (typeof event.data === "string") this.#text(event.data);
      else this.#binary(new Uint8Array(event.data));
    });
    socket.onclose = current((event) => {
      if (event.code === TOO_MUCH) this.has_dropped = true;
      this.#closed();
    });
  }

  #text(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message.type === "ping") {
      this.pinged = true;
      this.#watch();
      this.tell({ type: "pong", n: message.n });
    } else if (message.type === "ready") this.#ready(message);
    else {
      if (message.type === "end") this.#over("over");
      if (message.type === "moved") this.#over("parked");
      this.handlers.message(message);
    }
  }

  #ready(message) {
    const from = message.from ?? this.received;
    const was_lost = this.state === "lost";
    if (from > this.received) {
      if (this.received > 0) this.handlers.gap(from - this.received);
      const gap = from - this.received;
      this.received += gap;
      this.written += gap;
      this.acknowledged = Math.max(this.acknowledged, from);
    }
    this.skip = this.received - from;
    this.state = "open";
    this.tries = 0;
    if (was_lost) this.handlers.back();
    if (this.has_dropped) this.handlers.dropped();
    this.has_dropped = false;
    this.handlers.ready(message);
    this.tell({ type: "size", ...this.size });
    // What was written while the websocket was away.
    if (this.written > 0) this.#acknowledge();
  }

  #binary(bytes) {
    if (this.skip > 0) {
      const again = Math.min(this.skip, bytes.length);
      this.skip -= again;
      bytes = bytes.subarray(again);
    }
    if (bytes.length === 0) return;
    this.received += bytes.length;
    this.handlers.output(bytes, () => {
      this.written += bytes.length;
      if (this.written - this.acknowledged >= ACK_BYTES) this.#acknowledge();
      else this.ack_timer ??= this.timers.setTimeout(() => this.#acknowledge(), ACK_MS);
    });
  }

  #acknowledge() {
    this.timers.clearTimeout(this.ack_timer);
    this.ack_timer = undefined;
    if (this.state !== "open") return;
    this.acknowledged = this.written;
    this.tell({ type: "ack", bytes: this.written });
  }

  // A websocket can die without a word, as one through a tunnel does when a laptop sleeps.
  #watch() {
    if (!this.pinged) return;
    this.timers.clearTimeout(this.silence_timer);
    this.silence_timer = this.timers.setTimeout(() => this.socket.close(), SILENCE_MS);
  }

  #quiet() {
    for (const timer of ["silence_timer", "ack_timer", "retry_timer"]) {
      this.timers.clearTimeout(this[timer]);
      this[timer] = undefined;
    }
  }

  #over(state) {
    this.state = state;
    this.#quiet();
  }

  #closed() {
    this.#quiet();
    if (this.state === "over" || this.state === "parked") return;
    if (this.state !== "lost") {
      this.state = "lost";
      this.lost_at = Date.now();
      this.handlers.lost();
    } else this.handlers.failed();
    if (this.resumeMsLeft === 0) {
      this.handlers.gone();
      return;
    }
    const wait_ms = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
    this.tries += 1;
    this.retry_timer = this.timers.setTimeout(() => this.#connect(), wait_ms);
  }
}
