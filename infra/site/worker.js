/** Keeps the site's own files for the time without a connection; answers of the API are kept by app/api.js. */

const KEPT = "site-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || pathname.startsWith("/v1/")) return;
  event.respondWith(answer(request));
});

/**
 * The network first, so that a new version is seen at once and never mixed with an old one.
 *
 * @param {Request} request
 */
async function answer(request) {
  const kept = await caches.open(KEPT);
  // Every page is the same document.
  const key = request.mode === "navigate" ? "/" : request;
  try {
    const response = await fetch(request);
    // An icon or a module that somebody opens by its address is no page.
    const isPage = response.headers.get("Content-Type")?.startsWith("text/html");
    if (response.ok && (key === request || isPage)) await kept.put(key, response.clone());
    return response;
  } catch (problem) {
    const found = await kept.match(key);
    if (found) return found;
    throw problem;
  }
}
