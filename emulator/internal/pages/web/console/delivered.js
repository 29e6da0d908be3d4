// What the platform sent: webhooks to the apps, and messages at KakaoTalk.

import { action, api, h, head, keep, time } from './dom.js';
import { eventName, t } from './text.js';

/** The claims of a signed token, for people; undefined for what is none. */
function claimsOf(body) {
  const part = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(body)?.[1];
  try {
    return part && JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))));
  } catch {
    return undefined;
  }
}

const shown = (title, text) => text && h('section', {}, h('h2', { class: 'part' }, title), h('pre', { tabindex: 0, role: 'region', 'aria-label': title }, text));

/** The body of a webhook: a form by lines, a token by its claims. */
function bodyText(body) {
  const claims = claimsOf(body);
  if (claims) return JSON.stringify(claims, null, 2);
  return [...new URLSearchParams(body)].map(([name, value]) => `${name}: ${value}`).join('\n');
}

const delivery = ({ hook, app }) => h('details', { class: 'line delivery' },
  h('summary', {}, h('strong', {}, hook.kind === 'unlink' ? t.unlinkHook : eventName(hook.kind)),
    h('span', { class: hook.accepted ? 'status ok' : 'status bad' }, hook.status || t.noAnswer),
    hook.status > 0 && !hook.accepted && h('span', { class: 'chip bad' }, t.refused), time(hook.at)),
  h('div', { class: 'call' },
    h('p', { class: 'muted' }, `${app} · ${t.serviceUserID} ${hook.user_id}`), h('code', {}, hook.url),
    hook.problem && h('p', { class: 'problem' }, hook.problem),
    shown(t.sentBody, hook.body && bodyText(hook.body)), shown(t.answer, hook.answer),
    action(t.resend, () => api('POST', `webhooks/${hook.number}/resend`), { kind: 'small', done: t.sent })));

/** A list that the platform is asked for again and again. */
function livePage({ title, lead, path, none, item, render }) {
  const list = h('div', { class: 'log' });
  let state = { apps: [], users: [] };
  return {
    node: h('div', {}, head(title, lead), list),
    update(now) { state = now; },
    async poll() { keep(list, (await api('GET', path)).reverse().map((entry) => item(entry, state)), render, none); },
  };
}

const appName = (id, { apps }) => apps.find((app) => app.id === id)?.name ?? id;
const userName = (id, { users }) => users.find((user) => user.id === id)?.nickname ?? id;

/** The webhooks that were sent. */
export const webhookPage = () => livePage({
  title: t.sentWebhooks, lead: t.webhooksLead, path: 'webhooks', none: t.noWebhooks, render: delivery,
  item: (hook, state) => ({ hook, app: appName(hook.app_id, state) }),
});

const message = ({ sent, app, from, to }) => h('details', { class: 'line delivery' },
  h('summary', {}, h('strong', {}, from === to ? t.memoOf(from) : `${from} → ${to}`), h('code', { class: 'path' }, sent.path), time(sent.at)),
  h('div', { class: 'call' }, h('p', { class: 'muted' }, app),
    shown(t.template, JSON.stringify(sent.template_object ?? { template_id: sent.template_id, template_args: sent.template_args, request_url: sent.request_url }, null, 2))));

/** What was sent at KakaoTalk. */
export const messagePage = () => livePage({
  title: t.messages, lead: t.messagesLead, path: 'messages', none: t.noMessages, render: message,
  item: (sent, state) => ({ sent, app: appName(sent.app_id, state), from: userName(sent.from, state), to: sent.to.map((id) => userName(id, state)).join(', ') }),
});
