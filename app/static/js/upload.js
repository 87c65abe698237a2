/* Files: their name and size once chosen, and forms with data-upload=ROW that send a file at once, with its progress.
   The answer is the page itself; its element ROW, and every element with data-fresh and an id, replaces ours. */
"use strict";
(() => {
  const { all, fill, words, language } = window.madang;

  function size(bytes) {
    const mega = bytes / 1024 / 1024;
    if (mega >= 1) return `${mega.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 })}MB`;
    return `${Math.max(1, Math.round(bytes / 1024)).toLocaleString(language)}KB`;
  }

  /* The sentence that refuses what is too large, before it travels. */
  function refusal(input) {
    const [file] = input.files;
    const limit = Number(input.dataset.maxBytes || 0);
    return file && limit && file.size > limit ? fill(input.dataset.tooLarge, { size: size(file.size) }) : "";
  }

  function say(place, text, bad = false) {
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("field-error", bad);
  }

  function chosen(input) {
    const [file] = input.files;
    const place = all("[data-file-state]").find((at) => at.dataset.fileState === input.id);
    const refused = refusal(input);
    if (refused) input.value = "";
    say(place, refused || (file ? `${file.name} · ${size(file.size)}` : ""), Boolean(refused));
  }

  function send(form, input) {
    const row = document.getElementById(form.dataset.upload);
    const state = row.querySelector("[data-upload-state]");
    const bar = row.querySelector("progress");
    const refused = refusal(input);
    if (refused) {
      input.value = "";
      return say(state, refused, true);
    }
    const request = new XMLHttpRequest();
    const stop = document.createElement("button");
    Object.assign(stop, { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: words.stop });
    const rest = () => {
      stop.remove();
      bar.hidden = true;
      form.hidden = false;
    };
    const fail = (sentence) => {
      rest();
      input.value = "";
      say(state, sentence, true);
      input.focus();
    };
    stop.addEventListener("click", () => request.abort());
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? (100 * loaded) / total : 0;
      const tenth = Math.floor(bar.value / 10);
      if (String(tenth) === bar.dataset.tenth) return; // the status is read out, so it changes at tenths only
      bar.dataset.tenth = tenth;
      say(state, fill(form.dataset.progress, { sent: size(loaded), total: size(total) }));
    });
    request.addEventListener("error", () => fail(form.dataset.failed));
    request.addEventListener("abort", () => fail(words.stopped));
    request.addEventListener("load", () => {
      const signIn = document.querySelector("meta[name=sign-in]")?.content;
      if (request.status === 401 || (signIn && new URL(request.responseURL).pathname === signIn)) return fail(words.expired);
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      const fresh = answer.getElementById(row.id);
      if (!fresh) return fail(request.status === 413 ? words.tooLarge : form.dataset.failed);
      for (const ours of all("[data-fresh][id]")) {
        const theirs = answer.getElementById(ours.id);
        if (theirs && !ours.contains(row)) ours.replaceWith(theirs);
      }
      row.replaceWith(fresh);
      window.htmx?.process(fresh);
      (fresh.querySelector("a, input[type=file]") ?? fresh).focus();
    });
    request.open("POST", form.action);
    const data = new FormData(form);
    form.hidden = true;
    bar.hidden = false;
    bar.value = 0;
    bar.dataset.tenth = "";
    row.querySelector(".actions").append(stop);
    request.send(data);
  }

  document.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return;
    if (target.form?.dataset.upload) {
      if (target.files.length) send(target.form, target);
    } else {
      chosen(target);
    }
  });
})();
