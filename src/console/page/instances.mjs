// The page of instances: the list, the panel to connect, the terminals that are open.
import { ApiError, get, send } from "/assets/api.mjs";
import { askText, byId, h } from "/assets/dom.mjs";
import { mainAddress, search, sort } from "/assets/match.mjs";
import { Panel, whyNot } from "/assets/panel.mjs";
import { Rows } from "/assets/rows.mjs";
import { startTheme, themeFragment } from "/assets/theme.mjs";

const SESSIONS_MS = 5000;
const state = {
  instances: [],
  order: { key: "", descending: false },
  first_profile: "",
  profile: "",
  region: "",
  loaded: false,
  loading: null, // The AbortController of the request that is on its way.
};

// Without the members that are empty.
const named = (members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value));
const cell = (name, ...children) => h("span", { role: "gridcell", class: name }, ...children);

function renderRow(instance) {
  const name = instance.name || instance.id;
  return h(
    "div",
    { class: `row${whyNot(instance) ? " off" : ""}`, role: "row" },
    cell("name", h("b", { title: name }, name), instance.name ? h("small", { class: "mono" }, instance.id) : null),
    cell("state", h("span", { class: `state ${instance.state}` }, instance.state)),
    cell("address mono", mainAddress(instance) || "–"),
    cell("zone", instance.zone ?? ""),
    cell("image", h("span", { title: instance.image_name ?? "" }, instance.image_name || instance.image || "")),
  );
}

const panel = new Panel({
  element: byId("panel"),
  connect,
  leave: () => {
    document.body.classList.remove("panel-open");
    byId("search").focus();
  },
});

const rows = new Rows({
  viewport: byId("viewport"),
  key: (instance) => instance.id,
  render: renderRow,
  select: (instance) => panel.show(instance),
  open: (instance) => {
    if (whyNot(instance)) openPanel();
    else connect({ instance, ...panel.choice() });
  },
});

function openPanel() {
  document.body.classList.add("panel-open");
  panel.focus();
}

async function connect({ instance, user, address }) {
  const button = byId("panel").querySelector("button[type=submit]");
  if (button?.disabled) return; // One click, one session.
  if (button) button.disabled = true;
  try {
    const { session } = await send("POST", "/api/sessions", {
      instance: instance.id,
      profile: state.profile,
      region: state.region,
      user,
      address,
    });
    const path = `/terminal/${encodeURIComponent(session)}${themeFragment()}`;
    if (!window.open(path, "_blank")) showBlocked(path);
    showSessions();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    document.body.classList.add("panel-open");
    panel.fail(error);
  } finally {
    if (button) button.disabled = false;
  }
}

// A browser that refuses to open tabs follows a link that was clicked.
function showBlocked(path) {
  panel.element.querySelector("form").append(
    h(
      "p",
      { class: "notice", role: "alert" },
      "The browser blocked the new tab. ",
      h("a", { href: path, target: "_blank" }, "Open the terminal"),
    ),
  );
}

function showRows() {
  const found = search(state.instances, byId("search").value);
  rows.set(sort(found, state.order.key, state.order.descending));
  const all = state.instances.length;
  const total = all.toLocaleString("en");
  byId("count").textContent = state.loading
    ? `${total} so far …`
    : found.length === all
      ? `${total} ${all === 1 ? "instance" : "instances"}`
      : `${found.length.toLocaleString("en")} of ${total}`;
  byId("grid").setAttribute("aria-rowcount", found.length + 1);
  pointAtRow();
  if (found.length > 0) hideBlank();
  else if (!state.loading && state.loaded) showEmpty(all);
}

// Tells a screen reader which row the arrow keys of the search field have chosen.
function pointAtRow() {
  const index = rows.index;
  if (index >= 0) byId("search").setAttribute("aria-activedescendant", `row-${index}`);
  else byId("search").removeAttribute("aria-activedescendant");
}

