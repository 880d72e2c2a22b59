// @ts-check
// Opens a dialog in place where a link leads to its page, and gives the focus back on closing.
for (const opener of document.querySelectorAll('[data-opens-dialog]')) {
  if (!(opener instanceof HTMLElement)) continue;
  const dialog = document.getElementById(opener.dataset['opensDialog'] ?? '');
  if (!(dialog instanceof HTMLDialogElement)) continue;
  opener.addEventListener('click', (event) => {
    event.preventDefault();
    if (dialog.open) dialog.close();
    dialog.showModal();
    // The first key pressed in a hurry must not be the act that cannot be undone.
    const wayOut = dialog.querySelector('[data-closes-dialog] a');
    if (wayOut instanceof HTMLElement) wayOut.focus();
  });
  for (const closer of dialog.querySelectorAll('[data-closes-dialog]')) {
    closer.addEventListener('click', (event) => {
      event.preventDefault();
      dialog.close();
    });
  }
  dialog.addEventListener('close', () => opener.focus());
}
