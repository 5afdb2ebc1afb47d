// The terminal's page in a real browser, against the stand-in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, isOpen, newContext, picture, shown, startBrowser, typeLine, waitForText } from "./drive.mjs";
import { Mock } from "./mock.mjs";
import { BLOCK_BYTES } from "./mock_shell.mjs";
import { failures } from "./mock_data.mjs";
import { terminalCases } from "./terminal_cases.mjs";

const target = {
  name: "mock",
  user: "ec2-user",
  names: ["web-1", "changed-not"],
  seconds: 3,
  endless: "yes",
  colours: "raw \\u001b[38;2;200;90;40minked\\u001b[0m\\r\\n",
  output: (bytes) => {
    const blocks = Math.ceil(bytes / BLOCK_BYTES);
    return { command: `blocks ${blocks}`, bytes: blocks * BLOCK_BYTES };
  },
  cut: () => mock.cut(),
};
let mock, browser, list;

before(async () => {
  mock = await new Mock({ count: 40 }).start();
  mock.instances.push({ ...mock.instances[0], id: "i-0aaaaaaaaaaaaaaaa", name: "changed-not" });
  browser = await startBrowser();
  target.context = await newContext(browser);
  list = await target.context.newPage();
  target.list = list;
  await list.goto(mock.url);
  await list.waitForSelector(".canvas .row");
});
after(async () => {
  await browser?.close();
  await mock?.stop();
});

terminalCases(() => target);

for (const [name, failure] of Object.entries(failures)) {
  test(`a login that fails says why and what to do: ${failure.slug}`, async () => {
    const page = await connect(target.context, list, name);
    await page.waitForFunction(() => document.body.dataset.state === "failed");
    await page.getByText(failure.words).waitFor();
    await page.getByText(failure.next).waitFor();
    assert.equal(await page.locator("#ending .slug").textContent(), failure.slug);
    assert.equal(await page.locator("#steps .failed b").count(), 1);
    assert.match(await page.locator("#steps .failed").getAttribute("aria-label"), /failed/);
    await picture(page, `failed-${failure.slug}`);
    await page.close();
  });
}

test("an unknown host key is asked about: no by default", async () => {
  const page = await connect(target.context, list, "asks");
  await page.getByText("Is this the right host?").waitFor();
  await picture(page, "question");
  await page.keyboard.press("Escape");
  await page.getByText("You did not trust the host key.").waitFor();
  await page.getByRole("button", { name: "Connect again" }).click();
  await page.getByRole("button", { name: "Trust it and connect" }).click();
  await isOpen(page);
  await page.close();
});

test("programs cannot read the clipboard, and write to it only where that is switched on", async () => {
  const page = await connect(target.context, list, "web-1");
  await isOpen(page);
  await page.evaluate(() => {
    window.copied = [];
    navigator.clipboard.writeText = async (text) => window.copied.push(text);
    navigator.clipboard.readText = async () => window.copied.push("READ");
  });
  const write = "raw \\u001b]52;c;aGVsbG8=\\u0007\\u001b]52;c;?\\u0007";
  await typeLine(page, write);
  await page.waitForTimeout(200);
  assert.deepEqual(await page.evaluate(() => window.copied), []);
  await page.locator("#clipboard").click();
  await page.evaluate(() => import("/assets/terminal.mjs").then(({ screen }) => screen.terminal.focus()));
  await typeLine(page, write);
  await page.waitForFunction(() => window.copied.length > 0);
  assert.deepEqual(await page.evaluate(() => window.copied), ["hello"]);
  await page.close();
});

test("a title by a program stands behind our own, without control characters", async () => {
  const page = await connect(target.context, list, "web-1");
  await isOpen(page);
  await typeLine(page, "raw \\u001b]0;root@bank\\u202e\\u0007");
  await page.waitForFunction(() => document.title.includes("bank"));
  assert.equal(await page.title(), "ec2-user@web-1 · root@bank");
  await page.close();
});