function hideBlank() {
  byId("blank").hidden = true;
  byId("grid").hidden = false;
  // The row that was selected before may be selected still: then nobody else shows what is new of it.
  if (panel.instance !== rows.item) panel.show(rows.item ?? null);
}

function showBlank(...children) {
  byId("blank").replaceChildren(...children);
  byId("blank").hidden = false;
  byId("grid").hidden = true;
  panel.show(null);
}

function showEmpty(all) {
  if (all > 0) {
    showBlank(
      h("h2", {}, "No matches"),
      h("p", {}, all === 1
        ? "The one instance does not contain all of these words."
        : `None of the ${all.toLocaleString("en")} instances contains all of these words.`),
      h("button", { type: "button", onclick: clearSearch }, "Clear the search"),
    );
  } else {
    showBlank(
      h("h2", {}, "No instances"),
      h("p", {}, `These credentials can see no instances in region ${state.region || "(default)"}. Choose another region above.`),
    );
  }
}

function showFailure(error) {
  showBlank(
    h("h2", {}, error.words),
    error.next ? h("p", { class: "next" }, error.next) : "",
    h("code", { class: "slug" }, error.slug),
    h("p", {}, h("button", { type: "button", class: "primary", onclick: load }, "Try again")),
  );
  byId("blank").setAttribute("role", "alert");
  byId("count").textContent = "";
}

function showLoading() {
  if (state.instances.length > 0) return;
  byId("blank").removeAttribute("role");
  showBlank(h("div", { class: "skeleton", "aria-label": "Loading" }, ...Array.from({ length: 8 }, () => h("i"))));
}

function clearSearch() {
  byId("search").value = "";
  byId("search").focus();
  showRows();
}

// One page of instances after the other. An MFA code that is missing is asked for, then it goes on.
async function fetchPages(signal) {
  let next = null;
  const instances = [];
  do {
    const query = new URLSearchParams(named({ profile: state.profile, region: state.region }));
    if (next) query.set("next", next);
    const answer = await answering(() => get(`/api/instances?${query}`, signal));
    instances.push(...answer.instances);
    state.instances = instances;
    next = answer.next;
    if (next) showRows();
  } while (next);
}

// Repeats `act` for as long as it fails for want of an MFA code and the person gives one.
async function answering(act) {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (error.slug !== "mfa-needed" || !error.question) throw error;
      const value = await askText({
        title: "MFA code",
        words: error.words,
        label: "MFA code",
        submit: "Continue",
        mode: "numeric",
      });
      if (!value) throw error;
      await send("POST", "/api/answers", { question: error.question, value });
    }
  }
}

async function load() {
  state.loading?.abort();
  const loading = new AbortController();
  state.loading = loading;
  state.loaded = false;
  document.body.classList.add("loading");
  showLoading();
  try {
    await fetchPages(loading.signal);
    if (state.loading !== loading) return;
    state.loading = null;
    state.loaded = true;
    showRows();
    await findPrincipal();
  } catch (error) {
    if (state.loading !== loading) return;
    state.loading = null;
    if (!(error instanceof ApiError)) throw error;
    state.instances = [];
    showFailure(error);
  } finally {
    if (state.loading === null) document.body.classList.remove("loading");
  }
}

async function showSessions() {
  const box = byId("sessions");
  const answer = await get("/api/sessions").catch(() => null);
  const sessions = (answer?.sessions ?? []).filter((session) => session.state !== "ended");
  box.hidden = sessions.length === 0;
  const now = JSON.stringify(sessions);
  if (box.dataset.shown === now) return; // Keeps the focus where it is.
  box.dataset.shown = now;
  box.replaceChildren(
    h("h2", {}, "Open terminals"),
    ...sessions.map(({ session, name, instance, user }) =>
      h(
        "span",
        { class: "chip" },
        h(
          "a",
          { href: `/terminal/${encodeURIComponent(session)}${themeFragment()}`, target: "_blank" },
          `${user}@${name || instance}`,
        ),
        h(
          "button",
          {
            type: "button",
            class: "icon",
            title: "End this session",
            "aria-label": `End ${user} on ${name || instance}`,
            onclick: async () => {
              await send("DELETE", `/api/sessions/${encodeURIComponent(session)}`).catch(() => {});
              showSessions();
            },
          },
          "✕",
        ),
      ),
    ),
  );
}

