// The panel of files with emulator, agent and a real sshd, in a real browser. The scenario
// 57-console-files-chromium sets them up and runs this as the person.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, afterEach, before, test } from "node:test";
import { connect, isOpen, newContext, picture, showFailure, startBrowser, typeLine, waitForText } from "./drive.mjs";

const BYTES = 20 * 1000 * 1000 + 17;
const ECHO_MS = Number(process.env.EIC_ECHO_MS ?? 50);
const url = readFileSync("/run/eic/console.out", "utf8").trim();
const folder = process.env.EIC_FILES_FOLDER;
const local = `${tmpdir()}/big.bin`;
const data = randomBytes(BYTES);
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
let browser, context, page;

before(async () => {
  writeFileSync(local, data);
  browser = await startBrowser();
  context = await newContext(browser, { acceptDownloads: true });
  const list = await context.newPage();
  await list.goto(url);
  await list.waitForSelector(".canvas .row");
  page = await connect(context, list, "web-1");
  await isOpen(page);
});
after(() => browser?.close());
afterEach(async (one) => {
  if (one.passed !== false) return;
  console.log(one.error?.cause ?? one.error);
  await showFailure(context, "files-failure");
  await browser.close();
  setTimeout(() => process.exit(1), 200);
});

const entry = (name) => page.locator("#files-list .entry", { has: page.locator(".entry-name", { hasText: name }) });
const says = (words) => page.locator("#files-message", { hasText: words }).waitFor({ timeout: 60000 });
const choose = () => page.locator("#files-choose").setInputFiles(local);
async function download(name) {
  const [saved] = await Promise.all([page.waitForEvent("download"), entry(name).click()]);
  return { name: saved.suggestedFilename(), bytes: readFileSync(await saved.path()) };
}
// By the link: the focus is on what was clicked last.
const clearLine = () => page.evaluate(() => import("/assets/terminal.mjs").then(({ link }) => link.type("\x15")));
// Milliseconds from each key to its echo on the screen, while `during` goes on.
async function echoes(during) {
  await page.locator(".xterm-helper-textarea").focus();
  let is_over = false;
  const done = during().finally(() => (is_over = true));
  const times = [];
  while (!is_over && times.length < 200) {
    times.push(
      await page.evaluate(async () => {
        const { screen, link } = await import("/assets/terminal.mjs");
        const { active } = screen.terminal.buffer;
        const column = active.cursorX;
        const began = performance.now();
        link.type("x");
        while (active.cursorX === column) await new Promise((resolve) => setTimeout(resolve, 1));
        return performance.now() - began;
      }),
    );
    if (times.length % 20 === 0) await clearLine();
    await page.waitForTimeout(10);
  }
  await done;
  await clearLine();
  return times.sort((one, other) => one - other);
}

test("the panel shows where a login arrives; the keyboard alone is enough", async () => {
  await page.locator("#files").click();
  await entry("odd").waitFor();
  assert.equal(await page.locator("#files-path").inputValue(), folder);
  await page.locator("#files-path").fill("odd");
  await page.locator("#files-path").press("Enter");
  await entry("bdi").waitFor();
});

test("names that attack are shown as text, and saved under a clean name", async () => {
  const shown = await page.locator("#files-list .entry-name").allTextContents();
  assert.ok(shown.includes("<img src=x onerror=alert(1)>"), shown.join("\n"));
  assert.ok(shown.includes("new\\x0aline") || shown.includes("new\\x0Aline"), shown.join("\n"));
  for (const name of shown) assert.doesNotMatch(name, /[\p{Cc}\p{Bidi_Control}]/u);
  assert.equal(await page.locator("#files-list img").count(), 0);
  await picture(page, "files-odd");
  const saved = await download("x=.html");
  assert.equal(saved.bytes.toString(), "hostile");
  assert.doesNotMatch(saved.name, /[\p{Cc}\p{Bidi_Control}/\\]/u);
  await entry("pipe").click();
  await says("not-a-file");
  await page.getByRole("button", { name: "Up", exact: true }).click();
  await entry("odd").waitFor();
});

test("20 MB go up and come back byte for byte, and keys do not wait for them", async () => {
  const times = await echoes(async () => {
    await choose();
    await says("Uploaded big.bin");
    const saved = await download("big.bin");
    assert.equal(saved.name, "big.bin");
    assert.equal(hash(saved.bytes), hash(data));
    await says("Downloaded big.bin");
  });
  const at = (part) => times[Math.floor((times.length - 1) * part)];
  console.log(`echo beside transfers, ms: median ${at(0.5).toFixed(1)}, 95 % ${at(0.95).toFixed(1)} of ${times.length}`);
  assert.ok(at(0.5) < ECHO_MS, "keys wait for a transfer");
});

test("a file that is chosen while another one comes down goes up behind it", async () => {
  const saved = page.waitForEvent("download");
  // At once: the download may be over sooner than the next click.
  await entry("big.bin").evaluate((button) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["behind"], "behind"));
    button.click();
    document.getElementById("files-panel").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
  await saved;
  await says("Uploaded behind");
});

test("a file that is there is replaced only when that was said", async () => {
  writeFileSync(local, "other");
  await choose();
  await page.getByRole("button", { name: "Keep it" }).click();
  await choose();
  await page.getByRole("button", { name: "Replace", exact: true }).click();
  await says("Uploaded big.bin");
  await page.locator(".xterm-helper-textarea").focus();
  await typeLine(page, "clear; wc -c < big.bin; echo of''it");
  await waitForText(page, /^\s*5\s*\nofit/m);
});

test("both themes and a narrow window, for a look", async () => {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForTimeout(200);
    await picture(page, `files-${scheme}`);
  }
  await page.setViewportSize({ width: 420, height: 700 });
  await page.waitForTimeout(200);
  await picture(page, "files-narrow");
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("an upload that is cancelled leaves nothing; Escape closes the panel", async () => {
  await page.locator("#files-choose").setInputFiles({ name: "given-up", mimeType: "", buffer: Buffer.alloc(40 * 1000 * 1000) });
  await page.locator("#files-cancel").click();
  await says("cancelled");
  await page.locator(".xterm-helper-textarea").focus();
  await typeLine(page, "clear; ls -A | grep -c -e given-up -e eic-upload; echo of''it");
  await waitForText(page, /^0\s*\nofit/m);
  await page.locator("#files-path").focus();
  await page.keyboard.press("Escape");
  await page.locator("#files-panel").waitFor({ state: "hidden" });
  assert.deepEqual(context.troubles, []);
});
