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
  });
  for (const closer of dialog.querySelectorAll('[data-closes-dialog]')) {
    closer.addEventListener('click', (event) => {
      event.preventDefault();
      dialog.close();
    });
  }
  dialog.addEventListener('close', () => opener.focus());
}
