/* Files: their name and size once chosen, and forms with data-upload=ROW that send a file at once, with its progress.
   With data-pieces (where files in pieces are sent, see pieces.js) a larger one can be paused, and goes on where it stopped.
   The answer is the page itself; its element ROW, and every element with data-fresh and an id, replaces ours. */
"use strict";
(() => {
  const { all, fill, words, language } = window.madang;
  const SMALL = 1024 * 1024; // a file that is sent again in a moment needs no pieces

  function size(bytes) {
    const mega = bytes / 1024 / 1024;
    if (mega >= 1) return `${mega.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 })}MB`;
    return `${Math.max(bytes ? 1 : 0, Math.round(bytes / 1024)).toLocaleString(language)}KB`;
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

  /* The row while its file travels: the bar, the sentence, and buttons in the place of the form. */
  function travelling(form, input) {
    const row = document.getElementById(form.dataset.upload);
    const state = row.querySelector("[data-upload-state]");
    const bar = row.querySelector("progress");
    const buttons = [];
    const button = (label, act) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: label });
      made.addEventListener("click", act);
      row.querySelector(".actions").append(made);
      buttons.push(made);
      return made;
    };
    const rest = () => {
      for (const made of buttons) made.remove();
      bar.hidden = true;
      form.hidden = false;
    };
    const fail = (sentence) => {
      rest();
      input.value = "";
      say(state, sentence, true);
      input.focus();
    };
    const progress = (loaded, total) => {
      bar.value = total ? (100 * loaded) / total : 0;
      const tenth = String(Math.floor(bar.value / 10));
      if (tenth === bar.dataset.tenth) return; // the status is read out, so it changes at tenths only
      bar.dataset.tenth = tenth;
      say(state, fill(form.dataset.progress, { sent: size(loaded), total: size(total) }));
    };
    form.hidden = true;
    bar.hidden = false;
    bar.value = 0;
    bar.dataset.tenth = "";
    return { row, state, bar, button, fail, progress };
  }

  /* Post the form; the answer is the page, whose row takes the place of ours. */
  function deliver(form, data, { row, fail, progress }) {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => progress?.(loaded, total));
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
    request.send(data);
    return request;
  }

  function send(form, input) {
    const refused = refusal(input);
    if (refused) {
      input.value = "";
      return say(document.getElementById(form.dataset.upload).querySelector("[data-upload-state]"), refused, true);
    }
    const [file] = input.files;
    if (form.dataset.pieces && file.size > SMALL) return sendPieces(form, input, file);
    const data = new FormData(form);
    const on = travelling(form, input);
    const request = deliver(form, data, on);
    on.button(words.stop, () => request.abort());
  }

  function sendPieces(form, input, file) {
    const data = new FormData(form);
    data.delete(input.name);
    const on = travelling(form, input);
    const { dataset } = form;
    const asked = {
      url: dataset.pieces,
      file,
      metadata: { question: dataset.question },
      token: form.elements.namedItem("csrf_token").value,
      person: document.documentElement.dataset.person ?? "",
    };
    const pause = on.button(dataset.pause, () => {
      const paused = pause.dataset.on === "1";
      pause.dataset.on = paused ? "" : "1";
      pause.textContent = paused ? dataset.pause : dataset.resume;
      if (paused) sending.resume();
      else sending.pause();
    });
    on.button(words.stop, () => {
      sending.stop();
      on.fail(words.stopped);
    });
    const sending = window.madang.sendInPieces(asked, {
      progress: (sent) => on.progress(sent, file.size),
      state: (name) => {
        on.row.dataset.upload = name;
        if (name !== "sending") say(on.state, dataset[name]);
        on.bar.dataset.tenth = "";
      },
      failed: (sentence, status) => on.fail(status === 401 ? words.expired : (status >= 400 && status < 600 && !sentence.includes("<") && sentence) || dataset.failed),
      done: (id) => {
        pause.remove();
        say(on.state, dataset.checking);
        data.set("upload", id);
        deliver(form, data, { ...on, progress: null });
      },
    });
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
