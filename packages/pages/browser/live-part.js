// @ts-check
// Keeps a part of the page up to date while something long is under way: `data-live` says every how many seconds. The part
// is taken from the page's own address; when it is no longer live, the whole page is shown anew, with what may follow.
const part = document.querySelector('[data-live]');
if (part instanceof HTMLElement) {
  const seconds = Math.max(1, Number(part.dataset['live']) || 2);
  const wait = () => window.setTimeout(renew, seconds * 1000);
  const renew = () => {
    // the browser reads the document itself: trusted types let no script make one from text
    const request = new XMLHttpRequest();
    request.open('GET', window.location.href);
    request.responseType = 'document';
    request.addEventListener('load', () => {
      const next = request.responseXML?.getElementById(part.id);
      if (request.status !== 200 || !next?.hasAttribute('data-live')) {
        window.location.reload();
        return;
      }
      part.replaceChildren(...next.childNodes);
      wait();
    });
    // the network is away: what is shown stays, and the next turn tries again
    request.addEventListener('error', wait);
    request.send();
  };
  wait();
}
