// The terminal's page: one session, from its first step to its end.
import { ApiError, get, send } from "/assets/api.mjs";
import { ask, askText, byId, h } from "/assets/dom.mjs";
import { FilesPanel } from "/assets/files.mjs";
import { askForScreen, offerScreen } from "/assets/handover.mjs";
import { Link } from "/assets/link.mjs";
import { judgePaste, oneLine, preview } from "/assets/paste.mjs";
import { cleanTitle, Screen } from "/assets/screen.mjs";
import { startSearch } from "/assets/search_bar.mjs";
import { Steps } from "/assets/steps.mjs";
import { startTheme, themeFragment } from "/assets/theme.mjs";

const RESIZE_MS = 80;
const SESSION_OVER = {
  slug: "session-over",
  words: "This session no longer exists.",
  next: "Open a new one from the list of instances.",
};
const session = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const channel = new BroadcastChannel("eic-console");
const steps = new Steps(byId("steps"));
let about = { instance: "", name: "", user: "" }; // The session's row of GET /api/sessions.
let was_ready = false;

const pressed = (id) => byId(id).getAttribute("aria-pressed") === "true";
export const screen = new Screen({ element: byId("screen"), copyAllowed: () => pressed("clipboard") });
const { terminal } = screen;

const socketUrl = (what) =>
  `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/sessions/${encodeURIComponent(session)}/${what}`;

const files = new FilesPanel({
  element: byId("files-panel"),
  url: socketUrl("files"),
  left: () => {
    byId("files").setAttribute("aria-pressed", "false");
    terminal.focus();
  },
});

export const link = new Link({
  url: socketUrl("socket"),
  size: screen.size,
  handlers: {
    output: (bytes, done) => terminal.write(bytes, done),
    message: hear,
    ready,
    gap: (bytes) =>
      notice(
        `${bytes.toLocaleString("en")} bytes of output are missing: ` +
          "eic-console did not keep them while the page was disconnected.",
        dismiss,
      ),
    lost,
    failed: findOut,
    back: hideNotice,
    dropped: () => notice("The instance could not keep up with the input, and part of it was lost. Check what arrived.", dismiss),
    gone: () =>
      ended({
        slug: "cut",
        words: "The connection to eic-console was lost. The session ended after 60 seconds.",
        next: "Check that eic-console is running, then connect again.",
      }),
  },
});

// starting, open, lost, moved, ended, failed.
function become(state) {
  document.body.dataset.state = state;
  terminal.options.disableStdin = state !== "open";
  byId("files").disabled = state !== "open";
}
const is = (state) => document.body.dataset.state === state;

function nameIt(row) {
  about = row;
  byId("name").textContent = row.name || row.instance;
  byId("whom").textContent = `${row.user}${row.address ? `@${row.address}` : ""}`;
  document.title = `${row.user}@${row.name || row.instance}`;
}

async function findRow() {
  const answer = await get("/api/sessions");
  return answer.sessions.find((row) => row.session === session);
}

async function renew() {
  const row = await findRow().catch(() => null);
  if (row) nameIt(row);
}

function notice(words, ...buttons) {
  byId("notice").replaceChildren(h("span", {}, words), ...buttons);
  byId("notice").hidden = false;
}

function hideNotice() {
  clearInterval(countdown.timer);
  byId("notice").hidden = true;
}

const action = (words, act, kind = "") => h("button", { type: "button", class: kind, onclick: act }, words);
const dismiss = action("Close", hideNotice);

// Shows `words(seconds)` as a notice, updated every second.
function countdown(seconds, words, ...buttons) {
  clearInterval(countdown.timer);
  const show = () => notice(words(Math.max(0, seconds)), ...buttons);
  show();
  countdown.timer = setInterval(() => {
    seconds -= 1;
    byId("notice").firstChild.textContent = words(Math.max(0, seconds));
  }, 1000);
}

function hear(message) {
  switch (message.type) {
    case "step":
      steps.show(message.step, message.state, message.words);
      // Name, user and address are known once AWS has said them.
      if (message.state === "done") renew();
      break;
    case "question":
      question(message);
      break;
    case "idle":
      countdown(
        message.seconds_left,
        (seconds) => `Nothing has been typed for a long time. The session will end in ${seconds} s.`,
        action("Keep it open", stay, "primary"),
      );
      break;
    case "moved":
      moved();
      break;
    case "end":
      // What arrived before the end is on the screen before the end is shown.
      screen.written().then(() => ended(message));
      break;
  }
}

