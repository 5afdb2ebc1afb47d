// The paste guard. Pasted text is typed into a shell, and the person may not have seen all of it: a web
// page can put other text on the clipboard than it shows.

export const PASTE_MAX_CHARACTERS = 1024 * 1024;
const PREVIEW_LINES = 8;
const PREVIEW_COLUMNS = 100;

// The brackets of bracketed paste: with an end of its own, text could leave them and run at once.
const BRACKETS = /(?:\u001b\[|\u009b)20[01]~/g;
// C0 but for tab and line feed, DEL, C1.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// What shows text in another order than it has, or not at all.
const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

// Cleans text: {text, removed}. Lines end with LF; `removed` counts what was taken out.
export function cleanPaste(pasted) {
  let removed = 0;
  const count = () => {
    removed += 1;
    return "";
  };
  const text = pasted
    .replace(/\r\n?/g, "\n")
    .replace(BRACKETS, count)
    .replace(CONTROLS, count)
    .replace(INVISIBLE, count);
  return { text, removed };
}

// How many lines a shell would run or show: a line feed at the end runs the line before it.
export function countLines(text) {
  return text.split("\n").length;
}

// What has to be asked before `text` is typed. Nothing for one line without a line feed and without
// anything that was removed.
export function judgePaste(pasted) {
  if (pasted.length > PASTE_MAX_CHARACTERS) return { verdict: "too-long", text: "", removed: 0, lines: 0 };
  const { text, removed } = cleanPaste(pasted);
  const lines = countLines(text);
  const verdict = text === "" ? "nothing" : lines > 1 ? "ask" : removed > 0 ? "tell" : "type";
  return { verdict, text, removed, lines };
}

// The first lines, cut to a size that can be read in a dialog.
export function preview(text) {
  const lines = text.replace(/\n$/, "").split("\n");
  const shown = lines
    .slice(0, PREVIEW_LINES)
    .map((line) => (line.length > PREVIEW_COLUMNS ? `${line.slice(0, PREVIEW_COLUMNS)}…` : line));
  if (lines.length > PREVIEW_LINES) shown.push(`… ${lines.length - PREVIEW_LINES} more lines`);
  return shown.join("\n");
}

// The same on one line: what `Paste as one line` types.
export const oneLine = (text) => text.trim().replace(/[ \t]*\n[ \t\n]*/g, " ");
