/* Who writes where: a page with [data-presence] says every twenty seconds, while somebody is at it, in which section they
   are, and puts the others' names beside the sections. It is silent when hidden or left alone, and takes itself off when it is left. */
"use strict";
(() => {
  const place = document.querySelector("[data-presence]");
  if (!place) return;
  const BEAT = 20000;
  const AWAKE = 180000;
  let touched = Date.now();

  function body(more = {}) {
    const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
    return new URLSearchParams({ csrf_token: token, section: place.dataset.section, ...more });
  }

  function show(html) {
    place.innerHTML = html; // made and escaped by the server
    mark();
  }

  function mark() {
    for (const old of document.querySelectorAll(".present-name")) old.remove();
    for (const one of place.querySelectorAll("[data-section]")) {
      const link = [...document.querySelectorAll(".section-toc a")].find((a) =>
        new URL(a.href).pathname.endsWith(`/${one.dataset.section}`),
      );
      if (!link) continue;
      const name = document.createElement("span");
      name.className = "present-name";
      name.textContent = one.textContent;
      link.parentElement.append(name);
      if (!("here" in one.dataset)) one.hidden = true; // it stands beside its section; here stands who is in this one
    }
    place.hidden = !place.querySelector("li:not([hidden])");
  }

  // A save brings the list of sections anew, without the names.
  document.addEventListener("htmx:afterSettle", mark);

  async function beat() {
    if (document.hidden || Date.now() - touched > AWAKE) return;
    try {
      const answer = await fetch(place.dataset.presence, { method: "POST", body: body(), headers: { "HX-Request": "true" } });
      if (answer.ok) show(await answer.text());
    } catch {
      // no connection: the page says elsewhere that nothing is saved
    }
  }

  for (const kind of ["input", "pointerdown", "keydown", "focusin"]) {
    document.addEventListener(kind, () => {
      const slept = Date.now() - touched > AWAKE;
      touched = Date.now();
      if (slept) beat();
    });
  }
  document.addEventListener("visibilitychange", beat);
  window.addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.presence, body({ leaves: "1" })));
  setInterval(beat, BEAT);
  beat();
})();
