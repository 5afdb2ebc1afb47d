// eic-console with emulator, agents and real sshds, in a real browser. The scenario 55-console-chromium
// sets them up and runs this as the person; the instances are those of that script.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { connect, isOpen, newContext, picture, showFailure, startBrowser, typeLine, waitForText } from "./drive.mjs";
import { terminalCases } from "./terminal_cases.mjs";

const url = readFileSync("/run/eic/console.out", "utf8").trim();
const target = {
  name: "real",
  user: "ec2-user",
  names: ["web-1", "web-2"],
  seconds: Number(process.env.EIC_OUTPUT_SECONDS ?? 30),
  endless: "yes",
  colours: "printf '\\033[38;2;200;90;40m%s\\033[0m\\n' ink''ed",
  // Lines of 64 bytes; -opost leaves them as they are.
  output: (bytes) => {
    const lines = Math.ceil(bytes / 64);
    return { command: `yes "$(printf %063d 7)" | head -n ${lines}`, bytes: lines * 65 };
  },
  cut: (page) => page.evaluate(() => import("/assets/terminal.mjs").then(({ link }) => link.socket.close())),
};
let browser, list;

before(async () => {
  browser = await startBrowser();
  target.context = await newContext(browser);
  list = await target.context.newPage();
  target.list = list;
});
after(() => browser?.close());
// One failure drags others along: the first is what there is to look at, and the last that is run.
afterEach(async (context) => {
  if (context.passed !== false) return;
  console.log(context.error?.cause ?? context.error);
  await showFailure(target.context, "failure");
  await browser.close();
  setTimeout(() => process.exit(1), 200);
});

test("without the token nothing is shown; with it, once, the list, at a clean address", async () => {
  const { origin } = new URL(url);
  const refused = await list.goto(origin);
  assert.equal(refused.status(), 403);
  await list.goto(url);
  await list.waitForSelector(".canvas .row");
  assert.equal(new URL(list.url()).search, "");
  const stranger = await newContext(browser);
  const page = await stranger.newPage();
  assert.equal((await page.goto(url)).status(), 403);
  await stranger.close();
  const [cookie, ...others] = await target.context.cookies();
  assert.deepEqual(others, []);
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.domain], [true, "Strict", new URL(url).hostname]);
  writeFileSync("/run/eic/cookie", `${cookie.name}=${cookie.value}`);
});

test("the list has every instance, and who may be connected to how", async () => {
  assert.equal(await list.locator("#count").textContent(), "9 instances");
  await list.locator("#search").fill("stopped-1");
  await list.getByText("This instance is stopped.").waitFor();
  await list.locator("#search").fill("bare-1");
  await list.getByText("This instance has no usable address.").waitFor();
  await list.locator("#search").fill("web-1");
  assert.equal(await list.locator("#user").inputValue(), "ec2-user");
  assert.equal(await list.locator("#user-from").textContent(), "guessed from the image");
  await picture(list, "real-list");
});

terminalCases(() => target);

// By the instance's name: the slug, the step, and what the words must name.
const FAILURES = {
  "closed-1": ["port-closed", "Connect", /sshd|port 22/, /allow TCP port 22 from 127\./],
  "changed-1": ["host-key-changed", "Check the host key", /a different host key/, /eic forget i-/],
  "refusing-1": ["key-refused", "Log in", /.*/, /ec2-instance-connect explain ec2-user SHA256:/],
  "forbidden-1": ["no-permission", "Push a one-time key", /SendSSHPublicKey/, /ec2-instance-connect:SendSSHPublicKey/],
};
for (const [name, [slug, step, words, next]] of Object.entries(FAILURES)) {
  test(`a login that fails names step, reason and what to do: ${slug}`, async () => {
    const page = await connect(target.context, list, name);
    await page.waitForFunction(() => document.body.dataset.state === "failed", null, { timeout: 20000 });
    assert.equal(await page.locator("#ending .slug").textContent(), slug);
    assert.equal(await page.locator("#steps .failed b").textContent(), step);
    assert.match(await page.locator("#ending h2").textContent(), words);
    assert.match(await page.locator("#ending .next").textContent(), next);
    await picture(page, `real-${slug}`);
    await page.close();
  });
}

test("a wrong user: whom the image looks like", async () => {
  await list.bringToFront();
  await list.locator("#search").fill("web-1");
  await list.locator("#user").fill("nobody-here");
  const [page] = await Promise.all([target.context.waitForEvent("page"), list.locator("#user").press("Enter")]);
  await page.waitForFunction(() => document.body.dataset.state === "failed", null, { timeout: 20000 });
  assert.equal(await page.locator("#ending .slug").textContent(), "wrong-user");
  assert.match(await page.locator("#ending .next").textContent(), /Amazon Linux.*ec2-user/);
  await page.close();
});

