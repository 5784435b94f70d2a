/** A button that copies the text of the element whose id it names. It stays hidden where the browser cannot copy. */
export function startCopy(scope) {
  if (!navigator.clipboard) return;
  for (const button of scope.querySelectorAll("[data-copy]")) {
    const words = button.querySelector("[data-copy-text]");
    const before = words.textContent;
    words.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const value = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(value.textContent.trim());
      words.textContent = button.dataset.done;
      window.setTimeout(() => {
        words.textContent = before;
      }, 4000);
    });
  }
}
