// Runs before the page is drawn, so that nothing jumps when the components wake up. Kept apart from app.js because a
// module always runs late; kept out of the page because the content security policy allows no inline script.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
