// The users, and the links between them and the apps.

import { action, api, card, changed, confirmed, h, head, keep, picture, time } from './dom.js';
import { asJSON, elementPage, maker } from './element.js';
import { choice, editor, repeated, rowOf, select, text, toggle } from './form.js';
import { eventName, inLanguage, t } from './text.js';

export function userList() {
  const list = h('div', { class: 'tiles people' });
  const tile = ({ user, apps }) => h('article', { class: 'card tile person' }, picture(user.id, 44),
    h('div', {}, h('h2', {}, h('a', { href: `#/users/${user.id}` }, user.nickname)),
      h('p', { class: 'muted' }, user.email ?? t.noEmail),
      h('p', { class: 'muted' }, h('code', {}, user.id), ` · ${t.linkedApps(apps)}`)));
  return {
    node: h('div', {}, head(t.users, t.usersLead), list, h('h2', { class: 'next' }, t.newUser), maker(t.nickname, t.create, 'nickname', async (nickname) => {
      const user = await api('POST', 'users', { nickname });
      changed(t.created);
      location.hash = `#/users/${user.id}`;
    })),
    update({ users, links }) {
      const items = users.map((user) => ({ user, apps: links.filter(({ user_id: id }) => id === user.id).length }));
      keep(list, items, tile, t.noUsers);
    },
  };
}

const AGES = ['1~9', '10~14', '15~19', '20~29', '30~39', '40~49', '50~59', '60~69', '70~79', '80~89', '90~'];
const nothing = ['', '—'];

const address = (value = { id: Date.now() % 1e9, is_default: false }) => rowOf(value, [
  text(value, 'name', t.addressName), text(value, 'receiver_name', t.receiver),
  text(value, 'receiver_phone_number1', t.phone1, { type: 'tel' }), text(value, 'receiver_phone_number2', t.phone2, { type: 'tel' }),
  text(value, 'base_address', t.baseAddress), text(value, 'detail_address', t.detailAddress),
  text(value, 'zone_number', t.zone, { inputmode: 'numeric' }), text(value, 'zip_code', t.zip, { inputmode: 'numeric' }),
  choice(value, 'type', t.addressType, [nothing, ['NEW', t.addressNew], ['OLD', t.addressOld]]),
  text(value, 'id', 'ID', { type: 'number', min: 1 }),
  toggle(value, 'is_default', t.addressDefault),
]);

function userForm(user) {
  const groups = [
    [t.profile, [
      text(user, 'nickname', t.nickname), text(user, 'name', t.name),
      choice(user, 'gender', t.gender, [nothing, ['female', t.female], ['male', t.male]]),
      choice(user, 'age_range', t.ageRange, [nothing, ...AGES.map((age) => [age, age])]),
      text(user, 'birthyear', t.birthyear, { placeholder: '1999', inputmode: 'numeric' }),
      text(user, 'birthday', t.birthday, { placeholder: '0412', inputmode: 'numeric' }),
      choice(user, 'birthday_type', t.birthdayType, [['', t.solar], ['LUNAR', t.lunar]]),
      text(user, 'ci', 'CI', { class: 'mono', hint: t.ciHint }),
      text(user, 'profile_image_url', t.image, { type: 'url', placeholder: t.drawn }),
      text(user, 'thumbnail_image_url', t.thumbnail, { type: 'url', placeholder: t.drawn }),
    ]],
    [t.account, [
      text(user, 'email', t.email, { type: 'email' }), text(user, 'phone_number', t.phone, { type: 'tel', placeholder: '+82 10-0000-0000' }),
      toggle(user, 'email_unverified', t.emailUnverified), toggle(user, 'email_invalid', t.emailInvalid),
    ]],
  ];
  const addresses = repeated(user, 'shipping_addresses', t.shipping, { row: address, add: t.addShipping });
  const cards = groups.map(([title, parts]) => card(title, h('div', { class: 'grid' }, parts.map(({ node }) => node))));
  return editor(user, [...groups.flatMap(([, parts]) => parts), addresses], [...cards, h('section', { class: 'card' }, addresses.node)],
    (changes) => api('PATCH', `users/${user.id}`, changes));
}

