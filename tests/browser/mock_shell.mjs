// A make-believe shell: a prompt, an echo, and the few commands that the tests type.

const BLOCK = Buffer.from(`${"0123456789abcdef".repeat(16)}\r\n`.repeat(64));

export class Shell {
  constructor(user, output) {
    Object.assign(this, { user, output, columns: 80, rows: 24, line: "", begun: false, paused: false });
  }

  begin() {
    if (this.begun) return;
    this.begun = true;
    this.output("\u001b[?2004h");
    this.prompt();
  }

  prompt() {
    this.running = null;
    this.output(`\u001b[32m${this.user}\u001b[0m:\u001b[34m~\u001b[0m$ `);
  }

  resize(columns, rows) {
    Object.assign(this, { columns, rows });
  }

  pause() {
    this.paused = true;
  }

  resume() {
    this.paused = false;
    if (this.running) this.#go();
  }

  type(text) {
    for (const character of text.replaceAll(/\u001b\[20[01]~/g, "")) {
      if (character === "\u0003") {
        this.line = "";
        this.output("^C\r\n");
        this.prompt();
      } else if (character === "\r") {
        this.output("\r\n");
        this.run(this.line);
        this.line = "";
      } else if (character === "\u007f") {
        this.line = this.line.slice(0, -1);
        this.output("\b \b");
      } else {
        this.line += character;
        this.output(character);
      }
    }
  }

  run(line) {
    const [command, ...words] = line.trim().split(/\s+/);
    const show = { id: this.user, stty: `${this.rows} ${this.columns}`, echo: words.join(" ") }[command];
    if (show !== undefined) {
      this.output(`${show}\r\n`);
      this.prompt();
    } else if (command === "yes" || command === "blocks") {
      this.running = { left: command === "yes" ? Infinity : Number(words[0]) };
      this.#go();
    } else if (command === "raw") {
      this.output(JSON.parse(`"${words.join(" ")}"`));
      this.prompt();
    } else if (command === "exit") this.onend({ slug: "exited", words: "The shell exited.", status: 0 });
    else this.prompt();
  }

  #go() {
    const running = this.running;
    clearImmediate(this.next);
    const step = () => {
      if (this.running !== running || this.paused) return;
      if (running.left-- <= 0) {
        this.prompt();
        return;
      }
      this.output(BLOCK);
      this.next = setImmediate(step);
    };
    this.next = setImmediate(step);
  }
}
export const BLOCK_BYTES = BLOCK.length;
