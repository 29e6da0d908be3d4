// What a login in another window has come to, and the button that gives it up.

import { $, say } from './page.js';
import { log } from './log.js';

const stages = ['opened', 'asked', 'returned', 'exchanged'];

/** The login under way: how far it has come, and what had the focus before. */
let current;

/** The step that leads to each stage but the first; a login without one of them skips it. */
const reached = {
  asked: ({ from, to }) => from === 'window' && to === 'kakao',
  returned: ({ from, to, path }) => from === 'window' && to === 'server' && path.endsWith('/callback'),
  exchanged: ({ from, to, path }) => from === 'page' && to === 'server' && path.endsWith('/token'),
};

function show(stage) {
  for (const item of $('stages').children) {
    const before = stages.indexOf(item.dataset.stage) - stages.indexOf(stage);
    item.dataset.state = before < 0 ? 'done' : before > 0 ? 'ahead' : 'now';
    if (before === 0) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  }
  say(`stage.${stage}`);
}

/** Shows a step of the login under way. */
export function stepOfLogin(step) {
  if (!current) return;
  const stage = stages.findLast((name) => reached[name]?.(step));
  if (stages.indexOf(stage) <= stages.indexOf(current.stage)) return;
  current.stage = stage;
  show(stage);
}

/**
 * Begins to show a login.
 * @returns {() => void} call it when the login has ended; a later login is not ended by it
 */
export function wait() {
  const mine = { stage: 'opened', before: document.activeElement };
  current = mine;
  $('waiting').hidden = false;
  $('login').disabled = true;
  show('opened');
  $('waiting-cancel').focus();
  return () => { if (current === mine) over(); };
}

function over() {
  const focused = $('waiting').contains(document.activeElement);
  const { before } = current;
  current = undefined;
  $('waiting').hidden = true;
  $('login').disabled = false;
  if (focused) before?.focus();
}

/** Wires the button. */
export function waitingButton() {
  $('waiting-cancel').addEventListener('click', () => {
    log('call', 'Auth.cleanup');
    Kakao.Auth.cleanup(); // closes the window; the callbacks stay silent
    over();
    say('login.cancelled');
  });
}
