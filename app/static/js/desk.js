/* The desk by keyboard. In the list j and k move from row to row (the row's link has the focus, so Enter opens it) and x
   chooses; on an application j and k go to its neighbours. Every other key presses what bears it as data-key. The place of
   a key counts, not its letter, so that they work while Hangul is typed. Keys typed into a field stay there. */
"use strict";
(() => {
  const { all, fill } = window.madang;
  const desk = () => document.querySelector("[data-desk]");
  const rows = () => all("[data-row]");
  const keys = document.getElementById("desk-keys");
  let current = -1;

  function move(step) {
    const list = rows();
    if (!list.length) return;
    const focused = list.findIndex((row) => row.contains(document.activeElement));
    if (focused >= 0) current = focused;
    current = Math.min(Math.max(current + step, 0), list.length - 1);
    for (const row of list) row.classList.toggle("is-current", row === list[current]);
    list[current].querySelector("a").focus();
    list[current].scrollIntoView({ block: "nearest" });
  }

  const boxes = () => all("input[name=chosen][type=checkbox]");

  function count() {
    const place = document.querySelector("[data-chosen]");
    if (!place) return;
    const whole = document.querySelector("[data-all-fitting]")?.checked;
    const chosen = boxes().filter((box) => box.checked);
    place.hidden = Boolean(whole);
    place.textContent = fill(place.dataset.text, { count: chosen.length });
    for (const row of rows()) row.classList.toggle("is-chosen", Boolean(row.querySelector("input[name=chosen]")?.checked));
    const every = document.querySelector("[data-all-rows]");
    if (every) {
      every.hidden = false;
      every.checked = chosen.length > 0 && chosen.length === boxes().length;
      every.indeterminate = chosen.length > 0 && chosen.length < boxes().length;
    }
  }

  function choose() {
    const box = rows()[current]?.querySelector("input[name=chosen]");
    if (!box) return;
    box.checked = !box.checked;
    count();
  }

  /* What is decided on is what is chosen, or else the row that one stands on. */
  function chooseCurrent() {
    const whole = document.querySelector("[data-all-fitting]")?.checked;
    if (!whole && !boxes().some((box) => box.checked)) choose();
  }

  function decide(outcome) {
    const radio = document.querySelector(`input[name=outcome][type=radio][value=${outcome}]`);
    if (!radio) return;
    radio.checked = true;
    const next = outcome === "eligible" ? radio.form.querySelector("button[type=submit]") : radio.form.querySelector("textarea");
    next.focus();
    next.scrollIntoView({ block: "center" });
  }

  function press(key) {
    const place = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!place) return false;
    if (place.matches("input, textarea, select")) {
      place.focus();
      place.scrollIntoView({ block: "nearest" });
      if (place.type === "search") place.select();
    } else if (place.matches("summary")) {
      chooseCurrent();
      place.parentElement.open = true;
      place.parentElement.querySelector("input, select").focus();
    } else {
      place.click();
    }
    return true;
  }

  const OUTCOMES = { e: "eligible", i: "ineligible", c: "correction" };

  function answer(key) {
    const list = desk().dataset.desk === "list";
    if (key === "?") {
      keys.showModal();
      return true;
    }
    if (list && (key === "j" || key === "k")) move(key === "j" ? 1 : -1);
    else if (list && key === "x") choose();
    else if (list && key in OUTCOMES) {
      chooseCurrent();
      return press(key);
    } else if (!list && key in OUTCOMES) decide(OUTCOMES[key]);
    else if (list && key === "n") {
      const link = rows()[current]?.querySelector("a");
      if (link) location.href = `${link.href}#note`;
    } else return press(key);
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (!desk() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys?.open) return;
    const target = event.target;
    if (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])")) {
      if (event.key === "Escape") target.blur();
      return;
    }
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
    const key = event.key === "?" || event.key === "/" ? event.key : event.shiftKey ? null : letter;
    if (key && answer(key)) event.preventDefault();
  });

  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("[data-all-rows]")) for (const box of boxes()) box.checked = target.checked;
    if (target.matches?.("[data-all-rows], [data-all-fitting], input[name=chosen]")) count();
  });
  document.addEventListener("focusin", ({ target }) => {
    const at = rows().findIndex((row) => row.contains(target));
    if (at >= 0) current = at;
  });
  document.addEventListener("htmx:afterSettle", () => {
    current = -1;
    count();
  });
  count();
  if (location.hash === "#note") document.getElementById("note")?.focus();
})();