for (const [name, slug] of [["stopped-1", "stopped"], ["bare-1", "no-address"]]) {
  test(`an instance that is ${slug} by the time of the login`, async () => {
    const session = await list.evaluate(async (name) => {
      const { instances } = await (await fetch("/api/instances")).json();
      const body = { instance: instances.find((one) => one.name === name).id, user: "ec2-user", address: "auto" };
      const headers = { "content-type": "application/json" };
      return (await (await fetch("/api/sessions", { method: "POST", headers, body: JSON.stringify(body) })).json()).session;
    }, name);
    const page = await target.context.newPage();
    await page.goto(new URL(`/terminal/${session}`, url).href);
    await page.waitForFunction(() => document.body.dataset.state === "failed", null, { timeout: 20000 });
    assert.equal(await page.locator("#ending .slug").textContent(), slug);
    assert.equal(await page.locator("#steps .failed b").textContent(), "Find the address");
    await page.close();
  });
}

test("another page of the same browser reaches nothing: fetch, websocket, frame, form", async () => {
  const evil = createServer((request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>evil</p>"));
  await new Promise((resolve) => evil.listen(0, "127.0.0.1", resolve));
  const page = await connect(target.context, list, "web-2");
  await isOpen(page);
  const session = new URL(page.url()).pathname.split("/")[2];
  const sessions = () => list.evaluate(async () => (await (await fetch("/api/sessions")).json()).sessions.map((one) => one.session));
  const before = await sessions();
  const ours = new URL(url);
  // Another port of our own host name gets the cookie; another name does not.
  for (const host of [`${ours.hostname}:${evil.address().port}`, `evil.localhost:${evil.address().port}`]) {
    const other = await target.context.newPage();
    await other.goto(`http://${host}/`);
    const reached = await other.evaluate(
      async ([origin, session]) => {
        const socket = (path) =>
          new Promise((resolve) => {
            const one = new WebSocket(`${origin.replace("http", "ws")}${path}`);
            one.onopen = () => resolve("open");
            one.onclose = (event) => resolve(event.code);
          });
        const asked = (path, options) => fetch(`${origin}${path}`, { credentials: "include", ...options }).then((answer) => answer.status, () => "refused");
        const frame = document.createElement("iframe");
        frame.src = origin;
        document.body.append(frame);
        await new Promise((resolve) => (frame.onload = resolve));
        let framed;
        try {
          framed = frame.contentDocument ? "blank" : "foreign";
        } catch {
          framed = "foreign";
        }
        return {
          socket: await socket(`/api/sessions/${session}/socket`),
          read: await asked("/api/instances"),
          blind: await fetch(`${origin}/api/sessions`, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }).then((answer) => answer.type, () => "refused"),
          json: await asked("/api/sessions", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }),
          frame: frame.contentWindow.length,
          framed,
        };
      },
      [ours.origin, session],
    );
    assert.equal(reached.socket, 1006);
    assert.equal(reached.read, "refused");
    assert.equal(reached.json, "refused");
    assert.ok(["opaque", "refused"].includes(reached.blind));
    const frame = other.frames().find((one) => one !== other.mainFrame());
    assert.ok(!frame || !(await frame.content()).includes("Search instances"), "the page is shown in a frame");
    await other.close();
  }
  // Ended ones are forgotten by and by; none may be new.
  assert.deepEqual((await sessions()).filter((one) => !before.includes(one)), []);
  await page.locator("#end").click();
  await page.close();
  evil.close();
});

test("the host name of another, rebound to us, gets nothing", async () => {
  const { port } = new URL(url);
  const page = await target.context.newPage();
  assert.equal((await page.goto(`http://rebound.localhost:${port}/`)).status(), 421);
  assert.equal((await page.goto(`http://127.0.0.1:${port}/`)).status(), 421);
  await page.close();
});

test("both themes, for a look", async () => {
  await list.setViewportSize({ width: 1280, height: 760 });
  await list.bringToFront();
  await list.locator("#search").fill("");
  for (const scheme of ["light", "dark"]) {
    await list.emulateMedia({ colorScheme: scheme });
    await list.waitForTimeout(100);
    await picture(list, `real-list-${scheme}`);
  }
  const page = await connect(target.context, list, "web-1");
  await isOpen(page);
  await page.setViewportSize({ width: 1280, height: 760 });
  await typeLine(page, "clear; ls --color=always -l / | head -8; for n in 1 2 3 4 5 6; do printf '\\033[3%dm%s \\033[0m' $n colour; done; echo; echo 日本語 ✓ héllo");
  await waitForText(page, /^日本語/m);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForTimeout(200);
    await picture(page, `real-terminal-${scheme}`);
  }
  await page.locator("#end").click();
  await page.close();
});
