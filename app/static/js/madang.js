/* What pages do by themselves: count down, count characters, add up, guard against double clicks. Everything works without it.

   data-deadline (a moment) with data-left and data-closed: the time left by the server's clock.
   data-count (a field's id) with data-limit and data-text: characters typed.
   output[data-total=NAME] adds up every input[data-sum=NAME] (one with data-worth=POINTS by its share of its max); data-text may use {sum}, {max}, {answered} and {count}.
   input[data-level-for=ID] (radios): choosing one writes its value into the field ID, and the radio follows the number.
   data-focus: takes the focus when it appears. */
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const language = root.lang || "ko";
  const words = document.getElementById("words")?.dataset ?? {};
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  /* The server's clock: how far this machine's clock is from it. */
  const clock = (() => {
    const given = Date.parse(document.querySelector("meta[name=server-now]")?.content ?? "");
    const [navigation] = performance.getEntriesByType("navigation");
    if (Number.isNaN(given) || !navigation) return { now: () => Date.now() };
    // A page that the browser had kept says when it was made, not what time it is.
    const kept = root.dataset.kept || (navigation.type === "back_forward" && navigation.transferSize === 0);
    const drift = kept ? 0 : given - (performance.timeOrigin + navigation.responseStart);
    return { now: () => Date.now() + drift };
  })();

  const unit = (count, name) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(count);

  function timeLeft(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000);
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor(seconds / 3600) % 24;
    const minutes = Math.floor(seconds / 60) % 60;
    if (days) return `${unit(days, "day")} ${unit(hours, "hour")}`;
    if (hours) return `${unit(hours, "hour")} ${unit(minutes, "minute")}`;
    if (minutes) return `${unit(minutes, "minute")} ${unit(seconds % 60, "second")}`;
    return unit(seconds, "second");
  }

  function countDown() {
    for (const place of all("[data-deadline]")) {
      const rest = Date.parse(place.dataset.deadline) - clock.now();
      // The very second of the deadline is still in time.
      const { left, now, closed } = place.dataset;
      const text = rest >= 1000 ? fill(left, { left: timeLeft(rest) }) : rest > -1000 ? now : closed;
      if (place.textContent !== text) place.textContent = text;
      place.classList.toggle("left-soon", rest < 3600000);
    }
  }

  function countCharacters(place) {
    const field = document.getElementById(place.dataset.count);
    if (!field) return;
    const length = [...field.value.normalize("NFC").replace(/\r\n?/g, "\n").trim()].length;
    place.textContent = fill(place.dataset.text, { count: length.toLocaleString(language) });
    place.classList.toggle("over", length > Number(place.dataset.limit));
  }

  /* Exact sums of decimals: in whole ten-thousandths. */
  const exact = (text) => (/^-?\d{1,9}(\.\d{1,4})?$/.test(text.trim()) ? Math.round(Number(text) * 10000) : null);
  const plain = (number) => String(number / 10000);

  function addUp(output) {
    const inputs = all("input[data-sum]").filter((input) => input.dataset.sum === output.dataset.total);
    const answered = inputs.filter((input) => exact(input.value) !== null);
    const share = ({ dataset, max }) => (dataset.worth ? dataset.worth / max : 1);
    const total = (list, of) => plain(Math.round(list.reduce((sum, input) => sum + (exact(of(input)) ?? 0) * share(input), 0)));
    output.textContent = fill(output.dataset.text ?? "{sum}", {
      sum: answered.length ? total(answered, (input) => input.value) : "–",
      max: total(answered, (input) => input.max),
      answered: answered.length,
      count: inputs.length,
    });
  }

  function followLevel(field) {
    const radios = all("input[data-level-for]").filter((radio) => radio.dataset.levelFor === field.id);
    const number = exact(field.value);
    let reached = null;
    for (const radio of radios) if (number !== null && exact(radio.value) <= number) reached = radio;
    for (const radio of radios) radio.checked = radio === reached;
  }

  document.addEventListener("input", ({ target }) => {
    if (target.id) {
      for (const place of all("[data-count]")) if (place.dataset.count === target.id) countCharacters(place);
      followLevel(target);
    }
    if (target.dataset?.sum) all("output[data-total]").forEach(addUp);
  });

  document.addEventListener("change", ({ target }) => {
    const field = document.getElementById(target.dataset?.levelFor ?? "");
    if (!field || field.value === target.value) return;
    field.value = target.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  /* One click, one request: the pressed button rests until the answer is there. */
  const resting = new Set();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target) return;
    if (form.dataset.sent) return void event.preventDefault();
    form.dataset.sent = "yes";
    resting.add(form);
    const button = event.submitter;
    setTimeout(() => button && Object.assign(button, { disabled: true }) && button.setAttribute("data-busy", ""), 0);
    setTimeout(wake, 15000); // a download leaves the page where it is
  });
  function wake() {
    for (const form of resting) delete form.dataset.sent;
    for (const button of all("[data-busy]")) {
      button.disabled = false;
      button.removeAttribute("data-busy");
    }
    resting.clear();
  }
  window.addEventListener("pageshow", wake);

  /* Menus close on Escape and on a click elsewhere. */
  const menus = () => all("details.menu[open], details.who[open]");
  document.addEventListener("click", ({ target }) => {
    for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* An opened part that an address points to. */
  function openTarget() {
    let place = null;
    try {
      place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return; // an address that nobody of ours wrote
    }
    for (let at = place; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  }
  window.addEventListener("hashchange", openTarget);

  /* An error's link goes to the field itself, also where that is hidden in a group. */
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.(".errors a[href^='#']");
    const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!place) return;
    const field = place.matches("input, select, textarea") ? place : place.querySelector("input:not([type=hidden]), select, textarea");
    setTimeout(() => field?.focus(), 0);
  });

  function prepare(part) {
    all("[data-count]", part).forEach(countCharacters);
    all("output[data-total]").forEach(addUp);
    all("input[data-sum][id]", part).forEach(followLevel);
    part.querySelector("[data-focus]")?.focus();
    countDown();
  }

  /* htmx: our token with every request, and one sentence where the answer did not come. */
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const token = document.querySelector("input[name=csrf_token]")?.value;
    if (token) detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:afterSettle", ({ target }) => prepare(target));

  window.madang = { all, fill, words, language };
  prepare(document);
  openTarget();
  // The present tab of a row that is wider than the phone, once its letters have their widths.
  document.fonts.ready.then(() => {
    for (const tab of all(".tabs-page [aria-current]")) {
      const row = tab.parentElement;
      row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
    }
  });
  setInterval(countDown, 1000);
})();
