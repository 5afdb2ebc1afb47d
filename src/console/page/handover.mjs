// One session, two tabs: the older tab hands its screen to the newer one, and with it the count of bytes
// from which the newer one goes on. Nothing is stored; the tabs use a BroadcastChannel, which reaches
// only pages of this origin.

const ANSWER_MS = 250; // For a tab to say that it has the session.
const SCREEN_MS = 5000; // For its screen.

// Resolves with {from, columns, rows, text} of another tab that has `session`, or with null.
export function askForScreen(session, channel) {
  const me = crypto.randomUUID();
  return new Promise((resolve) => {
    let timer;
    const finish = (screen) => {
      clearTimeout(timer);
      channel.removeEventListener("message", hear);
      resolve(screen);
    };
    const hear = ({ data }) => {
      if (data.to !== me) return;
      if (data.type === "have") {
        clearTimeout(timer);
        timer = setTimeout(() => finish(null), SCREEN_MS);
      } else if (data.type === "screen") finish(data.screen);
    };
    channel.addEventListener("message", hear);
    timer = setTimeout(() => finish(null), ANSWER_MS);
    channel.postMessage({ type: "want", session, me });
  });
}

// Answers other tabs that want `session`. `give` resolves with the screen, or is null where there is none
// to give.
export function offerScreen(session, channel, give) {
  channel.addEventListener("message", async ({ data }) => {
    if (data.type !== "want" || data.session !== session) return;
    const screen = give();
    if (!screen) return;
    channel.postMessage({ type: "have", to: data.me });
    channel.postMessage({ type: "screen", to: data.me, screen: await screen });
  });
}
