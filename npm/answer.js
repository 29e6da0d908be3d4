// The relay page on another origin leaves its answer in the fragment of the page's address. It is moved to
// where the relay page on this origin leaves it, before a router of the page takes the fragment for a route.

const FRAGMENT = '#kakaowasm=';

/** How long a page that waits for the answer has to say that it heard, in milliseconds. */
const HEARS_WITHIN = 3000;

/**
 * Takes the answer to a login out of the page's address, if this tab holds the record of that login. What
 * anybody else has written there stays.
 */
export function takeAnswer() {
  try {
    if (typeof window === 'undefined' || window.top !== window || !location.hash.startsWith(FRAGMENT)) return;
    const answer = decodeURIComponent(location.hash.slice(FRAGMENT.length));
    const message = JSON.parse(answer);
    const { state } = message;
    if (!sessionStorage.getItem('kakaowasm:login:' + state)) return;
    sessionStorage.setItem('kakaowasm:result:' + state, answer);
    const back = new URL(location.href);
    back.hash = new URL(sessionStorage.getItem('kakaowasm:return:' + state) ?? location.origin).hash;
    history.replaceState(history.state, '', back.href);
    if (state.startsWith('p.')) tellPage(state, message);
  } catch {
    // Not an answer, or not a browser.
  }
}

/**
 * Tells the page whose popup this window is, if it still waits, and closes it once that page has heard. The relay page
 * could not: its origin is another, and an opener policy has cut it off.
 * @param {string} state
 * @param {object} message
 */
function tellPage(state, message) {
  const channel = new BroadcastChannel('kakaowasm:' + state);
  channel.onmessage = ({ data }) => {
    if (data?.heard === 1) window.close();
  };
  channel.postMessage(message);
  setTimeout(() => channel.close(), HEARS_WITHIN);
}