function stay() {
  link.tell({ type: "stay" });
  hideNotice();
  terminal.focus();
}

async function question(message) {
  let value;
  if (message.kind === "mfa") {
    value = await askText({
      title: "MFA code",
      words: message.words,
      label: "MFA code",
      submit: "Continue",
      mode: "numeric",
    });
  } else {
    value = await ask({
      title: "Is this the right host?",
      body: [h("p", {}, message.words), h("pre", {}, message.fingerprint ?? "")],
      buttons: [
        { value: "", words: "Cancel" },
        { value: "yes", words: "Trust it and connect", primary: true },
      ],
    });
  }
  link.tell({ type: "answer", question: message.question, value: value || "no" });
}

function ready(message) {
  was_ready = true;
  renew();
  if (message.host_key?.fingerprint) {
    const from = message.host_key.known_from === "first-use" ? "new: saved at this login" : "known from an earlier login";
    byId("whom").title = `Host key ${message.host_key.fingerprint}, ${from}`;
  }
  become("open");
  link.resize(terminal.cols, terminal.rows);
  terminal.focus();
}

function lost() {
  if (was_ready) {
    become("lost");
    countdown(
      Math.ceil(link.resumeMsLeft / 1000),
      (seconds) => `The connection to eic-console was lost. Reconnecting to the same shell … ${seconds} s left`,
      action("Reconnect now", () => link.comeBack()),
    );
  }
  findOut();
}

// A websocket does not tell why it was refused: the list of sessions does.
async function findOut() {
  try {
    const row = await findRow();
    if (!row && link.state !== "open") {
      link.park();
      ended(SESSION_OVER);
    }
  } catch (error) {
    if (!was_ready && error instanceof ApiError) {
      link.park();
      ended(error);
    }
  }
}

function moved() {
  if (files.open) files.close();
  become("moved");
  clearInterval(countdown.timer);
  notice("This session has moved to another tab.", action("Bring it back here", bringBack, "primary"));
}

async function bringBack() {
  hideNotice();
  const other = await askForScreen(session, channel);
  if (other) {
    terminal.reset();
    await screen.take(other);
    link.start(other.from);
  } else link.comeBack();
}

// Hands the session over, if it is here.
function giveScreen() {
  if (!link.live) return null;
  link.park();
  moved();
  return screen.written().then(() => ({ ...screen.serialize(), from: link.received }));
}

// Ends that are no failure of the login.
const ORDINARY = new Set(["exited", "signalled", "idle", "session-over"]);

function ended({ slug = "internal-error", step = "", words = "The session has ended.", next = "" }) {
  hideNotice();
  const failed = !was_ready && !ORDINARY.has(slug);
  become(failed ? "failed" : "ended");
  if (failed) steps.fail(step, "");
  byId("end").hidden = true;
  // What it says of a transfer that was cut stays.
  if (files.open && !files.busy) files.close();
  byId("status").textContent = failed ? "login failed" : "session ended";
  const fine = slug === "exited";
  byId("ending").replaceChildren(
    h(
      "div",
      { class: "inner" },
      h("h2", {}, words),
      h(
        "div",
        { class: "buttons" },
        about.instance ? action("Connect again", again, "primary") : null,
        action("Close", closeTab),
      ),
      next ? h("p", { class: "next" }, next) : null,
      fine ? null : h("code", { class: "slug" }, slug),
    ),
  );
  byId("ending").hidden = false;
  byId("ending").querySelector("button").focus();
}

