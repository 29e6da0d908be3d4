// The frame of the console: it chooses the view that the address names and
// keeps it in step with the platform.

import { api, h, head, Refusal } from './dom.js';
import { appList, appPage } from './apps.js';
import { linkList, userList, userPage } from './users.js';
import { callPage, oneCall, oneLogin } from './traffic.js';
import { messagePage, webhookPage } from './delivered.js';
import { clockAhead, clockNow, faultPage, platformPage } from './platform.js';
import { lang, t } from './text.js';

/** The views by the first part of the address, in the order of the navigation. */
const VIEWS = {
  apps: [t.apps, (id) => (id ? appPage(id) : appList())],
  users: [t.users, (id) => (id ? userPage(id) : userList())],
  links: [t.links, linkList],
  calls: [t.calls, (id) => (id ? oneCall(id) : callPage())],
  webhooks: [t.webhooks, webhookPage],
  messages: [t.messages, messagePage],
  faults: [t.faults, faultPage],
  platform: [t.platform, platformPage],
};

/** Views that the navigation does not name, with the one that it marks for them. */
const BELOW = { logins: ['calls', (id) => oneLogin(id)] };

const nothing = () => ({ node: h('div', {}, head(t.noView), h('p', {}, h('a', { href: '#/apps' }, t.apps))) });

/** How often the page asks what is new, in milliseconds. */
const PACE = 1000;

const consoleName = document.title;
const status = document.getElementById('status');
const offline = document.getElementById('offline');
const place = document.getElementById('view');
const clock = document.getElementById('clock');
const counts = { faults: h('span', { class: 'count' }), links: h('span', { class: 'count' }) };

/** Views that hold something unsaved, by their address: whoever comes back finds it. */
const unsaved = new Map();
let address;
let view;
let state;
let asked = 0;
let fading;

function show() {
  const wanted = location.hash.slice(2) || 'apps';
  if (wanted === address) return;
  if (view?.dirty?.()) unsaved.set(address, view);
  document.querySelector('dialog[open]')?.close('no'); // it asked about what is no longer here
  const [name, id] = wanted.split('/');
  const [parent, below] = BELOW[name] ?? [name];
  const [title, list] = VIEWS[parent] ?? [t.noView, nothing];
  const make = below ?? list;
  const first = !address;
  address = wanted;
  view = unsaved.get(wanted) ?? make(id && Number(id));
  unsaved.delete(wanted);
  place.replaceChildren(view.node);
  document.title = `${title} · ${consoleName}`;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#/${parent}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.getElementById('other').hash = location.hash;
  if (state) view.update?.(state);
  refresh();
  if (first) return;
  scrollTo(0, 0);
  place.querySelector('h1')?.focus();
}

/** Asks the platform what is new. One that does not answer is said so, and asked again. */
async function refresh() {
  const question = ++asked;
  try {
    const [now] = await Promise.all([api('GET', 'overview'), view.poll?.()]);
    if (question !== asked) return; // what was asked later is on its way
    state = { ...now, heard: performance.now() };
    if (!offline.hidden) view.restart?.();
    offline.hidden = true;
    view.update?.(state);
    for (const [name, badge] of Object.entries(counts)) {
      badge.textContent = state[name].length;
      badge.hidden = !state[name].length;
    }
    tick();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    offline.hidden = false;
  }
}

function tick() {
  if (!state) return;
  clock.textContent = [clockNow(state).toLocaleTimeString(lang), clockAhead(state), state.clock.stopped && t.stopped].filter(Boolean).join(' · ');
  clock.classList.toggle('moved', Boolean(clockAhead(state)) || state.clock.stopped);
  view.tick?.(state);
}

async function follow() {
  if (!document.hidden) await refresh();
  setTimeout(follow, PACE);
}

/** What is called shows at once: the platform tells of it, and the view asks what it was. */
function listen() {
  const stream = new EventSource('/console/api/stream');
  let waiting;
  stream.addEventListener('call', () => {
    if (document.hidden || waiting) return;
    waiting = setTimeout(() => { waiting = undefined; refresh(); }, 50); // calls come in bursts
  });
}

document.getElementById('nav').append(...Object.entries(VIEWS).map(([name, [title]]) => h('a', { href: `#/${name}` }, title, counts[name])));
offline.textContent = t.unreachable;
document.addEventListener('console:changed', ({ detail }) => {
  status.textContent = detail;
  clearTimeout(fading);
  fading = setTimeout(() => { status.textContent = ''; }, 3000);
  refresh();
});
document.querySelector('.skip').addEventListener('click', (event) => { // the address names the view
  event.preventDefault();
  place.focus();
});
addEventListener('hashchange', show);
addEventListener('beforeunload', (event) => {
  if (unsaved.size || view.dirty?.()) event.preventDefault();
});
setInterval(tick, 1000);
show();
follow();
listen();
