// Forms that edit one element of what is registered. A form consists of parts:
// {node, read(edited)}, where read writes what the part shows into the element.
// Only the members that were changed are sent, so that what somebody else
// changed meanwhile is kept.

import { changed, copy, h, perform } from './dom.js';
import { t } from './text.js';

let controls = 0;

/** Sets or, where the value says nothing, removes a member: "a.b" is b in a. */
function put(object, path, value) {
  const [name, ...inner] = path.split('.');
  const member = inner.length ? { ...object[name] } : value;
  if (inner.length) put(member, inner.join('.'), value);
  if (!member || (typeof member === 'object' && !Object.keys(member).length)) delete object[name];
  else object[name] = member;
}

const get = (object, path) => path.split('.').reduce((inner, name) => inner?.[name], object);

/** A control with its label and hint. `place` is the member by which mistakes name it. */
export function field(label, control, { hint, place } = {}, ...beside) {
  control.id = `control-${++controls}`;
  if (place) control.dataset.place = place;
  if (hint) control.setAttribute('aria-describedby', `${control.id}-hint`);
  return h('div', { class: 'field' },
    h('label', { for: control.id }, label),
    beside.length ? h('div', { class: 'beside' }, control, ...beside) : control,
    hint && h('small', { id: `${control.id}-hint` }, hint));
}

/** A text. Numbers become numbers. */
export function text(element, member, label, { hint, type = 'text', ...attributes } = {}) {
  const control = h('input', { type, value: get(element, member) ?? '', autocomplete: 'off', spellcheck: 'false', ...attributes });
  return {
    node: field(label, control, { hint, place: member }),
    read: (edited) => put(edited, member, type === 'number' ? control.valueAsNumber || null : control.value.trim()),
  };
}

/** One of several values; options are pairs of value and label. */
export function choice(element, member, label, options, { hint } = {}) {
  const control = select(options, get(element, member));
  return { node: field(label, control, { hint, place: member }), read: (edited) => put(edited, member, control.value) };
}

export const select = (options, value, attributes) => h('select', attributes, options.map(([option, label]) => h('option', {
  value: option, selected: String(option) === String(value ?? ''),
}, label)));

/** On or off. `off` is the value that stands for on, for members such as login_off. */
export function toggle(element, member, label, { hint, inverted = false } = {}) {
  const control = h('input', { type: 'checkbox', role: 'switch', checked: Boolean(get(element, member)) !== inverted, 'data-place': member });
  return {
    node: h('label', { class: 'toggle' }, control, h('span', {}, label, hint && h('small', {}, hint))),
    read: (edited) => put(edited, member, control.checked !== inverted),
  };
}

const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A key, with buttons that copy and replace it. A secret one is hidden until asked for. */
export function key(element, member, label, { hint, secret = false } = {}) {
  const control = h('input', {
    type: secret ? 'password' : 'text', class: 'mono', value: element[member] ?? '', autocomplete: 'off', spellcheck: 'false',
  });
  const about = (what) => ({ type: 'button', class: 'small', 'aria-label': `${label}: ${what}` });
  const reveal = secret && h('button', {
    ...about(t.show), 'aria-pressed': 'false',
    onclick: () => {
      const hide = control.type === 'text';
      control.type = hide ? 'password' : 'text';
      reveal.setAttribute('aria-pressed', String(!hide));
      reveal.textContent = hide ? t.show : t.hide;
    },
  }, t.show);
  const replace = () => {
    control.value = newKey();
    control.dispatchEvent(new Event('input', { bubbles: true }));
  };
  return {
    node: field(label, control, { hint, place: member }, reveal,
      h('button', { ...about(t.copy), onclick: () => copy(control.value).then(() => changed(t.copied)) }, t.copy),
      h('button', { ...about(t.renew), onclick: replace }, t.renew)),
    read: (edited) => put(edited, member, control.value.trim()),
    /** Makes up a key where there is none. */
    fill: () => { if (!control.value.trim()) replace(); },
  };
}

/** A list that grows and shrinks. `row` makes {node, read()} for a value; what reads as nothing is left out. */
export function repeated(element, member, label, { hint, row, add = t.add }) {
  const reads = new WeakMap();
  const list = h('div', { class: 'rows' });
  const announce = () => list.dispatchEvent(new Event('input', { bubbles: true }));
  const append = (value) => {
    const { node, read } = row(value);
    const line = h('div', { class: 'row' }, node, h('button', {
      type: 'button', class: 'small', 'aria-label': `${label}: ${t.remove}`,
      onclick: () => { line.remove(); more.focus(); announce(); },
    }, t.remove));
    reads.set(line, read);
    list.append(line);
    return line;
  };
  const grow = () => append().querySelector('input, select').focus();
  const more = h('button', { type: 'button', class: 'small', onclick: grow }, `+ ${add}`);
  for (const value of element[member] ?? []) append(value);
  list.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || event.target.tagName !== 'INPUT') return;
    event.preventDefault();
    grow();
  });
  return {
    node: h('fieldset', { class: 'list' }, h('legend', {}, label), hint && h('small', {}, hint), list, more),
    read(edited) {
      const values = [];
      for (const line of list.children) {
        line.dataset.at = `${member}[${values.length}]`;
        const value = reads.get(line)();
        if (value) values.push(value);
      }
      put(edited, member, values);
    },
  };
}

