// What went over the wire: the calls to the platform, live.

import { action, api, changed, copy, h, head, keep, time } from './dom.js';
import { asCurl } from './curl.js';
import { sequenceCard } from './sequence.js';
import { t } from './text.js';

/** How many calls the page holds; the platform remembers as many. */
const LONGEST = 1000;

const statusClass = (status) => `status ${['dropped', '', 'ok', 'moved', 'bad', 'bad'][Math.floor(status / 100)] ?? 'bad'}`;

const pairs = (title, values) => values && Object.keys(values).length > 0 && h('section', {}, h('h2', { class: 'part' }, title),
  h('dl', { class: 'facts' }, Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, h('code', {}, value))))));

const replay = async (call) => {
  const again = await api('POST', `calls/${call.number}/replay`);
  location.hash = `#/calls/${again.number}`;
};

/** Everything of a call. */
export function details(call) {
  const headers = { ...call.header, ...(call.authorization && { Authorization: call.authorization }) };
  return [
    h('div', { class: 'bar' },
      h('a', { href: `#/calls/${call.number}` }, t.linkTo(call.number)),
      call.login > 0 && h('a', { href: `#/logins/${call.login}` }, t.wholeLogin),
      h('button', { type: 'button', class: 'small', onclick: () => copy(asCurl(call)).then(() => changed(t.copied)) }, t.copyCurl),
      action(t.replay, () => replay(call), { kind: 'small', done: t.replayed })),
    pairs(t.query, call.query), pairs(t.form, call.form), pairs(t.headers, headers),
    pairs(t.answerHeaders, call.answer_header),
    call.answer !== undefined && h('section', {}, h('h2', { class: 'part' }, t.answer), h('pre', { tabindex: 0, role: 'region', 'aria-label': t.answer }, JSON.stringify(call.answer, null, 2))),
    call.status === 0 && h('p', { class: 'muted' }, t.dropped),
  ];
}

const millis = (n) => `${n < 10 ? n.toFixed(1) : Math.round(n)} ms`;

/** One call; what it holds is built when it is opened. */
export function callLine(call, { open = false } = {}) {
  const body = h('div', { class: 'call' });
  return h('details', { class: 'line', open, ontoggle: () => { if (!body.hasChildNodes()) body.append(...details(call).filter(Boolean)); } },
    h('summary', {}, h('span', { class: 'method' }, call.method), h('code', { class: 'path' }, call.path),
      call.error && h('span', { class: 'chip bad' }, call.error),
      h('span', { class: statusClass(call.status) }, call.status || t.noAnswer),
      h('span', { class: 'took' }, millis(call.milliseconds)), time(call.at)),
    body);
}

/** What a call is searched by: everything of it that is shown. */
const haystack = (call) => JSON.stringify(call).toLowerCase();

const GROUPS = [['all', () => true], ['ok', ({ status }) => status >= 200 && status < 400], ['bad', ({ status }) => status >= 400 || status === 0]];

export function callPage() {
  const list = h('div', { class: 'log', role: 'log', 'aria-label': t.calls, tabindex: 0 });
  const none = h('p', { class: 'empty' }, t.noCalls);
  const paths = h('datalist', { id: 'called' });
  const search = h('input', { type: 'search', list: 'called', placeholder: t.search, 'aria-label': t.search, spellcheck: 'false', oninput: () => apply() });
  const group = h('select', { 'aria-label': t.statusFilter, onchange: () => apply() }, GROUPS.map(([name]) => h('option', { value: name }, t[`status_${name}`])));
  const byLogin = h('input', { type: 'checkbox', role: 'switch', onchange: () => arrange() });
  const calls = new Map();
  const known = new Set();
  let last = 0;

  const fits = ({ call, text }) => text.includes(search.value.trim().toLowerCase()) && GROUPS.find(([name]) => name === group.value)[1](call);
  const apply = () => {
    for (const entry of calls.values()) entry.line.hidden = !fits(entry);
    for (const block of list.querySelectorAll(':scope > .group')) block.hidden = !block.querySelector('.line:not([hidden])');
    none.hidden = Boolean(list.querySelector('.line:not([hidden])'));
  };
  const groupOf = (number) => list.querySelector(`:scope > [data-login="${number}"]`)
    ?? h('section', { class: 'group', 'data-login': number }, h('h2', {}, number ? h('a', { href: `#/logins/${number}` }, t.loginNumber(number)) : t.noLogin));
  const put = ({ call, line }) => {
    if (!byLogin.checked) return list.prepend(line);
    const block = groupOf(call.login ?? 0);
    block.append(line); // within a login, in the order in which it happened
    return list.prepend(block);
  };
  const arrange = () => {
    list.replaceChildren();
    for (const entry of calls.values()) put(entry);
    apply();
  };
  const empty = () => { calls.clear(); known.clear(); list.replaceChildren(); apply(); };
  return {
    node: h('div', {}, head(t.calls, t.callsLead),
      h('div', { class: 'bar tools' }, search, paths, group,
        h('label', { class: 'toggle' }, byLogin, h('span', {}, t.byLogin)),
        action(t.clear, async () => { await api('DELETE', 'calls'); empty(); }, { done: t.cleared })), list, none),
    async poll() {
      for (const call of await api('GET', `calls?after=${last}`)) {
        if (call.number <= last) continue; // another poll was faster
        const entry = { call, text: haystack(call), line: callLine(call) };
        calls.set(call.number, entry);
        known.add(call.path);
        put(entry);
        last = call.number;
      }
      for (const [number, { line }] of calls) {
        if (calls.size <= LONGEST) break;
        line.remove();
        calls.delete(number);
      }
      keep(paths, [...known].sort(), (value) => h('option', { value }));
      apply();
    },
    /** Begins anew: the platform that comes back counts from 1. */
    restart() { last = 0; empty(); },
  };
}

const back = () => h('p', { class: 'crumb' }, h('a', { href: '#/calls' }, `← ${t.calls}`));

/** One call, by its number: an address that can be given to somebody. */
export function oneCall(number) {
  const place = h('div', {});
  return {
    node: h('div', {}, back(), head(t.linkTo(number)), place),
    async poll() {
      if (place.hasChildNodes()) return;
      const call = await api('GET', `calls/${number}`).catch(() => undefined);
      place.replaceChildren(call ? h('div', { class: 'log' }, callLine(call, { open: true })) : h('p', { class: 'empty' }, t.callGone));
    },
  };
}

/** The calls of one login, as a picture and as a list. */
export function oneLogin(number) {
  const picture = h('div', {});
  const list = h('div', { class: 'log' });
  return {
    node: h('div', {}, back(), head(t.loginNumber(number), t.sequenceLead), picture, list),
    async poll() {
      const calls = (await api('GET', 'calls')).filter(({ login }) => login === number);
      keep(picture, calls.length ? [calls.map(({ number: n, status }) => [n, status])] : [], () => sequenceCard(calls), t.callGone);
      keep(list, calls, (call) => callLine(call), t.noCalls);
    },
  };
}