export const userPage = (id) => elementPage({
  gone: t.noUser,
  find: ({ users }) => users.find((user) => user.id === id),
  build(user, state) {
    const form = userForm(user);
    const links = h('div', { class: 'links' });
    const update = (now) => showLinks(links, now, ({ user_id: linked }) => linked === id);
    update(state);
    return {
      dirty: form.dirty,
      update,
      nodes: [
        h('p', { class: 'crumb' }, h('a', { href: '#/users' }, `← ${t.users}`)),
        head(user.nickname, `ID ${user.id}`, picture(user.id, 56)),
        form.node,
        h('h2', { class: 'next' }, t.linkedServices), links,
        asJSON(() => user, (value) => api('PUT', `users/${id}`, value)),
        h('section', { class: 'card end' }, h('p', {}, t.deleteUserHint), action(t.deleteUser, async () => {
          if (!await confirmed(t.deleteUserAsk(user.nickname), t.deleteUser)) return false;
          await api('DELETE', `users/${id}`);
          location.hash = '#/users';
          return true;
        }, { kind: 'danger', done: t.deleted })),
      ],
    };
  },
});

function linkCard({ link, app, user, events, referrers }) {
  const at = `links/${link.app_id}/${link.user_id}`;
  const referrer = select(referrers.map((value) => [value, t.referrers[value] ?? value]), 'UNLINK_FROM_APPS', { 'aria-label': t.referrer });
  const event = select(events.map((type) => [type, eventName(type)]), '', { 'aria-label': t.event });
  const scope = (id) => inLanguage(app.scopes?.find((item) => item.id === id)?.display_name) ?? id;
  const facts = [
    [t.serviceUserID, h('code', {}, link.service_user_id)],
    [t.since, time(link.connected_at)],
    [t.consents, h('span', { class: 'chips' }, Object.keys(link.scopes).sort().map((id) => h('span', { class: 'chip', title: id }, scope(id))))],
    [t.terms, link.service_terms.length > 0 && h('span', { class: 'chips' }, link.service_terms.map((tag) => h('span', { class: 'chip' }, tag)))],
    [t.properties, Object.keys(link.properties).length > 0 && h('code', {}, JSON.stringify(link.properties))],
  ];
  return h('article', { class: 'card link' },
    h('div', { class: 'person' }, picture(user.id), h('div', {},
      h('h3', {}, h('a', { href: `#/users/${user.id}` }, user.nickname), ' → ', h('a', { href: `#/apps/${app.id}` }, app.name)),
      link.preregistered && h('span', { class: 'chip bad' }, t.preregistered))),
    h('dl', { class: 'facts' }, facts.filter(([, value]) => value).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
    h('div', { class: 'commands' },
      h('div', { class: 'bar' }, referrer, action(t.disconnect, () => api('POST', `${at}/unlink`, { referrer_type: referrer.value }), { kind: 'danger', done: t.disconnected })),
      app.account_webhook
        ? h('div', { class: 'bar' }, event, action(t.sendEvent, () => api('POST', `${at}/events`, { type: event.value }), { done: t.sent }))
        : h('p', { class: 'muted' }, t.noAccountHook)));
}

function showLinks(list, { apps, users, links, event_types: events, referrers }, wanted) {
  const items = links.filter(wanted).map((link) => ({
    link, events, referrers, app: apps.find(({ id }) => id === link.app_id), user: users.find(({ id }) => id === link.user_id),
  })).filter(({ app, user }) => app && user);
  keep(list, items, linkCard, t.noLinks);
}

/** Who is linked with which app. */
export function linkList() {
  const list = h('div', { class: 'links' });
  return { node: h('div', {}, head(t.links, t.linksLead), list), update: (state) => showLinks(list, state, () => true) };
}
