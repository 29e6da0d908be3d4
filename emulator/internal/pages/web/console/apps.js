// The apps: what is registered at Kakao Developers for each.

import { action, api, card, changed, confirmed, copy, h, head, keep } from './dom.js';
import { asJSON, elementPage, maker } from './element.js';
import { choice, editor, field, key, lines, repeated, rowOf, select, several, text, toggle } from './form.js';
import { eventName, inLanguage, t } from './text.js';

export function appList() {
  const list = h('div', { class: 'tiles' });
  const tile = ({ app, users }) => h('article', { class: 'card tile' },
    h('h2', {}, h('a', { href: `#/apps/${app.id}` }, app.name)),
    h('p', { class: 'muted' }, `ID ${app.id} · ${t.linkedUsers(users)}`),
    h('dl', { class: 'keys' }, [['REST API', app.rest_api_key], ['JavaScript', app.javascript_key]].map(([name, value]) => [
      h('dt', {}, name), h('dd', {}, h('code', {}, value), h('button', {
        type: 'button', class: 'small', 'aria-label': `${name}: ${t.copy}`, onclick: () => copy(value).then(() => changed(t.copied)),
      }, t.copy)),
    ])),
    h('p', { class: 'chips' },
      app.login_off && h('span', { class: 'chip bad' }, t.loginOff),
      app.openid_connect && h('span', { class: 'chip' }, 'OpenID Connect'),
      app.client_secret && !app.client_secret_off && h('span', { class: 'chip' }, t.secretOn),
      h('span', { class: app.redirect_uris ? 'chip' : 'chip bad' }, t.redirects(app.redirect_uris?.length ?? 0))));
  return {
    node: h('div', {}, head(t.apps, t.appsLead), list, h('h2', { class: 'next' }, t.newApp), maker(t.appName, t.register, 'name', async (name) => {
      const app = await api('POST', 'apps', { name });
      changed(t.registered);
      location.hash = `#/apps/${app.id}`;
    })),
    update({ apps, links }) {
      const items = apps.map((app) => ({ app, users: links.filter(({ app_id: id }) => id === app.id).length }));
      keep(list, items, tile, t.noApps);
    },
  };
}

const LEVELS = [['', 'unused'], ['required', 'required'], ['optional', 'optional'], ['in_use', 'inUse']];
const level = (scope) => (scope ? (scope.required && 'required') || (scope.in_use && 'in_use') || 'optional' : '');

function setLevel(scope, chosen) {
  const { required, in_use: inUse, ...rest } = scope;
  return { ...rest, ...(chosen === 'required' && { required: true }), ...(chosen === 'in_use' && { in_use: true }) };
}

/** The consent items: those that Kakao defines with a level each, and the app's own. */
function consentItems(app, known) {
  const before = app.scopes ?? [];
  const rows = known.map((scope) => {
    const registered = before.find(({ id }) => id === scope.id);
    const control = select(LEVELS.map(([value, name]) => [value, t[name]]), level(registered), { 'aria-label': inLanguage(scope.display_name), 'data-place': '' });
    return {
      node: h('div', { class: 'row item' }, h('span', {}, inLanguage(scope.display_name), h('code', {}, scope.id)), control),
      read: () => control.value && setLevel(registered ?? { id: scope.id }, control.value),
    };
  });
  const isKnown = ({ id }) => known.some((scope) => scope.id === id);
  const own = repeated({ scopes: before.filter((scope) => !isKnown(scope)) }, 'scopes', t.ownItems, {
    add: t.addItem,
    row: (scope = { display_name: {} }) => {
      const chosen = select(LEVELS.slice(1).map(([value, name]) => [value, t[name]]), level(scope));
      const parts = [
        text(scope, 'id', 'ID', { class: 'mono' }), text(scope, 'display_name.ko', t.nameKo), text(scope, 'display_name.en', t.nameEn),
        choice(scope, 'type', t.itemType, [['PRIVACY', t.privacy], ['SERVICE', t.permission]]),
      ];
      const row = rowOf(scope, parts);
      row.node.append(field(t.level, chosen));
      return { node: row.node, read: () => setLevel(row.read(), chosen.value) };
    },
  });
  return {
    node: h('div', {}, h('div', { class: 'items' }, rows.map(({ node }) => node)), own.node),
    read(edited) {
      const order = ({ id }) => {
        const at = before.findIndex((scope) => scope.id === id);
        return at < 0 ? before.length : at;
      };
      own.read(edited);
      const all = rows.map((row) => ({ line: row.node, scope: row.read() })).filter(({ scope }) => scope)
        .concat((edited.scopes ?? []).map((scope, i) => ({ line: own.node.querySelector(`[data-at="scopes[${i}]"]`), scope })))
        .sort((a, b) => order(a.scope) - order(b.scope));
      for (const { node } of rows) delete node.dataset.at;
      all.forEach(({ line }, i) => { line.dataset.at = `scopes[${i}]`; });
      edited.scopes = all.map(({ scope }) => scope);
      if (!all.length) delete edited.scopes;
    },
  };
}

