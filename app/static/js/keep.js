/* Never lose a word.

   Forms that save by themselves (hx-post) have a .save-state: it says "unsaved" from the first key on, "saved" only with the
   server's own words, "failed" when no answer came, and then it tries again. Leaving is warned about only while unsaved.
   Forms with data-keep also keep what is typed on this device under their action until the server has confirmed it,
   and offer it back after a crash, a closed tab or an expired session. Each tab keeps its own: what another open tab holds is
   that tab's to save, and a tab that is gone (it let go of its lock) left what is offered. Passwords, files and hidden fields
   are never kept. */
"use strict";
(() => {
  const { all, fill, words, language } = window.madang;
  const PREFIX = "madang:";
  const WEEK = 7 * 24 * 3600 * 1000;
  const person = document.documentElement.dataset.person ?? "";
  const tracked = new WeakMap(); // form → { typed, sent, stored }: counts of changes
  const page = document.querySelector("meta[name=page-kind]")?.content ?? "";

  const store = {
    get(key, box = localStorage) {
      try {
        return JSON.parse(box.getItem(PREFIX + key));
      } catch {
        return null;
      }
    },
    set(key, value, box = localStorage) {
      try {
        box.setItem(PREFIX + key, JSON.stringify(value));
        return true;
      } catch {
        return false; // a full or forbidden store: the page works on, and says that there is no spare copy
      }
    },
    drop(key, box = localStorage) {
      try {
        box.removeItem(PREFIX + key);
      } catch {
        // as above
      }
    },
    keys() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
      } catch {
        return [];
      }
    },
  };

  const placeOf = (form) => `${person}:${new URL(form.getAttribute("action") || location.href, location.href).pathname}`;
  const me = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`; // this page, as long as it is open
  const keyOf = (form) => `${placeOf(form)}#${me}`;

  /* A page that is open holds a lock of its name; the browser lets go of it however the page ends. */
  let letGo;
  const hold = () =>
    navigator.locks?.request(PREFIX + me, () => new Promise((done) => {
      letGo = done;
    }));
  async function pagesOpen() {
    const { held = [] } = (await navigator.locks?.query().catch(() => null)) ?? {};
    return new Set(held.map(({ name }) => name.slice(PREFIX.length)));
  }
  const savesItself = (form) => form.hasAttribute("hx-post");
  const isForm = (form) => form instanceof HTMLFormElement && (savesItself(form) || form.hasAttribute("data-keep"));

  function state(form) {
    if (!tracked.has(form)) tracked.set(form, { typed: 0, sent: 0, stored: 0 });
    return tracked.get(form);
  }

  /* What is typed, as [name, which of that name, text or tick]. */
  function typedIn(form) {
    const seen = {};
    return [...form.elements]
      .filter((field) => field.name && !/^(hidden|password|file|submit|button|fieldset|output|image|reset)$/.test(field.type))
      .map((field) => {
        const which = (seen[field.name] = (seen[field.name] ?? -1) + 1);
        return [field.name, which, /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value];
      });
  }

  function fieldFor(form, name, which) {
    const found = [...form.elements].filter((field) => field.name === name && !/^(hidden|password|file)$/.test(field.type));
    return found[which];
  }

  function putBack(form, values) {
    for (const [name, which, value] of values) {
      const field = fieldFor(form, name, which);
      if (!field) continue;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
    }
    const first = fieldFor(form, values[0]?.[0], 0) ?? form;
    first.dispatchEvent(new Event("input", { bubbles: true }));
    all("[id]", form).forEach((field) => field.matches("textarea, input[data-sum]") && field.dispatchEvent(new Event("input", { bubbles: true })));
    first.focus?.();
  }

  /* What is kept; with what the page was made from, so that text put back over newer words is noticed as stale. */
  const kept = (form) => ({
    at: Date.now(),
    values: typedIn(form),
    version: form.elements.namedItem("version")?.value,
    base: form.elements.namedItem("base")?.value,
    page: form.elements.namedItem("page")?.value,
  });
  const keep = (form) => (state(form).keeps = store.set(keyOf(form), kept(form)));

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function show(form, name, sentence) {
    const place = form.querySelector(".save-state") ?? document.querySelector(".save-state");
    if (!place) return;
    if (place.dataset.state === name && place.textContent === sentence) return;
    place.dataset.state = name;
    place.classList.remove("saved");
    place.textContent = sentence;
  }

  /* Typing */
  document.addEventListener("input", ({ target, isTrusted }) => {
    const form = target.form;
    if (!isForm(form) || target.type === "file" || target.type === "password") return;
    const at = state(form);
    at.typed += 1;
    if (savesItself(form) && (isTrusted || at.typed > at.stored)) show(form, "unsaved", words.unsaved);
    if (form.hasAttribute("data-keep")) keep(form);
  });

  /* Saving by itself */
  const formOf = ({ detail }) => {
    const form = detail.elt?.closest?.("form");
    // Other requests from within a form (a preview, a row more) store nothing.
    return form && detail.requestConfig?.path === form.getAttribute("hx-post") ? form : null;
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (isForm(form) && event.detail.requestConfig?.verb === "post") state(form).sent = state(form).typed;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { detail } = event;
    const form = formOf(event);
    if (!isForm(form) || detail.requestConfig?.verb !== "post") return;
    const at = state(form);
    const status = detail.xhr?.status ?? 0;
    if (status >= 200 && status < 400) {
      at.stored = at.sent;
      clearTimeout(at.again);
      at.again = undefined;
      if (at.typed > at.stored) return void setTimeout(() => show(form, "unsaved", words.unsaved), 50);
      if (form.hasAttribute("data-keep")) store.drop(keyOf(form));
      return;
    }
    if (status === 401 || detail.xhr?.getResponseHeader("X-Madang-Error") === "csrf") return expired(form);
    if (status === 409 || status === 422) return; // the server's own sentence stands there
    fail(form);
    if (!at.again && (status === 0 || status >= 500)) at.again = setTimeout(() => retry(form), 8000);
  });

  function fail(form) {
    const lost = form.hasAttribute("data-keep") && state(form).keeps === false ? ` ${words.notKept}` : "";
    show(form, "failed", (navigator.onLine ? words.failed : words.offline) + lost);
  }

  function retry(form) {
    const at = state(form);
    at.again = undefined;
    if (!form.isConnected || at.typed === at.stored) return;
    window.htmx.ajax("POST", form.getAttribute("hx-post"), { source: form });
  }
  window.addEventListener("online", () => all("form[hx-post]").forEach((form) => tracked.has(form) && retry(form)));
  window.addEventListener("offline", () => all("form[hx-post]").forEach((form) => tracked.has(form) && unsaved(form) && fail(form)));

  /* The session has ended under a page: say so, and where to sign in; what is typed stays on the page and on this device. */
  function expired(form) {
    keep(form);
    show(form, "failed", words.expired);
    const place = form.querySelector(".save-state") ?? document.querySelector(".save-state");
    const signIn = document.querySelector("meta[name=sign-in]")?.content;
    if (!place || !signIn || place.querySelector("a")) return;
    const link = document.createElement("a");
    link.href = `${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = words.signIn;
    link.addEventListener("click", () => state(form).leaving = true);
    place.append(" ", link);
  }

  /* Leaving */
  // What is kept on this device and sent from any page (outbox.js) is in no danger.
  const safe = (form) => form.hasAttribute("data-outbox") && state(form).keeps;
  const unsaved = (form) => tracked.has(form) && !state(form).leaving && !safe(form) && state(form).typed > state(form).stored;
  window.addEventListener("beforeunload", (event) => {
    if (all("form").some((form) => isForm(form) && unsaved(form))) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    all("form").forEach((one) => isForm(one) && (state(one).leaving = true));
    setTimeout(() => all("form").forEach((one) => isForm(one) && (state(one).leaving = false)), 15000);
    if (form.hasAttribute("data-keep")) {
      keep(form);
      store.set("sent", { key: keyOf(form), place: placeOf(form), from: location.pathname }, sessionStorage);
    }
    // Who signs out leaves nothing of theirs behind on this device.
    if (form.hasAttribute("data-forget")) {
      store.keys().forEach((key) => store.drop(key));
      forgetPages();
    }
  });
  /* Pages that were kept to be read without a connection; nobody's are left where nobody is signed in. */
  const forgetPages = () =>
    window.caches?.keys().then((names) => names.filter((name) => name.startsWith("madang-")).forEach((name) => caches.delete(name))).catch(() => null);
  window.addEventListener("pagehide", () => letGo?.());
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) hold();
    if (persisted) all("form").forEach((one) => isForm(one) && (state(one).leaving = false));
  });

  /* What the last page sent: confirmed when the server led on from it to an ordinary page. */
  function settle() {
    const sent = store.get("sent", sessionStorage);
    if (!sent) return;
    store.drop("sent", sessionStorage);
    if (page === "error" || page === "sign-in") return;
    if (all("form[data-keep]").some((form) => placeOf(form) === sent.place)) return; // compared below
    const from = document.referrer && new URL(document.referrer);
    if (from && from.origin === location.origin && from.pathname === sent.from) store.drop(sent.key);
  }

  /* Everything that is kept of a form by pages that are gone, the latest first. */
  function offers(form, open) {
    const place = placeOf(form);
    return store
      .keys()
      .filter((key) => key === place || (key.startsWith(`${place}#`) && !open.has(key.slice(place.length + 1))))
      .map((key) => ({ key, found: store.get(key) }))
      .sort((one, other) => (other.found?.at ?? 0) - (one.found?.at ?? 0));
  }

  function offer(form, { key, found }) {
    if (!found?.values || same(found.values, typedIn(form))) return store.drop(key);
    const box = document.createElement("div");
    box.className = "restore";
    box.setAttribute("role", "status");
    const sentence = document.createElement("p");
    const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(found.at);
    sentence.textContent = fill(words.kept, { time });
    const buttons = document.createElement("p");
    buttons.className = "actions";
    const button = (label, act) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: label });
      made.addEventListener("click", () => {
        box.remove();
        act();
      });
      buttons.append(made);
    };
    button(words.putBack, () => {
      for (const name of ["version", "base"]) {
        const field = form.elements.namedItem(name);
        if (field && found[name]) field.value = found[name];
      }
      putBack(form, found.values);
      store.drop(key); // this page keeps it now
    });
    button(words.throwAway, () => store.drop(key));
    box.append(sentence, buttons);
    form.before(box);
  }

  async function offerAll() {
    const open = await pagesOpen();
    for (const key of store.keys()) {
      const [, name] = key.split("#");
      if (!open.has(name) && Date.now() - (store.get(key)?.at ?? 0) > WEEK) store.drop(key);
    }
    if (page === "error") return;
    for (const form of all("form[data-keep]")) {
      const found = offers(form, open);
      if (form.hasAttribute("data-outbox")) resume(form, found);
      else for (const one of found) offer(form, one);
    }
  }

  /* A sheet is taken up where the last page left it; the server says if it was changed elsewhere since. */
  function resume(form, [latest]) {
    if (!latest) return;
    const { key, found } = latest;
    if (found?.values && !same(found.values, typedIn(form))) {
      for (const name of ["version", "page"]) {
        const field = form.elements.namedItem(name);
        if (field && found[name]) field.value = found[name];
      }
      putBack(form, found.values);
    }
    store.drop(key); // this page keeps it now
  }

  Object.assign(window.madang, { store, person, me, pagesOpen });
  all("form input[name=page][type=hidden]").forEach((field) => (field.value = me));
  if (!person) forgetPages();
  hold();
  settle();
  offerAll();
})();
