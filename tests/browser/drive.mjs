// One Chromium for a test file, and verbs for the two pages.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

export const PICTURES = process.env.EIC_PICTURES ?? "";

export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.EIC_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
}

// A context whose pages collect what must not happen: violations of the policy, errors, failed requests.
export async function newContext(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(20000);
  context.troubles = [];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (message.type() === "error") context.troubles.push(message.text());
    });
    page.on("pageerror", (error) => context.troubles.push(String(error.stack ?? error)));
  });
  return context;
}

// The last 120 rows, without blanks at their ends: all of the scrollback would keep the page busy.
export const shown = (page) =>
  page.evaluate(async () => {
    const { screen } = await import("/assets/terminal.mjs");
    const { active } = screen.terminal.buffer;
    const first = Math.max(0, active.length - 120);
    const rows = Array.from({ length: active.length - first }, (_, index) => active.getLine(first + index));
    return rows.map((row) => row.translateToString(true)).join("\n");
  });

export async function waitForText(page, pattern, timeout = 10000) {
  const end = Date.now() + timeout;
  for (;;) {
    const text = await shown(page);
    if (pattern.test(text)) return text;
    if (Date.now() > end) throw new Error(`no ${pattern} on the screen within ${timeout} ms:\n${text.trimEnd()}`);
    await page.waitForTimeout(50);
  }
}

export const isOpen = (page, timeout = 15000) =>
  page.waitForFunction(() => document.body.dataset.state === "open", null, { timeout });

// Types a line at the prompt.
export async function typeLine(page, line) {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

// From the list to a terminal of the instance: by the search and Enter, as a person without a mouse.
export async function connect(context, list, name) {
  await list.bringToFront();
  await list.locator("#search").fill(name);
  await list.locator(".canvas .row.selected", { hasText: name }).waitFor();
  const [page] = await Promise.all([context.waitForEvent("page"), list.locator("#search").press("Enter")]);
  await page.waitForLoadState();
  return page;
}

// Pastes text as a clipboard would give it.
export const pasteText = (page, text) =>
  page.evaluate((data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", data);
    const target = document.querySelector(".xterm-helper-textarea");
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);

// What there is to see of a test that failed.
export async function showFailure(context, name) {
  for (const [index, page] of context.pages().entries()) {
    console.log(`page ${index}: ${page.url()}\n${(await page.innerText("body").catch(() => "")).slice(0, 600)}`);
    await picture(page, `${name}-page-${index}`);
  }
  console.log(context.troubles.slice(-10).join("\n"));
}

export async function picture(page, name) {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
}
