/* A file in pieces, by the tus protocol 1.0.0: it goes on after a lost connection, a pause, or a reload of the page.

   madang.sendInPieces({ url, file, metadata, token, person }, tell) begins, and returns { pause, resume, stop }. `tell` is told
   progress(sent), state("sending" | "offline" | "paused"), done(id) and failed(sentence, status). Where an upload of the same file
   was begun on this device it is continued; what has arrived, only the server says. */
"use strict";
(() => {
  const { all } = window.madang;
  const PIECE = 8 * 1024 * 1024; // no more travels twice than the network had not delivered; this only bounds one request
  const STALLED = 45000; // without a byte for so long, the connection is taken for dead
  const WAITS = [1000, 2000, 4000, 8000, 15000, 30000];
  const KEY = "madang:upload:";

  const keyOf = ({ url, file, metadata, person }) =>
    `${KEY}${[person, url, metadata.question, file.name, file.size, file.lastModified].join(":")}`;

  /* The note of an upload on this device. A store that is full or forbidden costs the way back after a reload, no more. */
  const notes = {
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // as above
      }
    },
    drop(key) {
      try {
        localStorage.removeItem(key);
      } catch {
        // as above
      }
    },
    keys() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(KEY));
      } catch {
        return [];
      }
    },
  };

  const base64 = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));

  function sendInPieces(asked, tell) {
    const { url, file, metadata, token } = asked;
    const key = keyOf(asked);
    let place = notes.get(key)?.place ?? "";
    let request = null;
    let timer = 0;
    let tries = 0;
    let halted = false; // paused or ended: no answer leads on from here

    function ask(method, to, headers, body, onProgress) {
      return new Promise((resolve) => {
        const sent = (request = new XMLHttpRequest());
        let watch = 0;
        const alive = () => {
          clearTimeout(watch);
          watch = setTimeout(() => sent.abort(), STALLED);
        };
        sent.addEventListener("loadend", () => {
          clearTimeout(watch);
          if (request === sent) request = null;
          resolve(sent);
        });
        if (onProgress) sent.upload.addEventListener("progress", ({ loaded }) => (alive(), onProgress(loaded)));
        sent.open(method, to);
        const usual = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, "HX-Request": "true" };
        for (const [name, value] of Object.entries({ ...usual, ...headers })) sent.setRequestHeader(name, value);
        alive();
        sent.send(body);
      });
    }

    function end() {
      halted = true;
      clearTimeout(timer);
      window.removeEventListener("online", back);
    }

    function fail(answer) {
      end();
      if (answer.status !== 401) notes.drop(key); // who signs in again goes on
      tell.failed(answer.responseText ?? "", answer.status);
    }

    /* The network or the server is away for a while: again, and at once when the browser finds a connection. */
    function later() {
      if (halted) return;
      if (!navigator.onLine || tries > 0) tell.state("offline");
      timer = setTimeout(run, WAITS[Math.min(tries, WAITS.length - 1)]);
      tries += 1;
    }

    function back() {
      if (halted || request) return;
      clearTimeout(timer);
      tries = 0;
      run();
    }

    const transient = ({ status }) => status === 0 || status === 408 || status === 423 || status === 460 || status >= 500;

    async function create() {
      const pairs = Object.entries({ ...metadata, filename: file.name }).map(([name, value]) => `${name} ${base64(value)}`);
      const answer = await ask("POST", url, { "Upload-Length": String(file.size), "Upload-Metadata": pairs.join(",") });
      if (halted) return null;
      if (answer.status === 507 || (answer.status !== 201 && !transient(answer))) return fail(answer), null;
      if (answer.status !== 201) return later(), null;
      place = answer.getResponseHeader("Location");
      notes.set(key, { at: Date.now(), place, name: file.name });
      return 0;
    }

    /* How much has arrived; null where there is nothing to go on from at the moment. */
    async function arrived() {
      if (!place) return create();
      const answer = await ask("HEAD", place);
      if (halted) return null;
      if (answer.status === 200) return Number(answer.getResponseHeader("Upload-Offset"));
      if (transient(answer)) return later(), null;
      if (answer.status === 401) return fail(answer), null;
      place = "";
      notes.drop(key);
      return create();
    }

    async function run() {
      if (halted) return;
      let offset = await arrived();
      while (offset !== null && offset < file.size) {
        tell.state("sending");
        tell.progress(offset);
        const from = offset;
        const headers = { "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" };
        const answer = await ask("PATCH", place, headers, file.slice(from, from + PIECE), (loaded) => tell.progress(from + loaded));
        if (halted) return;
        if (answer.status === 204) {
          offset = Number(answer.getResponseHeader("Upload-Offset"));
          tries = 0;
        } else if (answer.status === 507) {
          return fail(answer);
        } else if (answer.status === 409 || transient(answer)) {
          return later();
        } else {
          return fail(answer);
        }
      }
      if (offset === null || halted) return;
      end();
      notes.drop(key);
      tell.done(place.split("/").pop());
    }

    window.addEventListener("online", back);
    run();
    return {
      pause() {
        halted = true;
        clearTimeout(timer);
        request?.abort();
        tell.state("paused");
      },
      resume() {
        halted = false;
        tries = 0;
        run();
      },
      stop() {
        end();
        request?.abort();
        notes.drop(key);
        if (place) ask("DELETE", place);
      },
    };
  }

  /* The names of files whose upload to `url` for `question` was begun on this device and not finished. */
  const unfinished = ({ url, question, person }) =>
    notes
      .keys()
      .filter((key) => key.startsWith(`${KEY}${[person, url, question].join(":")}:`))
      .map((key) => notes.get(key)?.name)
      .filter(Boolean);

  Object.assign(window.madang, { sendInPieces, unfinished });

  /* Say on the page what stopped halfway: the same file, chosen again, goes on. */
  for (const form of all("form[data-pieces]")) {
    const [name] = unfinished({ url: form.dataset.pieces, question: form.dataset.question, person: document.documentElement.dataset.person ?? "" });
    const state = document.getElementById(form.dataset.upload)?.querySelector("[data-upload-state]");
    if (name && state) state.textContent = form.dataset.unfinished.replace("{name}", name);
  }
})();
