/* A judge's drafts without a connection. keep.js keeps each sheet as it is typed; this sends what pages that are gone left behind
   (one of them at a time, each as the version that it was written on), says what still waits, and takes the sheets along so that
   they open without a connection. The server takes the same draft twice as once; one that was changed elsewhere is not written
   over: the sheet then shows both. */
"use strict";
(() => {
  const { all, fill, language, store, person, me, pagesOpen } = window.madang;
  const SHEETS = `${person}:/judging/sheets/`;
  const EVERY = 8000;
  const place = document.getElementById("outbox");
  const kept = document.documentElement.dataset.kept;
  const worker = navigator.serviceWorker;
  let sentNow = 0;
  let expired = false;

  const here = () => document.querySelector("form[data-outbox]")?.getAttribute("action");
  const sheetOf = (key) => key.slice(person.length + 1).split("#")[0];

  /* Drafts of this person that no open page looks after; those of the sheet shown here are put back into it. */
  async function waiting() {
    const open = await pagesOpen();
    const keys = store.keys().filter((key) => key.startsWith(SHEETS) && !key.endsWith(`#${me}`) && !open.has(key.split("#")[1]));
    return keys.map((key) => ({ key, draft: store.get(key) })).filter(({ key, draft }) => draft?.values && sheetOf(key) !== here());
  }

  function bodyOf(draft, token) {
    const body = new URLSearchParams({ csrf_token: token, version: draft.version ?? "", page: draft.page ?? "" });
    for (const [name, , value] of draft.values) {
      if (value === true) body.append(name, "y");
      else if (value !== false) body.append(name, value);
    }
    return body;
  }

  async function send({ key, draft }, token) {
    const answer = await fetch(`${sheetOf(key)}/autosave`, { method: "POST", body: bodyOf(draft, token), headers: { "HX-Request": "true" } });
    if (answer.ok) {
      store.drop(key);
      sentNow += 1;
    } else if (answer.status === 401) {
      expired = true;
    } else if (answer.status < 500) {
      store.set(key, { ...draft, problem: true });
    }
  }

  async function flush() {
    if (!place || !person) return;
    try {
      const left = (await waiting()).filter(({ draft }) => !draft.problem);
      if (left.length && navigator.onLine && !expired) {
        const answer = await fetch(place.dataset.url, { headers: { "HX-Request": "true" } });
        expired = answer.status === 401;
        if (answer.ok) {
          const { token } = await answer.json();
          for (const one of left) if (!expired) await send(one, token);
        }
      }
    } catch {
      // no connection: it is tried again
    }
    await show();
  }
  /* One page at a time; who only looks in now and then leaves it to the one that is at it, who has just got a connection waits for its turn. */
  const inTurn = (ifAvailable) => (navigator.locks ? navigator.locks.request("madang:outbox", { ifAvailable }, (lock) => lock && flush()) : flush());

  async function show() {
    const left = await waiting();
    const wrong = left.find(({ draft }) => draft.problem);
    const values = { count: left.length, sent: sentNow, time: kept ? new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(kept)) : "" };
    const { offline, copy, waits, conflict, expired: ended, sent } = place.dataset;
    const says = [
      wrong ? conflict : "",
      expired ? ended : "",
      !navigator.onLine ? offline : kept ? copy : "",
      left.length && !wrong ? waits : "",
      !left.length && sentNow ? sent : "",
    ];
    const text = says.filter(Boolean).map((one) => fill(one, values)).join(" ");
    if (place.dataset.said !== text) {
      place.dataset.said = text;
      place.textContent = text;
      if (wrong) link(sheetOf(wrong.key), place.dataset.open);
    }
    place.hidden = !text;
    place.classList.toggle("outbox-wrong", Boolean(wrong || expired));
    mark(new Set(left.map(({ key }) => sheetOf(key))));
  }

  function link(href, label) {
    const made = document.createElement("a");
    Object.assign(made, { href, textContent: label });
    place.append(" ", made);
  }

  /* In lists, the entries whose drafts wait on this device. */
  function mark(sheets) {
    for (const entry of all("a[href^='/judging/sheets/']")) entry.classList.toggle("waits-here", sheets.has(entry.getAttribute("href")));
  }

  document.addEventListener("click", ({ target }) => {
    const chosen = target.closest?.("[data-drop-drafts]")?.dataset.dropDrafts;
    if (chosen) for (const key of store.keys()) if (key.startsWith(`${person}:${chosen}#`)) store.drop(key);
    const button = target.closest?.("[data-take-documents]");
    if (button) {
      button.disabled = true;
      takeAlong(true);
    }
  });

  /* Saving by hand without a connection is what happens by itself; the page stays. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-outbox]") || navigator.onLine || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }, true);

  /* Taking along */
  const pages = () => [...new Set([location.pathname, ...all("a[href^='/judging/sheets/']").map((one) => one.getAttribute("href").split("?")[0])])]
    .filter((path) => /^\/judging(\/sheets)?\/[^/]+$/.test(path));

  async function takeAlong(documents = false) {
    const active = (await worker?.ready)?.active;
    active?.postMessage({ take: { pages: pages(), documents } });
  }

  worker?.addEventListener("message", ({ data }) => {
    const told = document.querySelector("[data-taken]");
    if (!told || !document.querySelector("[data-take-documents][disabled]")) return;
    told.textContent = data.failed ? told.dataset.failed : fill(data.done === data.total ? told.dataset.taken : told.dataset.taking, data);
  });

  if (kept) all(".flashes").forEach((one) => one.remove());
  if (place && worker) {
    worker.register(place.dataset.worker, { scope: "/judging" }).catch(() => null);
    const quiet = setTimeout(() => navigator.onLine && !kept && takeAlong(), 2500);
    window.addEventListener("pagehide", () => clearTimeout(quiet));
  } else all("[data-take-documents]").forEach((one) => one.remove());
  window.addEventListener("online", () => inTurn(false));
  window.addEventListener("offline", () => place && show());
  setTimeout(() => inTurn(false), 300); // once keep.js has put back what belongs here
  setInterval(() => document.visibilityState === "visible" && inTurn(true), EVERY);
})();
