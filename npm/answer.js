// The relay page on another origin leaves its answer in the fragment of the page's address. It is moved to
// where the relay page on this origin leaves it, before a router of the page takes the fragment for a route.

const FRAGMENT = '#kakaowasm=';

/**
 * Takes the answer to a login out of the page's address, if this tab holds the record of that login. What
 * anybody else has written there stays.
 */
export function takeAnswer() {
  try {
    if (typeof window === 'undefined' || window.top !== window || !location.hash.startsWith(FRAGMENT)) return;
    const answer = decodeURIComponent(location.hash.slice(FRAGMENT.length));
    const { state } = JSON.parse(answer);
    if (!sessionStorage.getItem('kakaowasm:login:' + state)) return;
    sessionStorage.setItem('kakaowasm:result:' + state, answer);
    const back = new URL(location.href);
    back.hash = new URL(sessionStorage.getItem('kakaowasm:return:' + state) ?? location.origin).hash;
    history.replaceState(history.state, '', back.href);
  } catch {
    // Not an answer, or not a browser.
  }
}
