/* The form builder, quicker: every button and every pause in typing posts the form in the background, one request after another,
   and the parts of the answer that have an id take the place of the old ones. Without this script the same buttons load the page.

   [data-item] in the outline: arrow keys go through, Enter opens, Alt with an arrow moves, Delete removes, D duplicates.
   [data-grip]: drags its row. [data-again]: a choice on which other fields depend. [data-open]: opens an item. */
"use strict";
(() => {
  const form = document.getElementById("builder");
  if (!form?.querySelector("button[name=do]")) return;
  const { all, words } = window.madang;
  const byId = (id, within = document) => within.getElementById(id);
  const said = byId("said");
  const typing = { typed: 0, sent: 0, stored: 0 };
  let timer = 0;
  let chain = Promise.resolve();

  function show(name, sentence) {
    const place = byId("saved");
    if (!place || (place.dataset.state === name && place.textContent === sentence)) return;
    place.dataset.state = name;
    place.classList.remove("saved");
    place.textContent = sentence;
  }

  /* Sending: what is typed is read when a request's turn comes, so that none is older than the one before. */
  function post(act) {
    clearTimeout(timer);
    chain = chain.then(() => send(act)).catch(() => show("failed", words.failed));
    return chain;
  }

  async function send(act) {
    const data = new URLSearchParams(new FormData(form));
    data.set("do", act.do);
    typing.sent = typing.typed;
    let response = null;
    try {
      response = await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" } });
    } catch {
      return failed(act);
    }
    if (response.status === 401 || response.headers.get("X-Madang-Error") === "csrf") return show("failed", words.expired);
    if (![200, 409, 422].includes(response.status)) return failed(act);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok) typing.stored = typing.sent;
    exchange(page, act, response);
  }

  function failed(act) {
    show("failed", words.failed);
    if (act.do === "save") setTimeout(() => typing.typed > typing.stored && post(act), 8000); // others are for the person to press again
  }

  /* Exchanging */
  function put(id, page) {
    const old = byId(id);
    const made = byId(id, page);
    if (!old || !made) return null;
    const fresh = document.importNode(made, true);
    old.replaceWith(fresh);
    return fresh;
  }

  function exchange(page, act, response) {
    if (!byId("builder", page)) return void location.assign(response.url); // the page is not to be had any more
    const focus = holdFocus();
    const item = form.elements.namedItem("item")?.value;
    const now = page.querySelector("[name=item]")?.value;
    const isSame = item === now;
    const typesOn = isSame && typing.typed > typing.sent;
    byId("builder-version").value = byId("builder-version", page).value;
    const scrolled = byId("outline").scrollTop;
    for (const id of ["builder-bar", "outline", "builder-behind", "builder-conflict"]) put(id, page);
    byId("outline").scrollTop = scrolled;
    if (!isSame) form.querySelector("#outline [aria-current]")?.scrollIntoView({ block: "nearest" });
    const keeps = isSame && response.ok && (typesOn || (act.do === "save" && !act.again));
    if (keeps) {
      put("item-problems", page);
      put("item-preview", page);
      if (byId("item-seen")) byId("item-seen").value = byId("item-seen", page)?.value ?? "";
      if (byId("item-title")) byId("item-title").textContent = byId("item-title", page)?.textContent ?? "";
    } else {
      const main = put("item", page);
      window.htmx?.process(main);
      main.dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true }));
    }
    say(page);
    rove();
    giveFocus(focus, act, isSame);
    if (response.ok) history.replaceState(null, "", response.url);
    if (typesOn) {
      show("unsaved", words.unsaved);
      later();
    }
  }

  function say(page) {
    all(".flashes").forEach((old) => old.remove());
    const flashes = all(".flash", page);
    const bad = flashes.find((flash) => flash.classList.contains("flash-error"));
    if (bad) byId("main").before(document.importNode(bad.parentElement, true));
    if (flashes.length) said.textContent = bad ? "" : flashes.map((flash) => flash.textContent).join(" ");
  }

  /* Focus stays where it was, or goes with what was moved, added or removed. */
  function holdFocus() {
    const at = document.activeElement;
    if (!form.contains(at)) return {};
    const range = at.matches("textarea, input[type=text], input:not([type])") ? [at.selectionStart, at.selectionEnd] : null;
    return { id: at.id, value: at.name === "do" ? at.value : "", inOutline: Boolean(at.closest("#outline")), range };
  }

  function giveFocus(held, act, isSame) {
    const chosen = form.querySelector("[data-item][aria-current]");
    const first = byId("item").querySelector(".item-fields input:not([type=hidden]), .item-fields textarea, .item-fields select");
    if (act.fields) {
      byId("item").scrollIntoView({ block: "nearest" });
      return first?.focus();
    }
    if (document.activeElement !== document.body && form.contains(document.activeElement)) return undefined;
    if (held.inOutline || (!isSame && held.value)) return chosen?.focus({ preventScroll: held.inOutline });
    const again = (held.id && byId(held.id)) || (held.value && all("button[name=do]", form).find((one) => one.value === held.value));
    if (!again) return held.value?.startsWith("rows-") ? focusRow(held.value) : held.value ? chosen?.focus() : undefined;
    again.focus();
    if (held.range && again.setSelectionRange) again.setSelectionRange(...held.range);
    return undefined;
  }

  function focusRow(value) {
    const rows = all(".item-row", form);
    const [, verb, place] = value.split("-");
    const row = rows[verb === "up" ? place - 1 : verb === "down" ? Number(place) + 1 : Math.min(place ?? rows.length, rows.length - 1)];
    (row?.querySelector("input:not([type=hidden])") ?? form.querySelector("button[value=rows-add]"))?.focus();
  }

  /* Typing */
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => post({ do: "save" }), 700);
  };
  form.addEventListener("input", ({ target }) => {
    if (!target.name || !byId("item").contains(target)) return;
    typing.typed += 1;
    show("unsaved", words.unsaved);
    later();
  });
  form.addEventListener("change", ({ target }) => {
    if (target.hasAttribute("data-again")) post({ do: "save", again: true });
  });
  window.addEventListener("beforeunload", (event) => {
    if (typing.typed > typing.stored) event.preventDefault();
  });

  /* Buttons */
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    const act = { do: button?.value || "save" };
    const byKey = lastClick.detail === 0;
    const verb = act.do.split(":")[0];
    if (lastClick.detail > 1 && !["up", "down", "undo", "redo"].includes(verb) && !act.do.startsWith("rows-")) return;
    act.fields = verb === "add" || verb === "section" || (verb === "open" && (byKey || matchMedia("(max-width: 900px)").matches));
    post(act).then(() => act.do === "rows-add" && focusRow("rows-add"));
  });
  const lastClick = { detail: 0 };
  form.addEventListener("click", (event) => {
    lastClick.detail = event.detail;
    const link = event.target.closest("[data-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    post({ do: `open:${link.dataset.open}`, fields: true });
  }, true);

  /* Keys */
  const rows = () => all("#outline [data-item]");
  function rove(to = form.querySelector("#outline [aria-current]") ?? rows()[0]) {
    for (const row of rows()) {
      row.tabIndex = row === to ? 0 : -1;
      row.setAttribute("aria-describedby", "outline-keys");
    }
  }
  form.addEventListener("focusin", ({ target }) => target.dataset?.item && rove(target));

  form.addEventListener("keydown", (event) => {
    const { key, altKey, target } = event;
    const row = target.closest("[data-item]");
    if (key === "Escape" && byId("item").contains(target)) return void form.querySelector("#outline [aria-current]")?.focus();
    const types = target.matches("input, textarea, select");
    if ((event.ctrlKey || event.metaKey) && !altKey && !types && /^[zy]$/i.test(key)) {
      event.preventDefault();
      return void post({ do: event.shiftKey || /y/i.test(key) ? "redo" : "undo" });
    }
    if (!row || event.ctrlKey || event.metaKey) return;
    const list = rows();
    const at = list.indexOf(row);
    const goes = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[key];
    if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      post({ do: `${key === "ArrowUp" ? "up" : "down"}:${row.dataset.item}` });
    } else if (!altKey && goes !== undefined) {
      event.preventDefault();
      list[Math.max(0, Math.min(goes, list.length - 1))].focus();
    } else if (!altKey && (key === "Delete" || key.toLowerCase() === "d")) {
      event.preventDefault();
      post({ do: `${key === "Delete" ? "remove" : "duplicate"}:${row.dataset.item}` });
    }
  });

  /* Dragging a row by its grip. The line shows where it would stand; Escape lets go. */
  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const li = grip?.closest("li");
    if (!li || event.button !== 0) return;
    event.preventDefault();
    drag(grip, li, event);
  });

  function drag(grip, li, start) {
    const isQuestion = Boolean(li.dataset.question);
    const line = document.createElement("li");
    line.className = "outline-line";
    let y = start.clientY;
    let frame = 0;
    const others = (list) => [...list.children].filter((one) => one !== li && one !== line);
    const lists = () => (isQuestion ? all(".outline-questions", form) : all(".outline-sections", form));

    function aim() {
      const list = lists().findLast((one) => (one.closest("li") ?? one).getBoundingClientRect().top <= y) ?? lists()[0];
      const next = others(list).find((one) => {
        const box = one.getBoundingClientRect();
        return y < box.top + box.height / 2;
      });
      list.insertBefore(line, next ?? null);
    }
    function scroll() {
      const edge = 48;
      const box = byId("outline").getBoundingClientRect();
      const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
      const step = y < top + edge ? -8 : y > bottom - edge ? 8 : 0;
      if (step && line.isConnected) {
        byId("outline").scrollBy(0, step);
        if (y < edge || y > innerHeight - edge) scrollBy(0, step);
        aim();
      }
      frame = requestAnimationFrame(scroll);
    }
    function move(event) {
      y = event.clientY;
      if (!line.isConnected && Math.abs(y - start.clientY) < 4) return;
      li.classList.add("is-dragged");
      aim();
    }
    function end(event) {
      cancelAnimationFrame(frame);
      grip.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) grip.removeEventListener(name, end);
      document.removeEventListener("keydown", cancel, true);
      li.classList.remove("is-dragged");
      if (event.type === "pointerup" && line.isConnected) {
        const place = [...line.parentElement.children].filter((one) => one !== li).indexOf(line);
        const section = line.closest("li[data-section]")?.dataset.section ?? "";
        post({ do: isQuestion ? `place:q.${li.dataset.question}:${section}:${place}` : `place:s.${li.dataset.section}:${place}` });
      }
      line.remove();
    }
    function cancel(event) {
      if (event.key !== "Escape") return;
      event.preventDefault();
      end(event);
    }
    grip.setPointerCapture(start.pointerId);
    grip.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) grip.addEventListener(name, end);
    document.addEventListener("keydown", cancel, true);
    frame = requestAnimationFrame(scroll);
  }

  rove();
})();
