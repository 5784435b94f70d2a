/**
 * Shows the fields under an option while that option is chosen. The design system's own script would mark the option
 * with aria-expanded, which a radio may not carry; the fields follow their option in the page, which says as much.
 */
export function startReveal(scope) {
  const options = [...scope.querySelectorAll("[data-reveals]")];
  if (options.length === 0) return;
  const sync = () => {
    for (const option of options) {
      const kind = option.type === "radio" ? "radios" : "checkboxes";
      const part = document.getElementById(option.dataset.reveals);
      part.classList.toggle(`govuk-${kind}__conditional--hidden`, !option.checked);
    }
  };
  sync();
  scope.addEventListener("change", sync);
  window.addEventListener("pageshow", sync);
}
