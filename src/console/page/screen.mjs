// The terminal's screen: xterm.js with its add-ons, and what this page lets programs do with it.
import { FitAddon } from "/assets/addon-fit.mjs";
import { SearchAddon } from "/assets/addon-search.mjs";
import { SerializeAddon } from "/assets/addon-serialize.mjs";
import { Unicode11Addon } from "/assets/addon-unicode11.mjs";
import { WebLinksAddon } from "/assets/addon-web-links.mjs";
import { ask, h } from "/assets/dom.mjs";
import { allowConstructedStyles } from "/assets/styles.mjs";
import { terminalTheme } from "/assets/theme.mjs";
import { Terminal } from "/assets/xterm.mjs";

const SCROLLBACK_LINES = 10000;
const HANDED_OVER_LINES = 2000;
const FONT_PX = { least: 8, usual: 14, most: 32 };
const COPY_MAX_CHARACTERS = 128 * 1024;
const TITLE_MAX_CHARACTERS = 60;
const FONTS =
  'ui-monospace, "JetBrains Mono", "Cascadia Mono", "SF Mono", Menlo, Consolas, "Noto Sans Mono", "DejaVu Sans Mono", monospace';
const MARKS = {
  matchBackground: "#e3c074",
  matchOverviewRuler: "#e3c074",
  activeMatchBackground: "#f2867c",
  activeMatchColorOverviewRuler: "#f2867c",
};

// A link of a terminal can show other words than it leads to, so the person sees where it leads.
async function openLink(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return;
  const chosen = await ask({
    title: "Open this link?",
    body: [h("pre", {}, url.href)],
    buttons: [
      { value: "", words: "Cancel" },
      { value: "open", words: "Open in a new tab", primary: true },
    ],
  });
  if (chosen === "open") window.open(url.href, "_blank", "noopener,noreferrer");
}

// OSC 52: a program writes to the clipboard where the person has switched that on. It never reads.
function copyByProgram(data, allowed) {
  const [, encoded = ""] = data.split(";");
  if (!allowed() || encoded === "?" || encoded.length > COPY_MAX_CHARACTERS) return true;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    navigator.clipboard.writeText(new TextDecoder().decode(bytes)).catch(() => {});
  } catch {
    // No base64: nothing is copied.
  }
  return true;
}

// A title that a program chose, as far as it may stand behind our own words.
export const cleanTitle = (title) =>
  title.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "").slice(0, TITLE_MAX_CHARACTERS);

export class Screen {
  constructor({ element, copyAllowed }) {
    allowConstructedStyles(document);
    this.element = element;
    this.terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: true,
      fontFamily: FONTS,
      fontSize: FONT_PX.usual,
      lineHeight: 1.15,
      minimumContrastRatio: 3,
      scrollback: SCROLLBACK_LINES,
      theme: terminalTheme(),
      linkHandler: { activate: (event, text) => openLink(text), allowNonHttpProtocols: false },
    });
    this.fitting = new FitAddon();
    this.searching = new SearchAddon();
    this.serializing = new SerializeAddon();
    this.terminal.loadAddon(this.fitting);
    this.terminal.loadAddon(this.searching);
    this.terminal.loadAddon(this.serializing);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.loadAddon(new WebLinksAddon((event, uri) => openLink(uri)));
    this.terminal.unicode.activeVersion = "11";
    this.terminal.parser.registerOscHandler(52, (data) => copyByProgram(data, copyAllowed));
    this.terminal.open(element);
    this.fit();
    new ResizeObserver(() => this.#fitSoon()).observe(element);
  }

  get size() {
    return { columns: this.terminal.cols, rows: this.terminal.rows };
  }

  fit() {
    this.fitting.fit();
  }

  #fitSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.fit());
  }

  recolour() {
    this.terminal.options.theme = terminalTheme();
  }

  enlarge(pixels) {
    const size = this.terminal.options.fontSize + pixels;
    this.terminal.options.fontSize = Math.min(FONT_PX.most, Math.max(FONT_PX.least, size));
    this.fit();
  }

  // Resolves when all that was written so far is on the screen.
  written() {
    return new Promise((resolve) => this.terminal.write("", resolve));
  }

  serialize() {
    return { ...this.size, text: this.serializing.serialize({ scrollback: HANDED_OVER_LINES }) };
  }

  // Puts a screen of another tab here: at its size, so that lines break where they did, then at ours.
  async take({ columns, rows, text }) {
    this.terminal.resize(columns, rows);
    await new Promise((resolve) => this.terminal.write(text, resolve));
    this.fit();
  }

  search(text, back) {
    const options = { decorations: MARKS, incremental: !back };
    return back ? this.searching.findPrevious(text, options) : this.searching.findNext(text, options);
  }
}
