// @ts-check
// Says how many characters are left in a text that has a limit.
for (const output of document.querySelectorAll('[data-counts]')) {
  if (!(output instanceof HTMLElement)) continue;
  const field = document.getElementById(output.dataset['counts'] ?? '');
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) continue;
  const show = () => {
    output.textContent = `${field.value.length} / ${field.maxLength}`;
  };
  field.addEventListener('input', show);
  show();
}
