/**
 * Saves a form while it is being written. Without this script the form's own Save button does the same work.
 *
 *   <form method="post" action="…" data-autosave="/address/that/answers/json">
 *
 * The address takes the same fields as the form and answers
 *   200 {"version": "…"}             saved; `version` goes back into the field named `version`, if there is one
 *   409 {"message": "…"}             somebody else saved first: said out loud, and nothing more is sent until a reload
 *   422 {"errors": {"field": ["…"]}} not saved: the words are shown, the next change tries again
 * A redirect, 401 or 403 means that the sign-in has ended. Only one request is under way at a time, the Save button's
 * included: an older text can never overtake a newer one, nor a person be told of a conflict with themselves.
 */
const DELAY = 1200;
const RETRY = 8000;
const TIMEOUT = 20000;

export function startAutosave(scope) {
  const forms = [...scope.querySelectorAll("form[data-autosave]")];
  if (scope.matches?.("form[data-autosave]")) forms.push(scope);
  for (const form of forms) new Autosave(form);
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]");
    this.timer = 0;
    this.busy = false;
    this.stopped = false;
    this.submitLater = null;
    this.saved = this.text();
    form.addEventListener("input", () => this.later(DELAY));
    form.addEventListener("change", () => this.later(0));
    form.addEventListener("submit", (event) => this.onSubmit(event));
    window.addEventListener("beforeunload", (event) => {
      if (!this.stopped && this.text() !== this.saved) event.preventDefault();
    });
  }

  onSubmit(event) {
    this.stop();
    if (!this.busy) return;
    event.preventDefault();
    const { submitter } = event;
    this.submitLater = () => this.form.requestSubmit(submitter);
  }

  /** What would be sent, files left out: they go with the Save button only. */
  body() {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string") data.append(name, value);
    }
    return data;
  }

  text() {
    const data = this.body();
    data.delete("version");
    data.delete("csrfmiddlewaretoken");
    return data.toString();
  }

  stop() {
    this.stopped = true;
    window.clearTimeout(this.timer);
  }

  later(delay) {
    if (this.stopped) return;
    // "Saved" over words that are not would be believed, and the page closed.
    if (this.status?.dataset.state === "saved" && this.text() !== this.saved) this.say("waiting");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), delay);
  }

  async save() {
    const text = this.text();
    if (this.busy || this.stopped || text === this.saved) return;
    this.busy = true;
    this.say("saving");
    try {
      await this.send(text);
    } catch {
      this.say("offline");
      this.later(RETRY);
    } finally {
      this.busy = false;
    }
    if (this.submitLater) this.submitLater();
    else if (this.text() !== text) this.later(DELAY);
  }

  async send(text) {
    const response = await fetch(this.form.dataset.autosave, {
      method: "POST",
      body: this.body(),
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) this.done(text, answer);
    else if (response.status === 422) this.say("refused", { message: Object.values(answer.errors ?? {}).flat().join(" ") });
    else if (response.status === 409) this.end("conflict", answer);
    else if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) this.end("signedout", answer);
    else throw new Error(`Autosave answered ${response.status}`);
  }

  done(text, answer) {
    this.saved = text;
    const version = this.form.elements.namedItem("version");
    if (version && answer.version !== undefined) version.value = answer.version;
    const now = new Date();
    const half = now.getHours() < 12 ? "am" : "pm";
    const time = `${now.getHours() % 12 || 12}:${String(now.getMinutes()).padStart(2, "0")}${half}`;
    // Whoever wrote on meanwhile reads "Saving…" until that is saved too.
    if (this.text() === text) this.say("saved", { time });
    this.form.dispatchEvent(new CustomEvent("wm:saved", { bubbles: true, detail: answer }));
  }

  end(state, answer) {
    this.stop();
    this.say(state, { message: answer.message ?? "" });
  }

  /** The words are the page's, so that they can be translated; `%{…}` is filled in here. */
  say(state, values = {}) {
    if (!this.status) return;
    // Without words of its own, as "waiting", a state says nothing.
    const pattern = this.status.dataset[state] ?? "";
    this.status.dataset.state = state;
    this.status.textContent = pattern.replace(/%\{(\w+)\}/g, (_, name) => values[name] ?? "").replace(/\s+/g, " ");
  }
}
