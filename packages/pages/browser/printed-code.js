// @ts-check
// Takes a printed code out of the address's fragment, where a QR code put it, and sends the form with it.
const field = document.querySelector('[data-fills-from-address]');
const fragment = window.location.hash.slice(1);
if (field instanceof HTMLInputElement && /^[\w-]{8,64}$/.test(fragment)) {
  // The code leaves the address bar and the history before anything else.
  window.history.replaceState(null, '', window.location.pathname);
  field.value = fragment;
  if (field.dataset['fillsFromAddress'] === 'send') field.form?.requestSubmit();
}
