// What went over the wire: the calls to the platform and its webhooks, live.

import { action, api, h, head, keep, time } from './dom.js';
import { eventName, t } from './text.js';

/** How many calls the page holds; the platform remembers as many. */
const LONGEST = 1000;

const statusClass = (status) => `status ${['dropped', '', 'ok', 'moved', 'bad', 'bad'][Math.floor(status / 100)] ?? 'bad'}`;

/** What went wrong, in a word: the error code of the answer or of the address that it leads to. */
function trouble({ answer, location, status }) {
  const query = location && URL.canParse(location) ? new URL(location).searchParams : new URLSearchParams();
  return answer?.error_code ?? query.get('error') ?? (status >= 400 ? answer?.error ?? answer?.code : undefined);
}

const pairs = (title, values) => values && Object.keys(values).length > 0 && h('section', {}, h('h3', {}, title),
  h('dl', { class: 'facts' }, Object.entries(values).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, h('code', {}, value))))));

function details(call) {
  const headers = Object.fromEntries([['Host', call.host], ['Authorization', call.authorization], ['Origin', call.origin]].filter(([, value]) => value));
  return [
    pairs(t.query, call.query), pairs(t.form, call.form), pairs(t.headers, headers), pairs(t.leadsTo, call.location && { Location: call.location }),
    call.answer !== undefined && h('section', {}, h('h3', {}, t.answer), h('pre', { tabindex: 0, 'aria-label': t.answer }, JSON.stringify(call.answer, null, 2))),
    call.status === 0 && h('p', { class: 'muted' }, t.dropped),
  ];
}

/** One call; what it holds is built when it is opened. */
function callLine(call) {
  const body = h('div', { class: 'call' });
  const wrong = trouble(call);
  return h('details', { class: 'line', ontoggle: () => { if (!body.hasChildNodes()) body.append(...details(call).filter(Boolean)); } },
    h('summary', {}, h('span', { class: 'method' }, call.method), h('code', { class: 'path' }, call.path),
      wrong !== undefined && h('span', { class: 'chip bad' }, wrong),
      h('span', { class: statusClass(call.status) }, call.status || t.noAnswer), time(call.at)),
    body);
}

export function callPage() {
  const list = h('div', { class: 'log', role: 'log', 'aria-label': t.calls });
  const none = h('p', { class: 'empty' }, t.noCalls);
  const paths = h('datalist', { id: 'called' });
  const filter = h('input', { type: 'search', list: 'called', placeholder: t.filter, 'aria-label': t.filter, spellcheck: 'false', oninput: () => apply() });
  const known = new Set();
  const path = new WeakMap();
  let last = 0;
  const apply = () => {
    for (const line of list.children) line.hidden = !path.get(line).includes(filter.value.trim());
    none.hidden = Boolean(list.querySelector(':scope > :not([hidden])'));
  };
  const empty = () => { list.replaceChildren(); apply(); };
  return {
    node: h('div', {}, head(t.calls, t.callsLead), h('div', { class: 'bar tools' }, filter, paths,
      action(t.clear, async () => { await api('DELETE', 'calls'); empty(); }, { done: t.cleared })), list, none),
    async poll() {
      for (const call of await api('GET', `calls?after=${last}`)) {
        if (call.number <= last) continue; // another poll was faster
        const line = callLine(call);
        path.set(line, call.path);
        known.add(call.path);
        list.prepend(line);
        last = call.number;
      }
      while (list.children.length > LONGEST) list.lastChild.remove();
      keep(paths, [...known].sort(), (value) => h('option', { value }));
      apply();
    },
    /** Begins anew: the platform that comes back counts from 1. */
    restart() { last = 0; empty(); },
  };
}

/** The webhooks that were sent. */
export function webhookPage() {
  const list = h('div', { class: 'log' });
  let apps = [];
  const line = ({ hook, app }) => h('article', { class: 'line delivery' },
    h('div', {}, h('strong', {}, hook.kind === 'unlink' ? t.unlinkHook : eventName(hook.kind)),
      h('span', { class: hook.accepted ? 'status ok' : 'status' }, hook.status || t.noAnswer),
      hook.status > 0 && !hook.accepted && h('span', { class: 'chip bad' }, t.refused), time(hook.at)),
    h('p', { class: 'muted' }, `${app} · ${t.serviceUserID} ${hook.user_id}`), h('code', {}, hook.url),
    hook.problem && h('p', { class: 'problem' }, hook.problem));
  return {
    node: h('div', {}, head(t.sentWebhooks, t.webhooksLead), list),
    update(state) { apps = state.apps; },
    async poll() {
      const sent = (await api('GET', 'webhooks')).reverse();
      keep(list, sent.map((hook) => ({ hook, app: apps.find(({ id }) => id === hook.app_id)?.name ?? hook.app_id })), line, t.noWebhooks);
    },
  };
}
