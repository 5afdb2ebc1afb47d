// A list in which only the visible rows exist, so that thousands of instances scroll smoothly. All rows
// have the height of the custom property --row.

const SPARE = 6; // Rows above and below the view, for scrolling.

export class Rows {
  // `viewport` scrolls. `render(item, row)` returns the row element of an item, and may reuse the element
  // `row`; `select(item)` is called when the selection moves, `open(item)` on Enter or a double click.
  constructor({ viewport, key, render, select, open }) {
    Object.assign(this, { viewport, key, render, select, open });
    this.items = [];
    this.selected = null; // A key.
    this.shown = new Map(); // Index to element.
    this.canvas = document.createElement("div");
    this.canvas.className = "canvas";
    this.canvas.setAttribute("role", "presentation");
    viewport.append(this.canvas);
    viewport.addEventListener("scroll", () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.refresh()).observe(viewport);
    this.canvas.addEventListener("click", (event) => this.#clicked(event, false));
    this.canvas.addEventListener("dblclick", (event) => this.#clicked(event, true));
  }

  set(items) {
    this.items = items;
    if (!this.#has(this.selected)) this.#choose(items.length ? this.key(items[0]) : null);
    this.refresh();
  }

  // Draws all rows in view again.
  refresh() {
    this.height = parseFloat(getComputedStyle(this.viewport).getPropertyValue("--row")) || 44;
    this.canvas.style.height = `${this.items.length * this.height}px`;
    for (const element of this.shown.values()) element.remove();
    this.shown.clear();
    this.#draw();
  }

  get index() {
    return this.items.findIndex((item) => this.key(item) === this.selected);
  }

  get item() {
    return this.items[this.index] ?? null;
  }

  // Moves the selection by `rows`, and into view.
  move(rows) {
    if (this.items.length === 0) return;
    const index = Math.min(this.items.length - 1, Math.max(0, this.index + rows));
    this.#choose(this.key(this.items[index]));
    this.#reveal(index);
    this.refresh();
  }

  // How many rows the view has.
  get page() {
    return Math.max(1, Math.floor(this.viewport.clientHeight / this.height) - 1);
  }

  // Handles the keys of a list; true when `event` was one.
  handle(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: this.page, PageUp: -this.page }[event.key];
    if (step) this.move(step);
    else if (event.key === "Enter" && this.item) this.open(this.item);
    else return false;
    event.preventDefault();
    return true;
  }

  #has(key) {
    return key !== null && this.items.some((item) => this.key(item) === key);
  }

  #choose(key) {
    if (key === this.selected && key !== null) return;
    this.selected = key;
    this.select(this.item);
  }

  #reveal(index) {
    const top = index * this.height;
    const { scrollTop, clientHeight } = this.viewport;
    if (top < scrollTop) this.viewport.scrollTop = top;
    else if (top + this.height > scrollTop + clientHeight) {
      this.viewport.scrollTop = top + this.height - clientHeight;
    }
  }

  #clicked(event, open) {
    const row = event.target.closest("[data-index]");
    if (!row) return;
    const item = this.items[Number(row.dataset.index)];
    this.#choose(this.key(item));
    for (const [index, element] of this.shown) this.#mark(element, index);
    if (open) this.open(item);
    else this.viewport.dispatchEvent(new CustomEvent("rowclick", { detail: item }));
  }

  #mark(element, index) {
    const selected = this.key(this.items[index]) === this.selected;
    element.classList.toggle("selected", selected);
    element.setAttribute("aria-selected", String(selected));
  }

  #draw() {
    const { scrollTop, clientHeight } = this.viewport;
    const first = Math.max(0, Math.floor(scrollTop / this.height) - SPARE);
    const last = Math.min(this.items.length, Math.ceil((scrollTop + clientHeight) / this.height) + SPARE);
    for (const [index, element] of this.shown) {
      if (index < first || index >= last) {
        element.remove();
        this.shown.delete(index);
      }
    }
    for (let index = first; index < last; index++) {
      if (this.shown.has(index)) continue;
      const element = this.render(this.items[index]);
      element.id = `row-${index}`;
      element.dataset.index = index;
      element.setAttribute("aria-rowindex", index + 2); // The head is row 1.
      element.style.transform = `translateY(${index * this.height}px)`;
      this.#mark(element, index);
      this.canvas.append(element);
      this.shown.set(index, element);
    }
  }
}
