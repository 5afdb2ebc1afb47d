// The page of instances in a real browser, against the stand-in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, isOpen, newContext, picture, startBrowser } from "./drive.mjs";
import { Mock } from "./mock.mjs";

let mock, browser, context, list;
const names = () => list.locator(".canvas .row b").allTextContents();

before(async () => {
  mock = await new Mock({ count: 5000 }).start();
  browser = await startBrowser();
  context = await newContext(browser);
  list = await context.newPage();
  await list.goto(mock.url);
  await list.waitForFunction(() => document.querySelector("#count").textContent === "5,000 instances");
});
after(async () => {
  await browser?.close();
  await mock?.stop();
});

// No page of a list is on its way: what the stand-in answers next, it answers to what comes next.
const settled = () => list.waitForFunction(() => !document.body.classList.contains("loading"));

test("five thousand instances: few rows exist, and the last one is reached by keys", async () => {
  assert.ok((await list.locator(".canvas .row").count()) < 40);
  const start = Date.now();
  await list.locator("#search").press("PageDown");
  for (let press = 0; press < 30; press++) await list.keyboard.press("PageDown");
  assert.ok(Date.now() - start < 3000);
  await list.evaluate(() => document.querySelector("#viewport").scrollTo(0, 1e9));
  await list.locator('.canvas [aria-rowindex="5001"]').waitFor();
  assert.ok((await list.locator(".canvas .row").count()) < 40);
  await list.evaluate(() => document.querySelector("#viewport").scrollTo(0, 0));
});

test("scrolling stays fluent: the rows of a new view are drawn within 50 ms", async () => {
  const milliseconds = await list.evaluate(() => {
    const viewport = document.querySelector("#viewport");
    const times = [];
    for (let view = 0; view < 61; view++) {
      viewport.scrollTop += 1500;
      const start = performance.now();
      viewport.dispatchEvent(new Event("scroll"));
      viewport.getBoundingClientRect();
      times.push(performance.now() - start);
    }
    viewport.scrollTop = 0;
    return times.sort((a, b) => a - b)[30];
  });
  assert.ok(milliseconds < 50, `${milliseconds} ms`);
});

test("search as one types, order by a column, and a word that nothing has", async () => {
  await list.locator("#search").fill("worker-12");
  await list.waitForFunction(() => document.querySelectorAll(".canvas .row").length === 12);
  assert.equal((await names())[0], "worker-12");
  await list.locator('[data-sort="name"]').click();
  assert.equal((await names())[0], "worker-1292");
  assert.equal(await list.locator('[data-sort="name"]').getAttribute("aria-sort"), "descending");
  await list.locator('[data-sort="name"]').click();
  await list.locator("#search").fill("no such thing");
  await list.getByText("No matches").waitFor();
  await list.locator("#search").press("Escape");
  await list.waitForFunction(() => document.querySelector("#count").textContent === "5,000 instances");
});

test("the keyboard alone: from the search to how, as whom and Connect", async () => {
  await list.locator("#search").fill("web-2");
  await list.keyboard.press("Alt+c");
  assert.equal(await list.evaluate(() => document.activeElement.id), "how-auto");
  await list.keyboard.press("ArrowDown");
  assert.equal(await list.evaluate(() => document.activeElement.value), "public");
  await list.keyboard.press("Tab");
  assert.equal(await list.evaluate(() => document.activeElement.id), "user");
  await list.keyboard.press("Control+a");
  await list.keyboard.type("root");
  const [terminal] = await Promise.all([context.waitForEvent("page"), list.keyboard.press("Enter")]);
  await isOpen(terminal);
  const [session] = mock.sessions.values();
  assert.deepEqual([session.row.name, session.row.user, session.row.how], ["web-2", "root", "public"]);
  await terminal.close();
  await list.bringToFront();
  await list.keyboard.press("Escape");
  assert.equal(await list.evaluate(() => document.activeElement.id), "search");
  await list.evaluate(() => document.activeElement.blur());
  await list.keyboard.press("/");
  assert.equal(await list.evaluate(() => document.activeElement.id), "search");
});

