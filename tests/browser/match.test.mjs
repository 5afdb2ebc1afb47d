// Search and order of the list.
import assert from "node:assert/strict";
import { test } from "node:test";
import { instances } from "./mock_data.mjs";
import { PAGE_DIR } from "./mock.mjs";

const { search, sort } = await import(`${PAGE_DIR}/match.mjs`);
const all = instances(40);
const names = (list) => list.map((instance) => instance.name);

const found = [
  ["nothing asked: all", "", 40],
  ["a name, in any case", "WEB-1", 2],
  ["part of an id", all[3].id.slice(4), 1],
  ["an address", "203.0.113.1", 7],
  ["words in any order, all of them", "debian us-west-2c", null],
  ["a state", "stopped", 1],
  ["blanks around", "  hidden  ", 1],
  ["nothing matches", "no such thing", 0],
];
for (const [name, query, count] of found) {
  test(`search: ${name}`, () => {
    const list = search(all, query);
    if (count !== null) assert.equal(list.length, count);
    for (const word of query.toLowerCase().split(" ").filter(Boolean)) {
      assert.ok(list.every((instance) => JSON.stringify(Object.values(instance)).toLowerCase().includes(word)));
    }
  });
}

test("order: numbers within names count as numbers", () => {
  const list = ["web-10", "web-9", "Web-1"].map((name, index) => ({ id: `i-${index}`, name }));
  assert.deepEqual(names(sort(list, "name")), ["Web-1", "web-9", "web-10"]);
  assert.deepEqual(names(sort(list, "name", true)), ["web-10", "web-9", "Web-1"]);
});

test("order: equal ones stay in the order of names, then ids, and the list itself stays as it was", () => {
  const list = [
    { id: "i-3", name: "b", state: "running" },
    { id: "i-2", name: "a", state: "stopped" },
    { id: "i-1", name: "a", state: "running" },
    { id: "i-0", state: "running" },
  ];
  const before = [...list];
  assert.deepEqual(sort(list, "state").map((one) => one.id), ["i-1", "i-3", "i-0", "i-2"]);
  assert.deepEqual(list, before);
});

test("ten thousand are searched and sorted within a frame or two", () => {
  const many = instances(10000);
  search(many, "x");
  const start = performance.now();
  sort(search(many, "us-west-2a"), "name");
  assert.ok(performance.now() - start < 400, `${performance.now() - start} ms`);
});
