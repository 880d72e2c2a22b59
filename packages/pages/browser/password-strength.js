// Says, while a new password is typed, whether it grows long and varied enough. The server alone decides.
for (const meter of document.querySelectorAll('[data-strength-of]')) {
  if (!(meter instanceof HTMLElement)) continue;
  const field = document.getElementById(meter.dataset.strengthOf ?? '');
  const words = (meter.dataset.words ?? '').split('|');
  if (!(field instanceof HTMLInputElement) || words.length < 3) continue;
  const bar = document.createElement('progress');
  bar.max = 20;
  const text = document.createElement('span');
  meter.append(bar, text);
  field.addEventListener('input', () => {
    const typed = Array.from(field.value);
    meter.hidden = typed.length === 0;
    // a character that repeats or follows its neighbour adds little
    let worth = 0;
    typed.forEach((character, place) => {
      const step =
        place === 0 ? 9 : (character.codePointAt(0) ?? 0) - (typed[place - 1]?.codePointAt(0) ?? 0);
      worth += Math.abs(step) <= 1 || typed.indexOf(character) < place ? 0.5 : 1;
    });
    bar.value = Math.min(worth, 20);
    bar.setAttribute('aria-hidden', 'true');
    const level = worth < 8 ? 0 : worth < 12 ? 1 : 2;
    meter.dataset.level = String(level);
    text.textContent = words[level] ?? '';
  });
}
