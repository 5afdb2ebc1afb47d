// What a person feels of eic-console in Chromium, and of ttyd beside it: called by bench_console.sh, on the
// stage, as the person.
//
// usage: measure_console.mjs FIGURES.json MEGABYTES SECONDS [TTYD_URL TTYD_URL_WITH_ITS_DEFAULTS]
import { readFileSync, writeFileSync } from "node:fs";
import { connect, isOpen, newContext, startBrowser } from "../browser/drive.mjs";

const KEYS = 200;
const INTERRUPTS = 20;
const CLICKS = 10;
const PATTERN = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.";

const [out, megabytes, seconds, ttyd = "", ttydPlain = ""] = process.argv.slice(2);
const url = readFileSync("/run/eic/console.out", "utf8").trim();
const say = (words) => console.error(words);
const sorted = (values) => values.toSorted((one, other) => one - other);
const percentile = (values, part) => sorted(values)[Math.min(values.length - 1, Math.ceil(values.length * part) - 1)];
const round = (value) => Math.round(value * 10) / 10;

// What both pages are asked by: the terminal's own input and write, so that each is measured in the same way.
function install(terminal) {
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const encoder = new TextEncoder();
  const probe = { seen: 0, done: 0, check: null };
  const write = terminal.write.bind(terminal);
  terminal.write = (data, callback) => {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    probe.seen += bytes.length;
    probe.check?.(bytes);
    write(data, () => {
      probe.done += bytes.length;
      callback?.();
    });
  };
  probe.type = (text) => terminal.input(text, true);
  probe.atPrompt = () => {
    const { active } = terminal.buffer;
    return /[$#] ?$/.test(active.getLine(active.baseY + active.cursorY)?.translateToString(true) ?? "");
  };
  probe.prompt = async (limit_ms = 60000) => {
    const end = performance.now() + limit_ms;
    while (!probe.atPrompt()) {
      if (performance.now() > end) throw new Error("no prompt");
      await sleep(4);
    }
  };
  // Milliseconds until so many bytes of a file are on the screen.
  probe.show = async (file, bytes) => {
    const before = probe.done;
    const start = performance.now();
    probe.type(`cat ${file}\r`);
    while (probe.done - before < bytes) await sleep(10);
    const took = performance.now() - start;
    await probe.prompt();
    return took;
  };
  probe.echo = async (count) => {
    const times = [];
    for (let at = 0; at < count; at++) {
      const start = performance.now();
      await new Promise((resolve) => {
        const parsed = terminal.onWriteParsed(() => {
          parsed.dispose();
          resolve();
        });
        probe.type("x");
      });
      times.push(performance.now() - start);
      await sleep(30);
      if (at % 40 === 39) {
        probe.type("\x15");
        await sleep(200);
      }
    }
    probe.type("\x15");
    await sleep(200);
    return times;
  };
  probe.interrupt = async (count) => {
    const times = [];
    for (let at = 0; at < count; at++) {
      probe.type("yes\r");
      await sleep(1000);
      const start = performance.now();
      probe.type("\x03");
      await probe.prompt();
      times.push(performance.now() - start);
      await sleep(100);
    }
    return times;
  };
  // Output of a line that repeats: a byte that is lost, or comes twice, breaks the sequence.
  probe.flood = async (pattern, seconds) => {
    const line = encoder.encode(`${pattern}\r\n`);
    let phase = -1;
    let breaks = 0;
    const closed = window.closings.length;
    probe.type(`stty -echo; yes ${pattern}\r`);
    await sleep(500);
    probe.check = (bytes) => {
      let at = 0;
      if (phase < 0) {
        at = bytes.indexOf(line[0]);
        if (at < 0) return;
        phase = 0;
      }
      for (; at < bytes.length; at++) {
        if (bytes[at] !== line[phase]) {
          breaks += 1;
          phase = -1;
          return;
        }
        phase = (phase + 1) % line.length;
      }
    };
    const before = probe.seen;
    const start = performance.now();
    while (performance.now() - start < seconds * 1000 && window.closings.length === closed) await sleep(100);
    const drops = window.closings.slice(closed).map((time) => (time - start) / 1000);
    const bytes = probe.seen - before;
    probe.check = null;
    probe.type("\x03");
    return { breaks, bytes, drops, seconds: (performance.now() - start) / 1000 };
  };
  window.probe = probe;
}

function countClosings() {
  const Plain = window.WebSocket;
  window.closings = [];
  window.WebSocket = class extends Plain {
    constructor(...words) {
      super(...words);
      this.addEventListener("close", () => window.closings.push(performance.now()));
    }
  };
}

const browser = await startBrowser();
const context = await newContext(browser);
await context.addInitScript(countClosings);
const list = await context.newPage();
await list.goto(url);
await list.waitForSelector(".canvas .row");

const open = {
  ours: async () => {
    const page = await connect(context, list, "web-1");
    await isOpen(page);
    await page.evaluate(`import("/assets/terminal.mjs").then(({ screen }) => (${install})(screen.terminal))`);
    await page.evaluate(() => window.probe.prompt());
    return page;
  },
  ttyd: async (address = ttyd) => {
    const page = await context.newPage();
    await page.goto(address);
    await page.waitForFunction(() => window.term?.element);
    await page.evaluate(`(${install})(window.term)`);
    await page.evaluate(() => window.probe.prompt());
    return page;
  },
};
const leave = async (page) => {
  await page.locator("#end").click({ timeout: 2000 }).catch(() => {});
  await page.close({ runBeforeUnload: false });
};

async function measure(name) {
  const figures = { clicks_ms: [] };
  say(`${name}: click to prompt`);
  for (let at = 0; at < CLICKS; at++) {
    await list.bringToFront();
    const start = performance.now();
    const page = await open[name]();
    figures.clicks_ms.push(performance.now() - start);
    await leave(page);
  }
  const page = await open[name]();
  const ask = (act, ...words) => page.evaluate(([act, words]) => window.probe[act](...words), [act, words]);
  say(`${name}: key echo`);
  figures.echo_ms = await ask("echo", KEYS);
  say(`${name}: ${megabytes} MB`);
  const bytes = megabytes * 1000000;
  figures.megabytes_per_s = bytes / 1000 / (await ask("show", `/tmp/much.${megabytes}`, bytes));
  say(`${name}: Ctrl+C under yes`);
  figures.interrupt_ms = await ask("interrupt", INTERRUPTS);
  await leave(page);
  return figures;
}

async function flood(name, address) {
  say(`${name}: ${seconds} s of output`);
  const page = await open[name](address);
  const result = await page.evaluate(([pattern, seconds]) => window.probe.flood(pattern, seconds), [PATTERN, Number(seconds)]);
  await leave(page);
  return result;
}

// What a browser loads of both pages, as it came over the wire.
async function pageBytes() {
  const sizes = () =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .filter(({ name }) => !name.includes("/api/"))
      .map(({ name, encodedBodySize, decodedBodySize }) => [new URL(name).pathname, encodedBodySize, decodedBodySize]);
  const page = await open.ours();
  const all = new Map([...(await list.evaluate(sizes)), ...(await page.evaluate(sizes))].map(([name, ...both]) => [name, both]));
  await leave(page);
  const sum = (at) => [...all.values()].reduce((total, both) => total + both[at], 0);
  return { compressed: sum(0), plain: sum(1), files: all.size };
}

function summary(figures) {
  const { clicks_ms, echo_ms, interrupt_ms } = figures;
  return {
    ...figures,
    click: { median: round(percentile(clicks_ms, 0.5)), worst: round(Math.max(...clicks_ms)) },
    echo: { p50: round(percentile(echo_ms, 0.5)), p90: round(percentile(echo_ms, 0.9)), p99: round(percentile(echo_ms, 0.99)) },
    interrupt: { median: round(percentile(interrupt_ms, 0.5)), worst: round(Math.max(...interrupt_ms)) },
  };
}

const result = { megabytes: Number(megabytes), flood_seconds: Number(seconds), page: await pageBytes() };
result.ours = summary(await measure("ours"));
if (ttyd) result.ttyd = summary(await measure("ttyd"));
result.ours.flood = await flood("ours");
if (ttyd) result.ttyd.flood = await flood("ttyd", ttydPlain);
writeFileSync(out, JSON.stringify(result));
await browser.close();
