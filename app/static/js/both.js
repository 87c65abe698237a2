/* Where two people changed the same text: [data-both=ID] holds both versions and buttons that put either, or both one after
   the other, into the field ID. Without this script the field holds the person's own, and the texts can be copied. */
"use strict";
(() => {
  const plain = (place, which) => place.querySelector(`[data-text=${which}]`).content.textContent;

  for (const place of document.querySelectorAll("[data-both]")) {
    const field = document.getElementById(place.dataset.both);
    if (!field?.matches("textarea, input:not([type=radio]):not([type=checkbox]), select")) continue;
    place.querySelector(".both-do").hidden = false;
    place.addEventListener("click", ({ target }) => {
      const which = target.dataset?.take;
      if (!which) return;
      const texts = which === "both" ? [plain(place, "theirs"), plain(place, "mine")] : [plain(place, which)];
      field.value = texts.filter(Boolean).join(field.matches("textarea") ? "\n" : " ");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
})();
