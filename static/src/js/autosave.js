/**
 * Saves a form while it is being written. Without this script the form's own Save button does the same work.
 *
 *   <form method="post" action="…" data-autosave="/address/that/answers/json" data-autosave-saved="Saved %{time}" …>
 *
 * The address takes the same fields as the form and answers
 *   200 {"version": "…"}             saved; `version` goes back into the field named `version`, if there is one
 *   409 {"message": "…"}             somebody else saved first: said out loud, and nothing more is sent until a reload
 *   422 {"errors": {"field": ["…"]}} not saved: the words are shown, the next change tries again
 * Only one request is under way at a time, so that an older text can never overtake a newer one.
 */
const DELAY = 1200;
const RETRY = 8000;

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
    this.saved = this.text();
    form.addEventListener("input", () => this.later(DELAY));
    form.addEventListener("change", () => this.later(0));
    form.addEventListener("submit", () => this.stop());
    window.addEventListener("beforeunload", (event) => {
      if (!this.stopped && this.text() !== this.saved) event.preventDefault();
    });
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
    if (!this.stopped && this.text() !== text) this.later(DELAY);
  }

  async send(text) {
    const response = await fetch(this.form.dataset.autosave, {
      method: "POST",
      body: this.body(),
      credentials: "same-origin",
      redirect: "error",
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) this.done(text, answer);
    else if (response.status === 409) this.conflict(answer);
    else if (response.status === 422) this.refused(answer);
    else throw new Error(`Autosave answered ${response.status}`);
  }

  done(text, answer) {
    this.saved = text;
    const version = this.form.elements.namedItem("version");
    if (version && answer.version !== undefined) version.value = answer.version;
    const now = new Date();
    this.say("saved", { time: `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}` });
    this.form.dispatchEvent(new CustomEvent("wm:saved", { bubbles: true, detail: answer }));
  }

  conflict(answer) {
    this.stop();
    this.say("conflict", { message: answer.message ?? "" });
  }

  refused(answer) {
    const words = Object.values(answer.errors ?? {}).flat().join(" ");
    this.say("refused", { message: words });
  }

  /** The words are the page's, so that they can be translated; `%{…}` is filled in here. */
  say(state, values = {}) {
    if (!this.status) return;
    const pattern = this.status.dataset[state] ?? "";
    this.status.dataset.state = state;
    this.status.textContent = pattern.replace(/%\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }
}
