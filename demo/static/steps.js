// The steps of a login that this page cannot see: what the login window asks for,
// and what the token server asks Kakao. The demo's server records them.

import { settings } from './page.js';
import { log } from './log.js';

/** Where a page that leaves for a login notes when: its steps are those of the page that comes back. */
const left = 'kakaowasm-demo.left';

/** Notes that this page is about to leave for a login. */
export const leaving = () => sessionStorage.setItem(left, Date.now());

/**
 * Logs each step, at its place in time.
 * @param {(step: {from: string, to: string, method: string, path: string}) => void} onStep hears of those to come
 */
export function followSteps(onStep) {
  if (!settings.steps) return;
  const since = sessionStorage.getItem(left) ?? performance.timeOrigin;
  sessionStorage.removeItem(left);
  new EventSource(`${settings.steps}?since=${since}`).addEventListener('message', ({ data }) => {
    const step = JSON.parse(data);
    const { at, from, to, method, path, status, ms } = step;
    log('request', `${method} ${path}`, { status, ms }, { at, parties: [from, to] });
    onStep(step);
  });
}
