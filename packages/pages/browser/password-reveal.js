// @ts-check
// Shows the reveal button beside a password and switches the field between hidden and shown.
for (const button of document.querySelectorAll('[data-reveals]')) {
  if (!(button instanceof HTMLButtonElement)) continue;
  const field = document.getElementById(button.dataset['reveals'] ?? '');
  if (!(field instanceof HTMLInputElement)) continue;
  button.hidden = false;
  button.addEventListener('click', () => {
    const shown = field.type === 'text';
    field.type = shown ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!shown));
  });
  field.form?.addEventListener('submit', () => {
    field.type = 'password';
  });
}
