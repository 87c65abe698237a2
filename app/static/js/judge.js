/* The score sheet by keyboard. Enter goes on to the next score, the arrows change it by a whole point (with Shift by a half).
   Outside of fields: 1 to 9 go to a criterion, j and k to the next and the previous entry, and what bears a data-key answers to
   it. The place of a key counts, not its letter, so that they work while Hangul is typed. */
"use strict";
(() => {
  const { all } = window.madang;
  const form = () => document.querySelector("form[data-sheet]");
  const scores = () => all("input[data-sum]", form() ?? document);

  function enter(field) {
    field.focus();
    field.select?.();
    field.scrollIntoView({ block: "nearest" });
  }

  function write(field, text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function inScore(event) {
    const list = scores();
    const at = list.indexOf(event.target);
    if (event.key === "Enter") {
      const next = list[at + 1] ?? form().querySelector("textarea[name=comment]");
      if (next) enter(next);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const step = (event.shiftKey ? 0.5 : 1) * (event.key === "ArrowUp" ? 1 : -1);
      const number = Number(event.target.value.replace(",", "."));
      if (event.target.value.trim() === "" || Number.isNaN(number)) return false; // no score is begun for the judge
      write(event.target, String(Math.min(Math.max(number + step, 0), Number(event.target.max))));
    } else {
      return false;
    }
    return true;
  }

  function neighbour(step) {
    const links = all(".queue li a");
    const at = links.findIndex((link) => link.getAttribute("aria-current"));
    links[at + step]?.click();
  }

  function outside(event) {
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    if (digit) {
      const field = scores()[Number(digit) - 1];
      if (!field) return false;
      enter(field);
    } else if (letter === "j" || letter === "k") {
      neighbour(letter === "j" ? 1 : -1);
    } else if (event.key === "?") {
      document.getElementById("sheet-keys")?.showModal();
    } else {
      const place = letter && document.querySelector(`[data-key="${letter}"]`);
      if (!place) return false;
      if (place.matches("summary")) {
        place.parentElement.open = true;
        place.parentElement.querySelector("input")?.focus();
      } else if (place.matches("textarea")) enter(place);
      else place.click();
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (!document.querySelector(".sheet") || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (target.matches("input[data-sum]")) {
      if (inScore(event)) event.preventDefault();
      else if (event.key === "Escape") target.blur();
      return;
    }
    if (target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])")) {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (!(event.shiftKey && event.key !== "?") && outside(event)) event.preventDefault();
  });
})();
