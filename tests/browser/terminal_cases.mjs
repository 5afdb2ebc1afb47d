// What a terminal has to do, whatever serves it: the stand-in (terminal.browser.mjs) or eic-console with a
// real sshd (real.browser.mjs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, isOpen, pasteText, picture, shown, typeLine, waitForText } from "./drive.mjs";

const state = (page) => page.evaluate(() => document.body.dataset.state);
const screenOf = (page, read) =>
  page.evaluate(`import("/assets/terminal.mjs").then(({ screen, link }) => (${read})(screen.terminal, link))`);

// A line that the shell prints once, however often the screen shows the command.
let counter = 0;
async function answers(page, timeout) {
  counter += 1;
  await typeLine(page, `echo mark${counter}''x`);
  const printed = new RegExp(`^mark${counter}('')?x`, "m");
  await waitForText(page, printed, timeout);
}

// `of` gives {context, list, names: [two instances], output(bytes) -> {command, bytes}, endless, cut(page)}.
export function terminalCases(of) {
  let page;
  const open = async (name) => {
    page = await connect(of().context, of().list, name);
    await isOpen(page);
    return page;
  };

  test("from the list to id -un, by the keyboard alone", async () => {
    await open(of().names[0]);
    await typeLine(page, "id -un");
    await waitForText(page, new RegExp(`^${of().user}$`, "m"));
    await page.waitForFunction((title) => document.title === title, `${of().user}@${of().names[0]}`);
    await picture(page, `${of().name}-terminal`);
  });

  test("stty size sees each resize", async () => {
    for (const [width, height] of [[900, 600], [1280, 800]]) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(300);
      const { rows, cols } = await screenOf(page, "(t) => ({ rows: t.rows, cols: t.cols })");
      await typeLine(page, "stty size");
      await waitForText(page, new RegExp(`^${rows} ${cols}$`, "m"));
    }
    const before = await screenOf(page, "(t) => t.cols");
    await page.locator("#larger").click();
    await page.locator("#larger").click();
    assert.ok((await screenOf(page, "(t) => t.cols")) < before);
    await page.locator("#smaller").click();
    await page.locator("#smaller").click();
    assert.equal(await screenOf(page, "(t) => t.cols"), before);
    await screenOf(page, "(t) => t.focus()");
  });

  test("a paste of one line is typed; the end of bracketed paste and control characters are not", async () => {
    await pasteText(page, "echo one");
    await page.keyboard.press("Enter");
    await waitForText(page, /^one$/m);
    await pasteText(page, "echo a\u001b[201~\u0007\u0008b");
    await page.getByText("Removed 3 control or invisible characters.").waitFor();
    await picture(page, `${of().name}-paste`);
    await page.getByRole("button", { name: "Paste", exact: true }).click();
    await page.keyboard.press("Enter");
    await waitForText(page, /^ab$/m);
  });

  test("several lines are asked about: dismissed, as one line, as they are", async () => {
    await pasteText(page, "echo never\necho ever\n");
    await page.getByText("Paste 2 lines?").waitFor();
    await page.keyboard.press("Escape");
    await pasteText(page, "echo x\n");
    await page.getByText("Paste one line and run it?").waitFor();
    await page.keyboard.press("Escape");
    await pasteText(page, "echo uno\ndue\n");
    await page.getByRole("button", { name: "Paste as one line" }).click();
    await page.keyboard.press("Enter");
    await waitForText(page, /^uno due$/m);
    await pasteText(page, "echo first\necho second\n");
    await page.getByRole("button", { name: "Paste", exact: true }).click();
    // A shell that brackets pastes waits for Enter.
    await page.keyboard.press("Enter");
    await waitForText(page, /^first$[^]*^second$/m);
    assert.doesNotMatch(await shown(page), /^never$/m);
  });

  test("a selection is copied by Ctrl+Shift+C", async () => {
    await of().context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(page.url()).origin });
    await screenOf(page, "(t) => { const line = Array.from({ length: t.buffer.active.length }, (_, i) => t.buffer.active.getLine(i).translateToString(true)).indexOf('uno due'); t.select(0, line, 7); }");
    await page.keyboard.press("Control+Shift+c");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "uno due");
    await of().context.clearPermissions();
  });

  test("text by an input method arrives whole, and is two columns wide", async () => {
    const devtools = await of().context.newCDPSession(page);
    await page.keyboard.type("echo ");
    await devtools.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
    await devtools.send("Input.imeSetComposition", { text: "日本", selectionStart: 2, selectionEnd: 2 });
    await devtools.send("Input.insertText", { text: "日本語" });
    await waitForText(page, /echo 日本語/);
    await page.keyboard.press("Enter");
    await waitForText(page, /^日本語$/m);
    await devtools.detach();
    const width = await screenOf(page, "(t) => t.buffer.active.getLine(t.buffer.active.baseY + t.buffer.active.cursorY - 1).getCell(0).getWidth()");
    assert.equal(width, 2);
  });

  test("another instance in another tab; each keeps its own shell", async () => {
    const first = page;
    await open(of().names[1]);
    await typeLine(page, "id -un");
    await waitForText(page, new RegExp(`^${of().user}$`, "m"));
    await page.waitForFunction((title) => document.title === title, `${of().user}@${of().names[1]}`);
    await first.bringToFront();
    await answers(first);
    await page.close({ runBeforeUnload: false });
    page = first;
  });

  test("a websocket that is cut comes back to the same shell at the last byte", async () => {
    const { command, bytes } = of().output(400 * 1024);
    const before = await screenOf(page, "(t, link) => link.received");
    await typeLine(page, command);
    await of().cut(page);
    await page.waitForFunction(() => document.body.dataset.state === "lost");
    await isOpen(page);
    await answers(page, 20000);
    const after = await screenOf(page, "(t, link) => link.received");
    assert.ok(after - before > bytes, `${after - before} of ${bytes}`);
    assert.equal(await page.locator("#notice").isHidden(), true);
  });

  test("opened in a second tab it moves there with its screen, and back", async () => {
    await answers(page);
    const text = (await shown(page)).trim().split("\n").at(-2);
    const second = await of().context.newPage();
    await second.goto(page.url());
    await isOpen(second);
    assert.ok((await shown(second)).includes(text));
    assert.equal(await state(page), "moved");
    await answers(second);
    await page.bringToFront();
    await picture(page, `${of().name}-moved`);
    await page.getByRole("button", { name: "Bring it back here" }).click();
    await isOpen(page);
    await answers(page);
    assert.equal(await state(second), "moved");
    await second.close();
  });

  test("a reload goes on in the same shell", async () => {
    await page.evaluate(() => window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), true));
    page.on("dialog", (dialog) => dialog.accept());
    await page.reload();
    await isOpen(page);
    await answers(page);
  });

  const megabytes = Number(process.env.EIC_OUTPUT_MEGABYTES ?? 20);
  test(`${megabytes} MB of output without a lost byte, and never more than the mark in the page`, async () => {
    const { command, bytes } = of().output(megabytes * 1000 * 1000);
    const before = await screenOf(page, "(t, link) => link.received");
    await screenOf(page, `(t, link) => {
      const output = link.handlers.output;
      window.most = 0;
      link.handlers.output = (chunk, done) => {
        output(chunk, done);
        window.most = Math.max(window.most, link.received - link.written);
      };
    }`);
    const start = Date.now();
    await typeLine(page, command);
    while ((await screenOf(page, "(t, link) => link.received")) < before + bytes) {
      assert.ok(Date.now() - start < megabytes * 3000, `${megabytes} MB take too long`);
      await page.waitForTimeout(200);
    }
    console.log(`${megabytes} MB in ${Date.now() - start} ms`);
    await answers(page, 20000);
    const { received, written, most } = await screenOf(page, "(t, link) => ({ received: link.received, written: link.written, most: window.most })");
    const more = received - before - bytes;
    assert.ok(more >= 0 && more < 2000, `${more} bytes more`);
    assert.ok(received - written < 2000);
    assert.ok(most <= 700 * 1024, `${most} bytes pending`);
  });

  test(`${of().seconds} s of output without a drop, then Ctrl+C`, async () => {
    const { endless, seconds } = of();
    await typeLine(page, endless);
    const sockets = await screenOf(page, "(t, link) => { window.first_socket = link.socket; return 1; }");
    assert.equal(sockets, 1);
    let last = 0;
    let silent = 0; // Seconds. A busy machine may leave one out.
    for (let second = 0; second < seconds; second++) {
      await page.waitForTimeout(1000);
      const received = await screenOf(page, "(t, link) => link.received");
      silent = received > last ? 0 : silent + 1;
      assert.ok(silent < 5, `no output for 5 s up to second ${second}`);
      last = received;
    }
    assert.equal(await screenOf(page, "(t, link) => link.socket === window.first_socket && link.state"), "open");
    const start = Date.now();
    await page.keyboard.press("Control+c");
    await waitForText(page, /\^C[^]*[$#] *$/, 20000);
    const took = Date.now() - start;
    console.log(`Ctrl+C: ${took} ms`);
    assert.ok(took < Number(process.env.EIC_CTRL_C_MS ?? 1000), `${took} ms`);
    await answers(page);
  });

  test("24-bit colours and a flood of styles violate no policy", async () => {
    await typeLine(page, of().colours);
    await waitForText(page, /^ *inked/m);
    await page.waitForTimeout(100);
    const colour = await page.evaluate(() => {
      const span = [...document.querySelectorAll(".xterm-rows span")].filter((one) => one.textContent.includes("inked")).at(-1);
      return span && getComputedStyle(span).color;
    });
    assert.equal(colour, "rgb(200, 90, 40)");
  });

  test("search finds, counts and closes", async () => {
    await page.keyboard.press("Control+Shift+f");
    await page.keyboard.type("inked");
    await page.waitForFunction(() => /\d+ of \d+/.test(document.querySelector("#search-count").textContent));
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.className), "xterm-helper-textarea");
  });

  test("screen reader mode: what is printed is announced, and the rows are text that it can walk", async () => {
    await page.locator("#reader").click();
    assert.equal(await page.locator("#reader").getAttribute("aria-pressed"), "true");
    await screenOf(page, "(t) => t.focus()");
    await answers(page);
    const heard = `mark${counter}`;
    await page.waitForFunction((mark) => document.querySelector(".live-region[aria-live]").textContent.includes(mark), heard);
    const rows = page.locator(".xterm-accessibility-tree[role=list] > [role=listitem]");
    assert.equal(await rows.count(), await screenOf(page, "(t) => t.rows"));
    await page.waitForFunction(
      (mark) => [...document.querySelectorAll(".xterm-accessibility-tree > div")].some((row) => row.textContent.startsWith(mark)),
      heard,
    );
    await page.locator("#reader").click();
    assert.equal(await page.locator(".xterm-accessibility").count(), 0);
    await screenOf(page, "(t) => t.focus()");
  });

  test("the tools are reached by the keyboard, and left by Escape", async () => {
    await page.keyboard.press("Control+Shift+m");
    assert.equal(await page.evaluate(() => document.activeElement.id), "find");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "files");
    await page.keyboard.press("Escape");
    await answers(page);
  });

  test("exit ends it with its last output on the screen", async () => {
    await typeLine(page, "exit");
    await page.waitForFunction(() => document.body.dataset.state === "ended");
    assert.match(await shown(page), /exit/);
    await page.locator("#ending h2").waitFor();
    assert.equal(await page.locator("#ending .slug").count(), 0);
    await picture(page, `${of().name}-ended`);
    await page.getByRole("button", { name: "Connect again" }).click();
    await page.waitForFunction(() => document.body.dataset.state === "open");
    await answers(page);
  });

  test("End ends it; its address then says that it is over", async () => {
    await page.locator("#end").click();
    await page.waitForFunction(() => document.body.dataset.state === "ended");
    await page.reload();
    await page.getByText(/This session no longer exists|You ended the session/).waitFor();
    await page.close();
  });

  test("nothing is stored, and no policy was violated on the way", async () => {
    const stored = await of().list.evaluate(async () => [
      localStorage.length,
      sessionStorage.length,
      (await indexedDB.databases()).length,
      (await caches.keys()).length,
      document.cookie,
    ]);
    assert.deepEqual(stored, [0, 0, 0, 0, ""]);
    assert.deepEqual(of().context.troubles.filter((words) => /policy/i.test(words)), []);
  });
}
