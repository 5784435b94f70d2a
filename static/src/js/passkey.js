/**
 * Says what allauth's scripts would only write to the console: the person said no, no key was found, or the browser
 * takes no passkeys at this address. The words are the page's, so that they can be translated.
 */
export function startPasskey() {
  const place = document.querySelector("[data-passkey-failed]");
  if (!place) return;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const refusedHere = event.detail.exception?.name === "SecurityError";
    place.textContent = refusedHere ? place.dataset.passkeyAddress : place.dataset.passkeyFailed;
  });
}
