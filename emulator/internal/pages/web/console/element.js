// The pages around the form of an app or a user: how one is made, edited as JSON,
// and kept in step with what others change.

import { action, h, perform, Refusal } from './dom.js';
import { showMistakes } from './form.js';
import { t } from './text.js';

/** A small form that makes an element of one text, which is its member `place`. */
export function maker(label, submit, place, create) {
  const control = h('input', { type: 'text', placeholder: label, 'aria-label': label, 'data-place': place, autocomplete: 'off' });
  const button = h('button', { class: 'primary' }, submit);
  const problem = h('p', { class: 'problem', role: 'alert' });
  return h('form', {
    class: 'maker', novalidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      perform(button, () => create(control.value.trim()), (refusal) => problem.replaceChildren(...showMistakes(event.target, refusal)));
    },
  }, h('div', { class: 'field' }, h('div', { class: 'beside' }, control, button)), problem);
}

/** The page of an element that a form edits, rebuilt when the element changes while nothing is unsaved. */
export function elementPage({ find, build, gone }) {
  const node = h('div', {});
  let current;
  let form;
  let state;
  let settled = false;
  const show = (element) => {
    const controls = () => [...node.querySelectorAll('input, select, textarea, button')];
    const focused = controls().indexOf(document.activeElement);
    const position = scrollY;
    current = JSON.stringify(element);
    settled = false;
    form = build(element, state);
    node.replaceChildren(...form.nodes);
    scrollTo(0, position);
    const again = controls()[focused];
    if (again) (again.hidden ? node.querySelector('h1') : again).focus({ preventScroll: true });
  };
  node.addEventListener('saved', () => { settled = true; });
  node.addEventListener('discard', () => show(find(state)));
  return {
    node,
    dirty: () => Boolean(form?.dirty() && !settled),
    update(now) {
      state = now;
      const element = find(state);
      if (!element) {
        node.replaceChildren(h('p', { class: 'empty' }, gone));
        form = undefined;
        return;
      }
      if (!form || settled || (JSON.stringify(element) !== current && !form.dirty())) {
        show(element);
      } else {
        form.update?.(state);
      }
    },
  };
}

/** The element as JSON, for those who would rather write it. Saving replaces the whole element. */
export function asJSON(load, save) {
  const area = h('textarea', { class: 'mono', rows: 18, spellcheck: 'false', 'aria-label': t.json });
  return h('details', { class: 'card', ontoggle: (event) => { if (event.target.open && !area.value) area.value = JSON.stringify(load(), null, 2); } },
    h('summary', {}, t.json), h('p', { class: 'muted' }, t.jsonHint), area,
    h('div', { class: 'bar' }, action(t.jsonSave, async () => {
      let value;
      try {
        value = JSON.parse(area.value);
      } catch (error) {
        throw new Refusal(`${t.jsonBad} ${error.message}`);
      }
      await save(value);
      area.value = '';
      area.closest('details').open = false;
      area.dispatchEvent(new Event('saved', { bubbles: true }));
    }, { done: t.saved })));
}
