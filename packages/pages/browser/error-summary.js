// @ts-check
// Brings the reader to the summary of errors when a form comes back.
const summary = document.querySelector('[data-error-summary]');
if (summary instanceof HTMLElement) summary.focus();
