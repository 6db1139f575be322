// Keeps what the app needs, and answers from it when the network does not.
const KEPT = "cramp-help-1";
const SHELL = [
  "./",
  "app.css",
  "app.js",
  "manifest.webmanifest",
  "/docs/assets/icon.svg",
  "/embed/nightcramp.js",
  "/embed/evaluator.js",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(SHELL)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The network first, so that a correction is seen at once; the copy when that fails.
self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});

async function answer(request) {
  const kept = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok) await kept.put(request, response.clone());
    return response;
  } catch (error) {
    const copy = await kept.match(request);
    if (copy) return copy;
    throw error;
  }
}