/** A list of texts. */
export const lines = (element, member, label, { placeholder, ...options } = {}) => repeated(element, member, label, {
  ...options,
  row: (value = '') => {
    const control = h('input', { type: 'text', value, placeholder, 'aria-label': label, 'data-place': '', autocomplete: 'off', spellcheck: 'false' });
    return { node: control, read: () => control.value.trim() };
  },
});

/** Several of the values in `options`, each with its label. */
export function several(element, member, label, options, { hint } = {}) {
  const chosen = new Set(get(element, member));
  const boxes = options.map(([value, name]) => {
    const box = h('input', { type: 'checkbox', value, checked: chosen.has(value) });
    return { box, node: h('label', { class: 'toggle' }, box, h('span', {}, name)) };
  });
  return {
    node: h('fieldset', { class: 'list' }, h('legend', {}, label), hint && h('small', {}, hint), h('div', { class: 'several' }, boxes.map(({ node }) => node))),
    read: (edited) => put(edited, member, boxes.filter(({ box }) => box.checked).map(({ box }) => box.value)),
  };
}

/** Parts that make one value: the row of a list, see `repeated`. */
export const rowOf = (value, parts) => ({
  node: h('div', { class: 'grid' }, parts.map(({ node }) => node)),
  read() {
    const edited = structuredClone(value);
    for (const part of parts) part.read(edited);
    return Object.keys(edited).length && edited;
  },
});

/** The member that a control edits, seen from the element: a row says at which value of its list it is. */
const placeOf = (control) => [control.closest('[data-at]')?.dataset.at, control.dataset.place].filter(Boolean).join('.');

/** The control that a mistake is about: the very member, one within it, or the one that holds it. */
function controlAt(form, place) {
  const controls = [...form.querySelectorAll('[data-place]')];
  const within = (outer, inner) => inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  return place && (controls.find((control) => placeOf(control) === place)
    ?? controls.find((control) => within(place, placeOf(control)))
    ?? controls.find((control) => within(placeOf(control), place)));
}

/** Shows every mistake beside its control and returns those that have none. */
export function showMistakes(form, refusal) {
  clearMistakes(form);
  const elsewhere = refusal.mistakes.length ? [] : [refusal.message];
  let first;
  for (const { place, problem } of refusal.mistakes) {
    const control = controlAt(form, place);
    if (!control) {
      elsewhere.push(place ? `${place}: ${problem}` : problem);
      continue;
    }
    const note = h('p', { class: 'problem', id: `problem-${++controls}` }, problem);
    control.closest('.field, .row, .toggle').append(note);
    control.setAttribute('aria-invalid', 'true');
    describe(control, note.id);
    for (let box = control.closest('details'); box; box = box.parentNode.closest('details')) box.open = true;
    first ??= control;
  }
  first?.focus();
  return elsewhere;
}

/** Adds a note to what describes a control, or takes it away. */
function describe(control, id, add = true) {
  const ids = (control.getAttribute('aria-describedby') ?? '').split(' ').filter((other) => other && other !== id);
  if (add) ids.push(id);
  if (ids.length) control.setAttribute('aria-describedby', ids.join(' '));
  else control.removeAttribute('aria-describedby');
}

function clearMistakes(form) {
  for (const control of form.querySelectorAll('[aria-invalid]')) {
    control.removeAttribute('aria-invalid');
  }
  for (const note of form.querySelectorAll('.field > .problem, .row > .problem, .toggle > .problem')) {
    for (const control of form.querySelectorAll(`[aria-describedby~="${note.id}"]`)) describe(control, note.id, false);
    note.remove();
  }
}

/** The members that differ; one that is gone is null (RFC 7396). */
function differences(before, after) {
  const names = Object.keys({ ...before, ...after });
  return Object.fromEntries(names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => [name, after[name] ?? null]));
}

/**
 * A form of parts for an element. `save` sends the differences. The form stays as it is when it is
 * refused, and says what is wrong where it is wrong.
 */
export function editor(element, parts, layout, save) {
  const read = () => {
    const edited = structuredClone(element);
    for (const part of parts) part.read(edited);
    return edited;
  };
  const before = read();
  const changes = () => differences(before, read());
  const dirty = () => Object.keys(changes()).length > 0;
  const problems = h('div', { class: 'problem', role: 'alert' });
  const status = h('span', { class: 'muted' });
  const submit = h('button', { class: 'primary' }, t.save);
  const discard = h('button', { type: 'button', class: 'plain', onclick: () => form.dispatchEvent(new Event('discard', { bubbles: true })) }, t.discard);
  const follow = () => {
    const unsaved = dirty();
    status.textContent = unsaved ? t.unsaved : t.upToDate;
    form.classList.toggle('dirty', unsaved);
    discard.hidden = !unsaved;
  };
  const form = h('form', {
    class: 'editor', novalidate: true, oninput: follow,
    onsubmit: (event) => {
      event.preventDefault();
      perform(submit, async () => {
        const sent = changes();
        await save(sent);
        clearMistakes(form);
        problems.replaceChildren();
        // What was typed meanwhile is yet to be saved.
        if (JSON.stringify(changes()) === JSON.stringify(sent)) form.dispatchEvent(new Event('saved', { bubbles: true }));
        changed(t.saved);
      }, (refusal) => {
        const elsewhere = showMistakes(form, refusal);
        problems.replaceChildren(h('strong', {}, t.notSaved), ...elsewhere.map((line) => h('p', {}, line)));
      });
    },
  }, layout, h('div', { class: 'savebar' }, problems, h('div', { class: 'bar' }, status, discard, submit)));
  follow();
  return { node: form, dirty };
}
