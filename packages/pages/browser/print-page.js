// @ts-check
// Shows the buttons that print the page: only a script can open the dialog.
for (const opener of document.querySelectorAll('[data-prints]')) {
  if (!(opener instanceof HTMLElement)) continue;
  opener.hidden = false;
  opener.addEventListener('click', () => window.print());
}
