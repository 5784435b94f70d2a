import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll,
} from "govuk-frontend";

import { startAutosave } from "./autosave.js";
import { startCopy } from "./copy.js";
import { startPasskey } from "./passkey.js";
import { startPrint } from "./print.js";
import { startReveal } from "./reveal.js";

// In this order: banner and summary both take the focus, and what is wrong must have it last.
const COMPONENTS = [
  Button,
  CharacterCount,
  Checkboxes,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  Tabs,
  ErrorSummary,
];

/** Wakes whatever is inside `scope`; called again for what htmx brings, where only the new part is asked. */
function start(scope) {
  for (const Component of COMPONENTS) createAll(Component, {}, { scope });
  startAutosave(scope);
  startCopy(scope);
  startPrint(scope);
  startReveal(scope);
}

start(document);
startPasskey();
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt);
});
