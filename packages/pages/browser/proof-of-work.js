// Solves the challenge of a form beside the page, while the person types. A form that is sent before waits for it; where
// the browser cannot, the words about waiting are shown instead and the form goes as it is.
for (const box of document.querySelectorAll('[data-work-seed]')) {
  if (!(box instanceof HTMLElement)) continue;
  const solution = box.querySelector('input[data-work-solution]');
  const status = box.querySelector('[role=status]');
  const wait = box.querySelector('[data-work-wait]');
  if (!(solution instanceof HTMLInputElement) || !(status instanceof HTMLElement)) continue;
  if (!(wait instanceof HTMLElement) || !solution.form) continue;
  const { form } = solution;
  const { workSeed: seed, workParts, workZeroBits, workWorker = '', workWorking, workDone } = box.dataset;
  let isGivenUp = false;
  /** @type {HTMLElement | null | undefined} */
  let pressed;

  const giveUp = () => {
    isGivenUp = true;
    status.textContent = '';
    wait.hidden = false;
  };
  const solved = (/** @type {MessageEvent<string>} */ { data }) => {
    solution.value = data;
    if (pressed === undefined) return;
    status.textContent = workDone ?? '';
    form.requestSubmit(pressed);
  };
  if (workWorker === '') continue; // nothing to calculate with: the words about waiting stay
  wait.hidden = true;
  form.addEventListener('submit', (event) => {
    if (isGivenUp || solution.value !== '') return;
    event.preventDefault();
    pressed = event.submitter;
    status.textContent = workWorking ?? '';
  });
  try {
    // The one address of a script that this page may start: our own, as it stands in the page (Trusted Types).
    /** @type {{ createPolicy(name: string, rules: object): { createScriptURL(address: string): string } } | undefined} */
    const trustedTypes = Reflect.get(window, 'trustedTypes');
    const policy = trustedTypes?.createPolicy('socle-worker', {
      createScriptURL: (/** @type {string} */ address) => {
        if (!/^\/[\w./-]+\.js$/.test(address)) throw new TypeError('not a script of ours');
        return address;
      },
    });
    const worker = new Worker(policy?.createScriptURL(workWorker) ?? workWorker);
    worker.addEventListener('message', solved);
    worker.addEventListener('error', giveUp);
    worker.postMessage({ seed, parts: Number(workParts), zeroBits: Number(workZeroBits) });
  } catch {
    giveUp();
  }
}