async function again() {
  const { instance, user, profile = "", region = "", how = "auto" } = about;
  try {
    const answer = await send("POST", "/api/sessions", { instance, user, profile, region, address: how });
    location.replace(`/terminal/${encodeURIComponent(answer.session)}${themeFragment()}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    ended(error);
  }
}

// A script may close only a tab that a script has opened.
function closeTab() {
  window.close();
  location.replace("/");
}

function pasteTitle(text, lines) {
  if (lines === 1) return "Paste this?";
  if (lines === 2 && text.endsWith("\n")) return "Paste one line and run it?";
  return `Paste ${text.endsWith("\n") ? lines - 1 : lines} lines?`;
}

async function paste(text) {
  const { verdict, text: clean, removed, lines } = judgePaste(text);
  const characters = removed === 1 ? "character" : "characters";
  const taken = removed === 0 ? [] : [h("p", {}, `Removed ${removed} control or invisible ${characters}.`)];
  if (verdict === "nothing") {
    if (removed > 0) notice("The clipboard has only control or invisible characters. Nothing was pasted.", dismiss);
    return;
  }
  if (verdict === "too-long") {
    notice("The clipboard has more than 1 MiB of text. Nothing was pasted. Copy a file to the instance instead.", dismiss);
    return;
  }
  let typed = clean;
  if (verdict !== "type") {
    const chosen = await ask({
      title: pasteTitle(clean, lines),
      body: [
        ...taken,
        lines > 1 ? h("p", {}, "The shell may run each line as soon as it is pasted.") : null,
        h("pre", {}, preview(clean)),
      ].filter(Boolean),
      buttons: [
        { value: "", words: "Cancel" },
        ...(lines > 1 ? [{ value: "one", words: "Paste as one line" }] : []),
        { value: "all", words: "Paste", primary: true },
      ],
      kind: "paste",
    });
    if (!chosen) return;
    if (chosen === "one") typed = oneLine(clean);
  }
  if (is("open")) terminal.paste(typed);
  terminal.focus();
}

function guard(event, transfer) {
  event.preventDefault();
  event.stopPropagation();
  if (is("open")) paste(transfer?.getData("text/plain") ?? "");
}

// Keys that are the page's own, and never reach the instance.
function ownKey(event) {
  if (!event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return false;
  const act = {
    KeyC: () => document.execCommand("copy"),
    KeyF: () => search.open(),
    KeyM: () => byId("find").focus(),
    // The browser's own: it leads to the event `paste`.
    KeyV: null,
  }[event.code];
  if (act === undefined) return false;
  if (act && event.type === "keydown") {
    event.preventDefault();
    act();
  }
  return true;
}

const search = startSearch(screen, () => terminal.focus());

function wire() {
  terminal.onData((data) => {
    if (!byId("notice").hidden && countdown.timer && is("open")) hideNotice();
    link.type(data);
  });
  terminal.onBinary((data) => link.typeBinary(data));
  terminal.onTitleChange((title) => {
    document.title = [`${about.user}@${about.name || about.instance}`, cleanTitle(title)].filter(Boolean).join(" · ");
  });
  let timer;
  terminal.onResize(({ cols, rows }) => {
    link.size = { columns: cols, rows };
    clearTimeout(timer);
    timer = setTimeout(() => link.resize(terminal.cols, terminal.rows), RESIZE_MS);
  });
  terminal.attachCustomKeyEventHandler((event) => !ownKey(event));
  byId("screen").addEventListener("paste", (event) => guard(event, event.clipboardData), true);
  byId("screen").addEventListener("drop", (event) => guard(event, event.dataTransfer), true);
  byId("find").addEventListener("click", () => search.open());
  byId("smaller").addEventListener("click", () => screen.enlarge(-1));
  byId("larger").addEventListener("click", () => screen.enlarge(1));
  byId("end").addEventListener("click", () => link.tell({ type: "end" }));
  for (const id of ["reader", "clipboard"]) {
    byId(id).addEventListener("click", () => {
      byId(id).setAttribute("aria-pressed", String(!pressed(id)));
      terminal.options.screenReaderMode = pressed("reader");
    });
  }
  byId("files").addEventListener("click", () => {
    if (files.open) {
      files.close();
      return;
    }
    byId("files").setAttribute("aria-pressed", "true");
    files.show();
  });
  document.querySelector(".tools").addEventListener("keydown", (event) => {
    if (event.key === "Escape") terminal.focus();
  });
  // Ctrl+W deletes a word in a shell, and closes a tab in a browser.
  window.addEventListener("beforeunload", (event) => {
    if (link.live) event.preventDefault();
  });
  startTheme(byId("theme"), () => screen.recolour());
}

async function start() {
  become("starting");
  wire();
  offerScreen(session, channel, giveScreen);
  const [row, other] = await Promise.all([findRow().catch((error) => error), askForScreen(session, channel)]);
  if (row instanceof ApiError) {
    ended(row);
    return;
  }
  if (!row) {
    ended(SESSION_OVER);
    return;
  }
  nameIt(row);
  if (other) await screen.take(other);
  link.start(other?.from ?? 0);
}

start();
