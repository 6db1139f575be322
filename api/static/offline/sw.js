// Keeps what the app needs, and answers from it when the network does not.
const KEPT = "cramp-help-1";
const PATIENCE = 4000; // at night, a slow network is no better than none
const SHELL = [
  "./",
  "app.css",
  "app.js",
  "manifest.webmanifest",
  "../assets/icon.svg",
  "../../embed/nightcramp.js",
  "../../embed/evaluator.js",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(SHELL)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The network first, so that a correction is seen at once; the copy when that fails.
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const asked = ask(event.request);
  // What comes too late for this answer is there for the next.
  event.waitUntil(asked.catch(() => {}));
  event.respondWith(answer(event.request, asked));
});

/** From the network, past what the browser itself has kept, which may be a day old. */
async function ask(request) {
  const response = await fetch(request, { cache: "no-cache" });
  if (response.ok) {
    const kept = await caches.open(KEPT);
    await kept.put(request, response.clone());
  }
  return response;
}

async function answer(request, asked) {
  const kept = await caches.open(KEPT);
  const copy = await kept.match(request);
  if (!copy) return asked;
  try {
    const late = new Promise((_, give_up) => setTimeout(give_up, PATIENCE));
    const response = await Promise.race([asked, late]);
    if (response.ok) return response;
  } catch {
    // No network.
  }
  return marked(copy, request);
}

/** The copy; to the app, which has to know how old the content is, it says what it is. */
function marked(copy, request) {
  if (request.destination) return copy;
  const headers = new Headers(copy.headers);
  headers.set("Kept-Copy", "yes");
  return new Response(copy.body, { status: copy.status, headers });
}
