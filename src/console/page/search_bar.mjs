// The search of the terminal's page.
import { byId } from "/assets/dom.mjs";

// Wires the form; `leave` gives the focus back to the terminal. Returns {open}.
export function startSearch(screen, leave) {
  const form = byId("search");
  const text = byId("search-text");
  const count = byId("search-count");
  const find = (back) => {
    if (text.value) screen.search(text.value, back);
    else {
      screen.searching.clearDecorations();
      count.textContent = "";
    }
  };
  const close = () => {
    form.hidden = true;
    screen.searching.clearDecorations();
    leave();
  };
  screen.searching.onDidChangeResults(({ resultIndex, resultCount }) => {
    count.textContent = resultCount === 0 ? "no matches" : `${resultIndex + 1} of ${resultCount}`;
  });
  text.addEventListener("input", () => find(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find(false);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.shiftKey) find(true);
    else return;
    event.preventDefault();
  });
  byId("search-back").addEventListener("click", () => find(true));
  byId("search-close").addEventListener("click", close);
  return {
    open() {
      form.hidden = false;
      text.focus();
      text.select();
      find(false);
    },
  };
}
