/* A pitch day's pages: the time left by the server's clock, and what changed, as the server's events say. Without events, or where
   the server has no thread for them, the browser asks again after a few seconds. */
"use strict";
(() => {
  const { all, clock } = window.madang;
  const live = () => document.getElementById("pitch-live");
  let source = null;

  function tick() {
    for (const place of all("[data-timer]")) {
      const left = Math.ceil((Date.parse(place.dataset.timer) - clock.now()) / 1000);
      const whole = Math.abs(left);
      const text = `${left < 0 ? "+" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
      if (place.textContent !== text) place.textContent = text;
      place.classList.toggle("is-last", left >= 0 && left <= 60);
      place.classList.toggle("is-over", left < 0);
      const word = document.getElementById("timer-word");
      const says = left < 0 ? place.dataset.over : left <= 60 ? place.dataset.last : "";
      if (word && word.textContent !== says) word.textContent = says;
    }
  }

  function refresh() {
    return window.htmx.ajax("GET", location.href, { target: "#pitch-live", select: "#pitch-live", swap: "outerHTML" });
  }

  function follow() {
    if (!live() || source) return;
    source = new EventSource(live().dataset.events);
    source.addEventListener("changed", ({ data }) => {
      if (live() && data !== live().dataset.stamp) refresh();
    });
  }

  function leave() {
    source?.close();
    source = null;
  }

  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", follow);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : follow()));
  document.addEventListener("htmx:afterSettle", tick);
  document.addEventListener("click", ({ target }) => target.closest?.("[data-full-screen]") && document.documentElement.requestFullscreen?.());
  follow();
  tick();
  setInterval(tick, 250);
})();