test("an open session is listed, and ends by its button", async () => {
  const chip = list.locator("#sessions .chip", { hasText: "root@web-2" });
  await chip.waitFor();
  await chip.getByRole("button").click();
  await chip.waitFor({ state: "detached" });
  assert.equal(mock.sessions.size, 0);
});

test("a stopped instance, and one without an address: why not, and no way to connect", async () => {
  await list.locator("#search").fill("sleeping");
  await list.getByText("This instance is stopped.").waitFor();
  await list.getByText("aws ec2 start-instances --instance-ids").waitFor();
  await list.locator("#search").fill("hidden");
  await list.getByText("This instance has no usable address.").waitFor();
  assert.equal(await list.locator("#panel button[type=submit]").count(), 0);
  await list.locator("#search").press("Enter");
  assert.equal(context.pages().length, 1);
  assert.equal(mock.sessions.size, 0);
});

test("what to do about an instance that does not run: it is started once it has stopped, or never", async () => {
  const sleeping = mock.instances.find((one) => one.name === "sleeping");
  const before = { ...sleeping };
  await list.locator("#search").fill("sleeping");
  for (const [state, next, starts] of [
    ["stopped", /^To connect, start it:/, true],
    ["stopping", /^Wait until it has stopped, then start it:/, true],
    ["shutting-down", /^It will not run again\./, false],
    ["terminated", /^It will not run again\./, false],
    ["pending", /^Wait until it is running/, false],
  ]) {
    sleeping.state = state;
    await list.locator("#refresh").click();
    await list.getByText(`This instance is ${state}.`).waitFor();
    const said = await list.locator("#panel .next").textContent();
    assert.match(said, next, state);
    assert.equal(said.includes("start-instances"), starts, state);
  }
  Object.assign(sleeping, before);
  await list.locator("#refresh").click();
  await list.getByText("This instance is stopped.").waitFor();
});

test("Refresh renews the panel of the row that stays selected", async () => {
  const sleeping = mock.instances.find((one) => one.name === "sleeping");
  const before = { ...sleeping };
  await list.locator("#search").fill("sleeping");
  await list.getByText("This instance is stopped.").waitFor();
  Object.assign(sleeping, { ...mock.instances.find((one) => one.state === "running"), id: sleeping.id, name: sleeping.name });
  await list.locator("#refresh").click();
  await list.locator("#panel button[type=submit]").waitFor();
  Object.assign(sleeping, before);
  await list.locator("#refresh").click();
  await list.getByText("This instance is stopped.").waitFor();
  await list.locator("#search").fill("");
});

test("the principal is shown though the first list failed", async () => {
  await settled();
  mock.principals.clear();
  mock.fail_next = { status: 401, error: { slug: "sso-expired", step: "list", words: "The SSO session has expired." } };
  const fresh = await context.newPage();
  await fresh.goto(mock.url);
  await fresh.getByText("Try again").click();
  await fresh.getByText("user/alice (account 123456789012)").waitFor();
  await fresh.close();
});

test("a failure names itself, and Try again asks again", async () => {
  const error = {
    slug: "no-permission",
    step: "list",
    words: "AWS does not let alice list instances.",
    next: "Ask for the permission ec2:DescribeInstances.",
  };
  await settled();
  mock.fail_next = { status: 403, error };
  await list.keyboard.press("Alt+r");
  await list.getByText(error.words).waitFor();
  await list.getByText(error.next).waitFor();
  assert.equal(await list.locator("#blank .slug").textContent(), "no-permission");
  await picture(list, "list-failure");
  await list.getByText("Try again").click();
  await list.waitForSelector(".canvas .row");
});

test("an MFA code is asked for in the page, and the list goes on", async () => {
  const error = { slug: "mfa-needed", step: "list", words: "The profile wants the code of alice's device.", question: "q7" };
  await settled();
  mock.fail_next = { status: 401, error };
  await list.keyboard.press("Alt+r");
  await list.getByText(error.words).waitFor();
  await list.keyboard.type("123456");
  await list.keyboard.press("Enter");
  await list.locator("dialog").waitFor({ state: "detached" });
  await settled();
  assert.deepEqual(mock.answer, { question: "q7", value: "123456" });
});

