// The paste guard: what is taken out, and what is asked about.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGE_DIR } from "./mock.mjs";

const { cleanPaste, judgePaste, oneLine, preview, PASTE_MAX_CHARACTERS } = await import(`${PAGE_DIR}/paste.mjs`);

const cleaned = [
  ["plain text stays", "echo héllo ☃ 日本", "echo héllo ☃ 日本", 0],
  ["tabs stay, line ends become LF", "a\tb\r\nc\rd\n", "a\tb\nc\nd\n", 0],
  ["the end of bracketed paste", "a\u001b[201~rm -rf x", "arm -rf x", 1],
  ["its start, and with C1's CSI", "\u001b[200~a\u009b201~b", "ab", 2],
  ["an end that would arise from taking one out", "\u001b[20\u001b[201~1~", "[201~", 2],
  ["ESC, bell, backspace, DEL, C1", "a\u001bb\u0007c\u0008d\u007fe\u0085f", "abcdef", 5],
  ["NUL and ^C and ^D", "\u0000\u0003\u0004x", "x", 3],
  ["order and invisible marks", "a\u202eb\u2066c\u200bd\ufeff\u{e0041}", "abcd", 5],
  ["joiners of scripts and emoji stay", "\u0915\u094d\u200d\u0937 👩\u200d💻", "\u0915\u094d\u200d\u0937 👩\u200d💻", 0],
];
for (const [name, pasted, text, removed] of cleaned) {
  test(`clean: ${name}`, () => assert.deepEqual(cleanPaste(pasted), { text, removed }));
}

const judged = [
  ["one line is typed", "ls -l", "type", 1],
  ["a line feed at the end runs it", "ls -l\n", "ask", 2],
  ["two lines", "a\nb", "ask", 2],
  ["something was taken out", "ls\u0007", "tell", 1],
  ["only control characters", "\u0007\u001b", "nothing", 1],
  ["nothing at all", "", "nothing", 1],
];
for (const [name, pasted, verdict, lines] of judged) {
  test(`judge: ${name}`, () => {
    const judgement = judgePaste(pasted);
    assert.equal(judgement.verdict, verdict);
    assert.equal(judgement.lines, lines);
  });
}

test("judge: more than the limit is not pasted", () => {
  assert.equal(judgePaste("x".repeat(PASTE_MAX_CHARACTERS)).verdict, "type");
  const { verdict, text } = judgePaste("x".repeat(PASTE_MAX_CHARACTERS + 1));
  assert.deepEqual([verdict, text], ["too-long", ""]);
});

test("one line: line feeds and the blanks around them become one blank", () => {
  assert.equal(oneLine("  a \n\n\t b\nc\n"), "a b c");
});

test("preview: eight lines of a hundred columns at most", () => {
  const lines = preview(`${"x".repeat(300)}\n`.repeat(20)).split("\n");
  assert.equal(lines.length, 9);
  assert.equal(lines[0].length, 101);
  assert.equal(lines[8], "… 12 more lines");
});
