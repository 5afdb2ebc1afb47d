// Light and dark. The style sheets follow `color-scheme` of the root element; xterm.js wants colours.
// The choice lives in the page alone (nothing is stored); a terminal's tab gets it by the fragment of its
// address.

const CHOICES = ["auto", "light", "dark"];
const WORDS = { auto: "same as system", light: "light", dark: "dark" };
const darkSystem = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
const watchers = [];
let choice = "auto";

export const isDark = () => (choice === "auto" ? Boolean(darkSystem?.matches) : choice === "dark");
export const themeFragment = () => (choice === "auto" ? "" : `#${choice}`);

function apply() {
  const root = document.documentElement;
  root.classList.toggle("light", choice === "light");
  root.classList.toggle("dark", choice === "dark");
  for (const watcher of watchers) watcher();
}

// Wires the button that goes round auto, light and dark; `watcher` is called at each change.
export function startTheme(button, watcher = () => {}) {
  const asked = location.hash.slice(1);
  if (CHOICES.includes(asked)) choice = asked;
  watchers.push(watcher);
  const name = () => {
    const words = `Colours: ${WORDS[choice]}`;
    button.title = words;
    button.setAttribute("aria-label", words);
    button.dataset.choice = choice;
  };
  button.addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
    name();
    apply();
  });
  darkSystem?.addEventListener("change", apply);
  name();
  apply();
}

// xterm.js's colours. Both palettes keep a contrast of 4.5 to 1 for the eight ordinary colours.
const LIGHT = {
  background: "#fcfcfa",
  foreground: "#1f2a2e",
  cursor: "#0b6e69",
  cursorAccent: "#fcfcfa",
  selectionBackground: "#bfe3df",
  selectionInactiveBackground: "#dfe7e6",
  black: "#1f2a2e",
  red: "#b3261e",
  green: "#2d6a2e",
  yellow: "#7d5700",
  blue: "#1f5fae",
  magenta: "#8a3ba0",
  cyan: "#00696d",
  white: "#5d686c",
  brightBlack: "#5d686c",
  brightRed: "#c4382f",
  brightGreen: "#33793a",
  brightYellow: "#8a6200",
  brightBlue: "#2a6fc9",
  brightMagenta: "#9d4ab3",
  brightCyan: "#0a7a7e",
  brightWhite: "#1f2a2e",
};
const DARK = {
  background: "#10171a",
  foreground: "#d5dedd",
  cursor: "#6fd3c7",
  cursorAccent: "#10171a",
  selectionBackground: "#2c5b58",
  selectionInactiveBackground: "#26393b",
  black: "#10171a",
  red: "#f2867c",
  green: "#8ccf8a",
  yellow: "#e3c074",
  blue: "#85b8f5",
  magenta: "#d9a1e8",
  cyan: "#6fd3c7",
  white: "#d5dedd",
  brightBlack: "#8d9b9d",
  brightRed: "#ffa59c",
  brightGreen: "#a8e3a6",
  brightYellow: "#f2d694",
  brightBlue: "#a8cfff",
  brightMagenta: "#e9bdf4",
  brightCyan: "#95e8de",
  brightWhite: "#f4f8f7",
};
export const terminalTheme = () => (isDark() ? DARK : LIGHT);
