/* The application form: questions that appear and disappear with the answers they depend on, and tables that grow.

   Within [data-questions], each .question says its code (data-question), its kind, and the name of its controls (data-field). One that
   depends on another of the page names it (data-when) with data-how and data-value; data-never hides it whatever is typed here. The server
   decides the same when the page is saved, so that nothing depends on this script. Tables: [data-table] with a <template> of a row. */
"use strict";
(() => {
  const { all } = window.madang;
  const page = document.querySelector("[data-questions]");
  if (!page) return;
  const questions = new Map(all(".question", page).map((place) => [place.dataset.question, place]));

  function given(place) {
    const { kind, field } = place.dataset;
    if (kind === "file") return all(".doc a", place).map((link) => link.textContent);
    const controls = all("input, select, textarea", place).filter((one) => one.name === field || one.name.startsWith(`${field}.`));
    return controls
      .filter((one) => one.type !== "hidden" && (!/^(radio|checkbox)$/.test(one.type) || one.checked))
      .map((one) => one.value.trim())
      .filter(Boolean);
  }

  /* A number, an amount in won (also 3억 5,000만) or a day, to be compared; null where it cannot be read. */
  function measure(kind, text) {
    if (kind === "date") {
      const found = /^(\d{4})(?:-|\. ?|\/)(\d{1,2})(?:-|\. ?|\/)(\d{1,2})\.?$/.exec(text);
      return found ? Number(found[1]) * 10000 + Number(found[2]) * 100 + Number(found[3]) : null;
    }
    if (kind === "number") return /^-?\d+(,\d{3})*(\.\d+)?$/.test(text) ? Number(text.replaceAll(",", "")) : null;
    const found = /^(?:KRW|₩)?\s*(?:([\d,]+)\s*조)?\s*(?:([\d,]+)\s*억)?\s*(?:([\d,]+)\s*만)?\s*([\d,]+)?\s*원?$/.exec(text);
    if (!found || !found.slice(1).some(Boolean)) return null;
    const [trillions, hundredMillions, tenThousands, ones] = found.slice(1).map((part) => Number((part ?? "0").replaceAll(",", "")));
    return trillions * 1e12 + hundredMillions * 1e8 + tenThousands * 1e4 + ones;
  }

  function compares(how, kind, answers, value) {
    if (!answers.length) return false;
    if (how === "is_answered") return true;
    if (how === "has") return answers.includes(value);
    const measured = ["number", "money", "date"].includes(kind);
    const one = measured ? measure(kind, answers[0]) : answers[0];
    const other = measured ? measure(kind, value) : value;
    if (one === null || other === null) return false;
    return { is: one === other, is_not: one !== other, at_least: one >= other, at_most: one <= other }[how] ?? false;
  }

  /* What a question depends on stands before it, so one pass from the top decides all. */
  function decide() {
    const shown = new Map();
    for (const [code, place] of questions) {
      const { when, how, value = "" } = place.dataset;
      const other = when && questions.get(when);
      const is = !("never" in place.dataset) && (!when || (other && shown.get(when) && compares(how, other.dataset.kind, given(other), value)));
      shown.set(code, Boolean(is));
      if (place.hidden === Boolean(is)) place.hidden = !is;
    }
  }

  /* Tables */
  const rowsOf = (table) => all("tbody tr", table);
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  function addRow(table, focus = true) {
    const next = Number(table.dataset.next ?? rowsOf(table).length);
    if (rowsOf(table).length >= Number(table.dataset.rowsMost)) return;
    table.dataset.next = next + 1;
    const holder = document.createElement("template");
    holder.innerHTML = table.querySelector("template").innerHTML.replaceAll("{row}", next);
    const row = holder.content.querySelector("tr");
    table.querySelector("tbody").append(row);
    if (focus) row.querySelector("input").focus();
  }

  function limit(table) {
    table.querySelector("[data-add-row]").disabled = rowsOf(table).length >= Number(table.dataset.rowsMost);
  }

  page.addEventListener("click", ({ target }) => {
    const add = target.closest("[data-add-row]");
    const remove = target.closest("[data-remove-row]");
    const table = target.closest("[data-table]");
    if (add) addRow(table);
    if (remove) {
      const row = remove.closest("tr");
      const near = row.nextElementSibling ?? row.previousElementSibling;
      const had = all("input", row).some((field) => field.value);
      row.remove();
      if (!rowsOf(table).length) addRow(table, false);
      (near ?? rowsOf(table)[0]).querySelector("input").focus();
      if (had) changed(rowsOf(table)[0].querySelector("input"));
      decide();
    }
    if (add || remove) limit(table);
  });

  page.addEventListener("input", decide);
  page.addEventListener("change", decide);
  all("[data-table]", page).forEach(limit);
  decide();
})();
