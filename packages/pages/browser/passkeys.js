// Passkeys: asks the browser for the answer to the options that stand on a form, and sends it as an ordinary field.
// Without passkeys, or in a browser that does not read their options as JSON, the form stays hidden.
for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!(form instanceof HTMLFormElement)) continue;
  const { PublicKeyCredential } = window;
  if (!PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  const field = form.elements.namedItem('response');
  const failure = form.querySelector('[role=alert]');
  if (!(field instanceof HTMLInputElement) || !(failure instanceof HTMLElement)) continue;
  const options = JSON.parse(form.dataset.options ?? '{}');
  let waiting = new AbortController();
  form.hidden = false;

  const ask = async (/** @type {CredentialMediationRequirement | undefined} */ mediation) => {
    waiting.abort();
    waiting = new AbortController();
    const { signal } = waiting;
    const credential =
      form.dataset.passkey === 'create'
        ? await navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
            signal,
          })
        : await navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
            signal,
            ...(mediation ? { mediation } : {}),
          });
    if (!(credential instanceof PublicKeyCredential)) return;
    field.value = JSON.stringify(credential);
    form.requestSubmit();
  };

  form.addEventListener('submit', (event) => {
    if (field.value !== '') return;
    event.preventDefault();
    failure.hidden = true;
    ask(undefined).catch(() => {
      failure.hidden = false;
    });
  });

  if (form.dataset.conditional !== undefined) {
    // what is thrown: the person typed a password instead, or pressed the button
    const offer = async () => {
      if (await PublicKeyCredential.isConditionalMediationAvailable?.()) await ask('conditional');
    };
    offer().catch(() => {});
  }
}
