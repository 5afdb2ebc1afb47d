// Asks eic-console by HTTP. Every failure is an ApiError with the members that doc/console.md names.

export class ApiError extends Error {
  constructor({ slug = "internal-error", step = "", words = "", next = "", question = null }) {
    super(words);
    Object.assign(this, { slug, step, words, next, question });
  }
}

const NOT_RUNNING = {
  slug: "not-running",
  words: "eic-console does not answer.",
  next: "Check the terminal in which you started it. Start it again, and open the URL that it prints.",
};
const NOT_SIGNED_IN = {
  slug: "not-signed-in",
  words: "This browser is not signed in to eic-console.",
  next: "Open the URL that eic-console printed. Each URL works once; for a new one, restart eic-console.",
};

async function read(response) {
  const type = response.headers.get("content-type") ?? "";
  const body = type.includes("json") ? await response.json().catch(() => null) : null;
  if (response.ok) return body;
  if (body?.error) throw new ApiError(body.error);
  if (response.status === 401 || response.status === 403) throw new ApiError(NOT_SIGNED_IN);
  throw new ApiError({
    words: `eic-console returned HTTP status ${response.status}.`,
    next: "Reload the page. If that does not help, restart eic-console.",
  });
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(NOT_RUNNING);
  }
  return read(response);
}

export const get = (path, signal) => call(path, { signal });

export const send = (method, path, body = {}) =>
  call(path, {
    method,
    headers: { "content-type": "application/json" },
    body: method === "DELETE" ? undefined : JSON.stringify(body),
  });
