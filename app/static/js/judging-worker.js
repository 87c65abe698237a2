/* A judge's entries without a connection. It keeps the pages of the judge's own sheets, as they were last seen, on this device, asks
   the network first each time, and gives out what it keeps where no answer comes. What is typed is kept and sent by keep.js and
   outbox.js, not here. Everything goes when the person signs out, and after a week. */
"use strict";

const CACHE = "madang-judging-1";
const WEEK = 7 * 24 * 3600 * 1000;
const FRESH = 10 * 60 * 1000; // taken along so lately, a page is not asked for again
const PATIENCE = 4000; // where there is a copy; without one the network has all the time that it takes
const MOST_BYTES = 60 * 1024 * 1024; // of documents taken along
const KEPT_AT = "X-Kept-At";
const SHEET = /^\/judging\/sheets\/[^/]+/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), sweep()])));

const ageOf = (answer) => Date.now() - Number(answer.headers.get(KEPT_AT) ?? 0);

async function sweep() {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const answer = await cache.match(request);
    if (answer && ageOf(answer) > WEEK) await cache.delete(request);
  }
}

async function keep(url, answer) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  headers.delete("Set-Cookie");
  const cache = await caches.open(CACHE);
  await cache.put(url, new Response(await answer.blob(), { status: 200, headers }));
}

/* What came is kept; what the judge may no longer see goes. */
async function remember(url, answer) {
  if (answer.status === 200 && !answer.redirected) await keep(url, answer.clone());
  else if ([403, 404, 410].includes(answer.status)) await (await caches.open(CACHE)).delete(url);
}

async function copyOf(url) {
  const cache = await caches.open(CACHE);
  const [whole] = url.split("?");
  const found = (await cache.match(url, { ignoreVary: true })) ?? (await cache.match(whole, { ignoreVary: true }));
  return found && ageOf(found) <= WEEK ? found : undefined;
}

/* The copy of a page says since when it is one. */
async function given(copy) {
  if (!copy.headers.get("Content-Type")?.startsWith("text/html")) return copy;
  const since = new Date(Number(copy.headers.get(KEPT_AT))).toISOString();
  const text = await copy.text();
  return new Response(text.replace("<html ", `<html data-kept="${since}" `), { status: 200, headers: copy.headers });
}

async function networkFirst(request) {
  const { url } = request;
  const copy = await copyOf(url);
  const asked = fetch(request).then(async (answer) => {
    await remember(url, answer).catch(() => null); // a full store: the page is shown all the same
    return answer;
  });
  if (!copy) return asked;
  const late = new Promise((_done, fail) => setTimeout(() => fail(new Error("late")), PATIENCE));
  try {
    const answer = await Promise.race([asked, late]);
    return [502, 503, 504].includes(answer.status) ? given(copy) : answer;
  } catch {
    asked.catch(() => null);
    return given(copy);
  }
}

async function cacheFirst(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request.url, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  await remember(request.url, answer).catch(() => null);
  return answer;
}

/* A form that cannot be sent leads back to its sheet, where everything typed still stands. */
async function send(request) {
  const sheet = new URL(request.url).pathname.match(SHEET)[0];
  try {
    return await fetch(request);
  } catch {
    return Response.redirect(sheet, 303);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && request.mode === "navigate" && SHEET.test(url.pathname)) event.respondWith(send(request));
  else if (request.method !== "GET") return;
  else if (url.pathname.startsWith("/static/")) event.respondWith(cacheFirst(request));
  else if (url.pathname === "/judging" || url.pathname.startsWith("/judging/") || url.pathname.endsWith(".css")) {
    if (url.pathname.endsWith("/worker.js") || url.pathname.endsWith("/outbox")) return;
    event.respondWith(networkFirst(request));
  }
});

const found = (text, pattern) => [...new Set([...text.matchAll(pattern)].map((one) => one[1]))];

async function take(url, { again = FRESH } = {}) {
  const cache = await caches.open(CACHE);
  const whole = new URL(url, location.href).href;
  const there = await cache.match(whole, { ignoreVary: true });
  if (there && ageOf(there) < again) return there;
  const answer = await fetch(whole, { redirect: "error" });
  await remember(whole, answer);
  return (await cache.match(whole, { ignoreVary: true })) ?? answer;
}

/* Pages to take along, one after the other so that the server notices little of it; with the documents where the judge asks for them. */
async function takeAlong({ pages, documents }, tell) {
  let bytes = 0;
  for (const [at, page] of pages.entries()) {
    const text = await (await take(page)).clone().text();
    for (const file of found(text, /(?:href|src)="(\/[^"]+\.(?:css|js|svg)(?:\?[^"]*)?)"/g)) await take(file, { again: WEEK });
    for (const tab of documents ? found(text, /href="(\/judging\/sheets\/[^"]+\?v=[0-9a-f-]{36})"/g) : []) {
      const shown = await (await take(tab)).clone().text();
      for (const file of found(shown, /src="(\/judging\/sheets\/[^"]+\?view=1)"/g)) {
        if (bytes < MOST_BYTES) bytes += (await (await take(file)).clone().blob()).size;
      }
    }
    tell({ done: at + 1, total: pages.length });
  }
}

self.addEventListener("message", (event) => {
  const { data, source } = event;
  if (data?.take) event.waitUntil(takeAlong(data.take, (state) => source.postMessage(state)).catch(() => source.postMessage({ failed: true })));
});