test("an expired SSO session says what to do", async () => {
  const error = { slug: "sso-expired", step: "list", words: "The SSO session has expired.", next: "Run: aws sso login" };
  await settled();
  mock.fail_next = { status: 401, error };
  await list.locator("#refresh").click();
  await list.getByText("Run: aws sso login").waitFor();
  await list.getByText("Try again").click();
  await list.waitForSelector(".canvas .row");
});

test("another region is asked for, stays in the address, and may be empty", async () => {
  await list.locator("#search").fill("");
  await list.locator("#region").fill("us-east-1");
  await list.locator("#region").press("Enter");
  await list.getByText("No instances", { exact: true }).waitFor();
  assert.match(list.url(), /region=us-east-1/);
  await list.reload();
  await list.getByText("No instances", { exact: true }).waitFor();
  await list.locator("#region").fill("us-west-2");
  await list.locator("#region").press("Enter");
  await list.waitForSelector(".canvas .row");
});

test("another profile: AWS is asked with it, its principal is shown, and the address keeps it", async () => {
  await list.waitForFunction(() => document.querySelector("#principal").textContent.includes("alice"));
  await list.locator("#profile").selectOption("production");
  await list.waitForFunction(() => document.querySelector("#principal").textContent.includes("root-of-all"));
  assert.deepEqual(mock.asked, { profile: "production", region: "us-west-2" });
  assert.match(list.url(), /profile=production/);
  await list.reload();
  await list.waitForFunction(() => document.querySelector("#principal").textContent.includes("root-of-all"));
  assert.equal(await list.locator("#profile").inputValue(), "production");
  // A session that begins here has it, too.
  const terminal = await connect(context, list, "web-1");
  await isOpen(terminal);
  assert.equal([...mock.sessions.values()].at(-1).profile, "production");
  await terminal.locator("#end").click();
  await terminal.close();
  await list.bringToFront();
  // Back to the one that it began with, which is not named.
  await list.locator("#profile").selectOption("default");
  await list.waitForFunction(() => document.querySelector("#principal").textContent.includes("alice"));
  assert.deepEqual(mock.asked, { profile: null, region: "us-west-2" });
  assert.doesNotMatch(list.url(), /profile=/);
  await settled();
  // The instance that was selected before is there again, with its panel.
  await list.locator("#panel").getByRole("button", { name: "Connect" }).waitFor();
});

test("narrow and wide, light and dark: nothing overflows", async () => {
  await list.locator("#search").fill("web");
  for (const scheme of ["light", "dark"]) {
    await list.emulateMedia({ colorScheme: scheme });
    for (const [width, height] of [[1440, 860], [900, 700], [390, 780]]) {
      await list.setViewportSize({ width, height });
      await list.waitForTimeout(150);
      const overflow = await list.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${width}: ${overflow}`);
      await picture(list, `list-${scheme}-${width}`);
    }
  }
  await list.locator(".canvas .row").first().click();
  await list.locator("#panel").getByRole("button", { name: "Connect" }).waitFor();
  await list.waitForTimeout(100);
  await picture(list, "list-dark-390-panel");
  await list.locator("#panel .close").click();
});

test("the page stores nothing, and nothing went wrong on the way", async () => {
  const stored = await list.evaluate(async () => [
    localStorage.length,
    sessionStorage.length,
    (await indexedDB.databases()).length,
    (await caches.keys()).length,
    (await navigator.serviceWorker.getRegistrations()).length,
  ]);
  assert.deepEqual(stored, [0, 0, 0, 0, 0]);
  // The two answers that the tests have asked for.
  const troubles = context.troubles.filter((words) => !/status of 40[13]/.test(words));
  assert.deepEqual(troubles, []);
});

test("a server that has ended is named", async () => {
  await mock.stop();
  await list.keyboard.press("Alt+r");
  await list.getByText("eic-console does not answer.").waitFor();
});
