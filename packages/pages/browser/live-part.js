// @ts-check
// Keeps a part of the page up to date while something long is under way: `data-live` says every how many seconds. The part
// is taken from the page's own address; when it is no longer live, the whole page is shown anew, with what may follow.
const part = document.querySelector('[data-live]');
if (part instanceof HTMLElement) {
  const seconds = Math.max(1, Number(part.dataset['live']) || 2);
  const renew = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const next = page.getElementById(part.id);
      if (!answer.ok || !next?.hasAttribute('data-live')) {
        window.location.reload();
        return;
      }
      part.replaceChildren(...next.childNodes);
    } catch {
      // the network is away: what is shown stays, and the next turn tries again
    }
    window.setTimeout(() => void renew(), seconds * 1000);
  };
  window.setTimeout(() => void renew(), seconds * 1000);
}