const term = (value = { title: {} }) => rowOf(value, [
  text(value, 'tag', t.tag, { class: 'mono' }), text(value, 'title.ko', t.nameKo), text(value, 'title.en', t.nameEn),
  toggle(value, 'required', t.required),
]);

/** The client secret, and whether the token endpoint asks for it: switched on without one, one is made up. */
function clientSecret(app) {
  const secret = key(app, 'client_secret', t.secret, { secret: true });
  const asked = toggle({ asked: app.client_secret && !app.client_secret_off }, 'asked', t.secretAsk, { hint: t.secretHint });
  asked.node.addEventListener('change', ({ target }) => { if (target.checked) secret.fill(); });
  return {
    secret,
    secretOn: {
      node: asked.node,
      read(edited) {
        const shown = {};
        asked.read(shown);
        if (edited.client_secret && !shown.asked) edited.client_secret_off = true;
        else delete edited.client_secret_off;
      },
    },
  };
}

/** The form of an app. */
function appForm(app, state) {
  const parts = {
    name: text(app, 'name', t.appName),
    rest: key(app, 'rest_api_key', t.restKey),
    javascript: key(app, 'javascript_key', t.javascriptKey),
    admin: key(app, 'admin_key', t.adminKey, { secret: true, hint: t.adminKeyHint }),
    ...clientSecret(app),
    login: toggle(app, 'login_off', t.login, { inverted: true, hint: t.loginHint }),
    openid: toggle(app, 'openid_connect', 'OpenID Connect', { hint: t.openidHint }),
    manual: toggle(app, 'manual_link', t.manual, { hint: t.manualHint }),
    quota: toggle(app, 'token_quota', t.quota, { hint: t.quotaHint }),
    redirects: lines(app, 'redirect_uris', t.redirectURIs, { placeholder: 'https://example.com/oauth', hint: t.redirectHint, add: t.addAddress }),
    logouts: lines(app, 'logout_redirect_uris', t.logoutURIs, { placeholder: 'https://example.com/bye', add: t.addAddress }),
    domains: lines(app, 'site_domains', t.domains, { placeholder: 'https://example.com', hint: t.domainsHint, add: t.addAddress }),
    items: consentItems(app, state.known_scopes),
    terms: repeated(app, 'service_terms', t.terms, { hint: t.termsHint, add: t.addTerms, row: term }),
    properties: lines(app, 'user_properties', t.properties, { placeholder: 'favorite_genre', hint: t.propertiesHint, add: t.addProperty }),
    unlinkURL: text(app, 'unlink_webhook.url', t.unlinkHook, { type: 'url', placeholder: 'https://example.com/kakao/webhooks/unlink', hint: t.unlinkHookHint }),
    unlinkMethod: choice(app, 'unlink_webhook.method', t.method, [['', 'POST'], ['GET', 'GET']]),
    accountURL: text(app, 'account_webhook.url', t.accountHook, { type: 'url', placeholder: 'https://example.com/kakao/webhooks/account' }),
    events: several(app, 'account_webhook.events', t.events, state.event_types.map((type) => [type, eventName(type)]), { hint: t.eventsHint }),
  };
  const nodes = (...names) => names.map((name) => parts[name].node);
  return editor(app, Object.values(parts), [
    card(t.basics, h('div', { class: 'grid' }, nodes('name')), h('div', { class: 'toggles' }, nodes('login', 'openid', 'manual', 'quota'))),
    card(t.keys, h('div', { class: 'grid wide' }, nodes('rest', 'javascript', 'admin', 'secret')), h('div', { class: 'toggles' }, nodes('secretOn'))),
    card(t.addresses, nodes('redirects', 'logouts', 'domains')),
    card(t.consentItems, h('p', { class: 'muted' }, t.consentHint), nodes('items')),
    card(t.termsAndProperties, nodes('terms', 'properties')),
    card(t.webhooks, h('div', { class: 'hook' }, nodes('unlinkURL', 'unlinkMethod')), nodes('accountURL'),
      h('details', {}, h('summary', {}, t.events), parts.events.node)),
  ], (changes) => api('PATCH', `apps/${app.id}`, changes));
}

export const appPage = (id) => elementPage({
  gone: t.noApp,
  find: ({ apps }) => apps.find((app) => app.id === id),
  build(app, state) {
    const form = appForm(app, state);
    return {
      dirty: form.dirty,
      nodes: [
        h('p', { class: 'crumb' }, h('a', { href: '#/apps' }, `← ${t.apps}`)),
        head(app.name, `ID ${app.id}`),
        form.node,
        asJSON(() => app, (value) => api('PUT', `apps/${id}`, value)),
        h('section', { class: 'card end' }, h('p', {}, t.deleteAppHint), action(t.deleteApp, async () => {
          if (!await confirmed(t.deleteAppAsk(app.name), t.deleteApp)) return false;
          await api('DELETE', `apps/${id}`);
          location.hash = '#/apps';
          return true;
        }, { kind: 'danger', done: t.deleted })),
      ],
    };
  },
});