// The choice of region and profile stays in the address, so that a reload keeps it. The profile that
// eic-console began with is not named: naming one makes the credentials of the environment count for nothing.
function readPlace() {
  const profile = byId("profile").value;
  state.profile = profile === state.first_profile ? "" : profile;
  state.region = byId("region").value.trim();
}

const placeQuery = () => new URLSearchParams(named({ profile: state.profile, region: state.region })).toString();

async function place() {
  readPlace();
  history.replaceState(null, "", `/?${placeQuery()}${location.hash}`);
  state.instances = [];
  showPrincipal("");
  await load();
}

// Who asks is known once AWS was asked.
async function findPrincipal() {
  const query = placeQuery();
  const answer = await get(`/api/start?${query}`).catch(() => null);
  if (query === placeQuery()) showPrincipal(answer?.principal);
}

function showPrincipal(arn) {
  byId("principal").textContent = shortPrincipal(arn ?? "");
  byId("principal").title = arn ?? "";
}

// arn:aws:iam::123456789012:user/alice is `user/alice (account 123456789012)`.
function shortPrincipal(arn) {
  const [, , , , account, ...name] = arn.split(":");
  return account ? `${name.join(":")} (account ${account})` : arn;
}

async function start() {
  const asked = new URLSearchParams(location.search);
  let answer;
  try {
    answer = await answering(() => get("/api/start"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showFailure(error);
    return;
  }
  state.first_profile = answer.profile;
  const profiles = [...new Set([answer.profile, ...(answer.profiles ?? [])])].filter(Boolean);
  const profile = asked.get("profile") ?? answer.profile;
  byId("profile").replaceChildren(...profiles.map((value) => h("option", { value, selected: value === profile }, value)));
  byId("profile").parentElement.hidden = profiles.length < 2;
  byId("regions").replaceChildren(...(answer.regions ?? []).map((value) => h("option", { value })));
  byId("region").value = asked.get("region") ?? answer.region ?? "";
  showPrincipal(answer.principal);
  readPlace();
  await load();
}

function sortBy(key) {
  const { order } = state;
  state.order = { key, descending: order.key === key && !order.descending };
  for (const head of document.querySelectorAll("[data-sort]")) {
    const mine = head.dataset.sort === key;
    head.setAttribute("aria-sort", mine ? (state.order.descending ? "descending" : "ascending") : "none");
  }
  showRows();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input:not([type=radio]), select, textarea");
  if (document.querySelector("dialog[open]")) return;
  if (event.altKey && event.code === "KeyR") load();
  else if (event.altKey && event.code === "KeyC") openPanel();
  else if (event.key === "/" && !typing) {
    byId("search").focus();
    byId("search").select();
  } else return;
  event.preventDefault();
});
byId("search").addEventListener("keydown", (event) => {
  if (rows.handle(event)) pointAtRow();
  else if (event.key === "Escape" && byId("search").value) {
    clearSearch();
    event.preventDefault();
  }
});
byId("search").addEventListener("input", showRows);
byId("viewport").addEventListener("rowclick", () => {
  pointAtRow();
  document.body.classList.add("panel-open");
});
byId("refresh").addEventListener("click", load);
byId("profile").addEventListener("change", place);
byId("region").addEventListener("change", place);
for (const head of document.querySelectorAll("[data-sort]")) {
  head.addEventListener("click", () => sortBy(head.dataset.sort));
}
startTheme(byId("theme"));
sortBy("name");
start();
showSessions();
setInterval(() => {
  if (!document.hidden) showSessions();
}, SESSIONS_MS);
