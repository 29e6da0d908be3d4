// What every part of the console is built with: elements, calls, lists. Data
// becomes text and attributes only, never markup.

import { lang, t } from './text.js';

/**
 * Makes an element. A property that is a function listens to the event named after "on"; true sets a
 * bare attribute; false, null and undefined set nothing.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** A refusal of the console's API, with every mistake: {place, problem}. */
export class Refusal extends Error {
  constructor(message, mistakes = []) {
    super(message);
    this.mistakes = mistakes;
  }

  /** Everything that is wrong, for where no field shows it. */
  get text() {
    return this.mistakes.map(({ place, problem }) => (place ? `${place}: ${problem}` : problem)).join('\n') || this.message;
  }
}

/** Calls the console's API and returns its answer, or throws a Refusal. */
export async function api(method, path, body) {
  const answer = await fetch(`/console/api/${path}${path.includes('?') ? '&' : '?'}lang=${lang}`, {
    method, ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => { throw new Refusal(t.unreachable); });
  if (answer.status === 204) return null;
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(json.error ?? `HTTP ${answer.status}`, json.mistakes);
  return json;
}

/** Tells the page that something was changed, and the user what. */
export function changed(message) {
  document.dispatchEvent(new CustomEvent('console:changed', { detail: message }));
}

/** Runs what a control asks for: the control is busy meanwhile, and a refusal goes to `refused`. */
export async function perform(control, run, refused) {
  if (control.getAttribute('aria-busy')) return;
  control.setAttribute('aria-busy', 'true');
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refused(error);
  } finally {
    control.removeAttribute('aria-busy');
  }
}

/**
 * A button that does something at the platform. A refusal is shown beside it, and stays until the next
 * try. `done` is said when it worked.
 */
export function action(label, run, { kind = 'plain', done = t.done, ...attributes } = {}) {
  const problem = h('span', { class: 'problem', role: 'alert' });
  const press = () => {
    problem.textContent = '';
    perform(button, async () => {
      if (await run() !== false) changed(done);
    }, (refusal) => { problem.textContent = refusal.text; });
  };
  const button = h('button', { type: 'button', class: kind, onclick: press, ...attributes }, label);
  return h('span', { class: 'act' }, button, problem);
}

/** Asks before something that cannot be undone, and resolves with the answer. */
export function confirmed(question, yes) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { 'aria-labelledby': 'question', onclose: () => { dialog.remove(); resolve(dialog.returnValue === 'yes'); } },
      h('form', { method: 'dialog' },
        h('p', { id: 'question' }, question),
        h('div', { class: 'bar' },
          h('button', { class: 'plain', value: 'no', autofocus: true }, t.cancel),
          h('button', { class: 'danger', value: 'yes' }, yes))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

const shown = new WeakMap();

/**
 * Keeps the children of `list` in step with `items`: an item that did not change keeps its element, with
 * what is typed and focused in it.
 */
export function keep(list, items, render, empty) {
  const before = new Map([...list.children].map((child) => [shown.get(child), child]));
  const after = items.map((item) => {
    const key = JSON.stringify(item);
    const element = before.get(key) ?? render(item);
    shown.set(element, key);
    return element;
  });
  if (!after.length) after.push(before.get(undefined) ?? h('p', { class: 'empty' }, empty));
  if (after.length === list.children.length && after.every((child, i) => child === list.children[i])) return;
  const focused = list.contains(document.activeElement) && document.activeElement;
  list.replaceChildren(...after);
  if (focused) (focused.isConnected ? focused : document.querySelector('h1')).focus();
}

/** A card with a heading. */
export const card = (title, ...children) => h('section', { class: 'card' }, h('h2', {}, title), ...children);

/** The head of a view. */
export const head = (title, lead, ...aside) => h('header', { class: 'head' }, h('div', {}, h('h1', { tabindex: -1 }, title), lead && h('p', { class: 'lead' }, lead)), ...aside);

export const picture = (user, size = 40) => h('img', {
  class: 'avatar', src: `/emulator/avatars/${user}/img_110x110.svg`, alt: '', width: size, height: size,
});

/** A moment in the user's own time zone. */
export const time = (iso) => h('time', { datetime: iso }, moment(new Date(iso)));
export const moment = (date) => date.toLocaleString(lang, { dateStyle: 'medium', timeStyle: 'medium' });

/** Copies a text, also where the page is not in a secure context. */
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = h('textarea', { value: text, class: 'away' });
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