test("a link shows where it leads, and opens nothing by itself", async () => {
  const page = await connect(target.context, list, "web-1");
  await isOpen(page);
  await typeLine(page, "raw \\u001b]8;;https://evil.example/x\\u001b\\\\https://aws.example\\u001b]8;;\\u001b\\\\\\r\\n");
  await waitForText(page, /^https:\/\/aws\.example$/m);
  const tabs = target.context.pages().length;
  const row = page.locator(".xterm-rows > div", { hasText: /^https:..aws/ });
  await row.waitFor();
  const box = await row.boundingBox();
  const at = [box.x + 30, box.y + box.height / 2];
  // The link is one when the pointer says so.
  for (let nudge = 0; !(await page.locator(".xterm-cursor-pointer").count()); nudge++) {
    assert.ok(nudge < 40, "the link is none");
    await page.mouse.move(at[0] - 10 * (nudge % 2), at[1]);
    await page.waitForTimeout(50);
  }
  await page.mouse.down();
  await page.mouse.up();
  assert.equal(await page.locator("dialog pre").textContent(), "https://evil.example/x");
  await page.keyboard.press("Escape");
  assert.equal(target.context.pages().length, tabs);
  await page.close();
});

test("idle: a warning with the seconds, and Stay", async () => {
  const page = await connect(target.context, list, "web-1");
  await isOpen(page);
  const session = [...mock.sessions.values()].at(-1);
  session.tell({ type: "idle", seconds_left: 60 });
  await page.getByText("The session will end in 60 s.").waitFor();
  await picture(page, "idle");
  await page.getByText("The session will end in 59 s.").waitFor();
  await page.getByRole("button", { name: "Keep it open" }).click();
  await page.locator("#notice").waitFor({ state: "hidden" });
  assert.ok(mock.heard.some((message) => message.type === "stay"));
  await page.close();
});

test("what came before the end is on the screen before the end is shown", async () => {
  const page = await connect(target.context, list, "web-1");
  await isOpen(page);
  const session = [...mock.sessions.values()].at(-1);
  session.output("x".repeat(300 * 1024) + "\r\nlast words\r\n");
  session.end({ slug: "exited", words: "The shell exited.", status: 0 });
  await page.getByText("The shell exited.").waitFor();
  assert.match(await shown(page), /^last words$/m);
  await page.close();
});

test("both themes, the choice follows into a new terminal", async () => {
  const page = await connect(target.context, list, "web-1");
  await isOpen(page);
  await page.emulateMedia({ colorScheme: "light" });
  const background = () => page.evaluate(() => import("/assets/terminal.mjs").then(({ screen }) => screen.terminal.options.theme.background));
  assert.equal(await background(), "#fcfcfa");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForTimeout(100);
  assert.equal(await background(), "#10171a");
  await page.close();
  await list.bringToFront();
  await list.locator("#theme").click();
  await list.locator("#theme").click();
  const dark = await connect(target.context, list, "web-2");
  await isOpen(dark);
  assert.equal(await dark.evaluate(() => document.documentElement.className), "dark");
  await dark.setViewportSize({ width: 390, height: 700 });
  await dark.waitForTimeout(200);
  assert.ok((await dark.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
  await picture(dark, "terminal-narrow");
  await dark.close();
});

test("a front that has gone: the page says how long, then that it is over", async () => {
  const page = await connect(target.context, list, "web-1");
  await isOpen(page);
  mock.refuse_sockets = true;
  mock.cut();
  await page.getByText(/Reconnecting to the same shell … \d+ s left/).waitFor();
  await picture(page, "lost");
  mock.sessions.clear();
  // The button hides while the page tries by itself; whichever of the two comes first finds the end.
  await page.evaluate(() => [...document.querySelectorAll("button")].find((one) => one.textContent === "Reconnect now")?.click());
  await page.getByText("This session no longer exists.").waitFor();
  mock.refuse_sockets = false;
  await page.close();
});

test("no trouble on the way", () => {
  // What a refused websocket writes to the console.
  const troubles = target.context.troubles.filter((words) => !/WebSocket connection to|status of 404/.test(words));
  assert.deepEqual(troubles, []);
});
