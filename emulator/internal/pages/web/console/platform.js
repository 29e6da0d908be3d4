// What goes on at the platform itself: its clock, its faults, its tokens and keys.

import { action, api, card, changed, confirmed, h, head, keep, moment, perform } from './dom.js';
import { field, select, showMistakes } from './form.js';
import { t } from './text.js';

/** The platform's time now, counted on from what the platform said last. */
export function clockNow({ clock, heard }) {
  return new Date(Date.parse(clock.now) + (clock.stopped ? 0 : performance.now() - heard));
}

/** How far the clock is from that of the machine, or "" if it is the same. */
export function clockAhead(state) {
  const ahead = clockNow(state) - Date.now();
  if (Math.abs(ahead) < 5000) return '';
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  const text = t.span(Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60);
  return `${ahead < 0 ? '−' : '+'}${text}`;
}

const setClock = (body) => api('POST', 'clock', body);

function clockCard() {
  const face = h('time', { class: 'face', 'aria-live': 'off' });
  const ahead = h('span', { class: 'muted' });
  const stopped = h('span', { class: 'chip bad' }, t.stopped);
  const wanted = h('input', { type: 'datetime-local', step: 1, 'aria-label': t.setClock });
  const run = h('div', { class: 'bar' });
  const move = (label, advance) => action(label, () => setClock({ advance }), { done: t.moved });
  return {
    node: card(t.clock, h('p', { class: 'muted' }, t.clockLead), h('div', { class: 'clock' }, face, stopped, ahead),
      h('div', { class: 'bar' }, move(t.plusHour, '1h'), move(t.plusHalfDay, '12h'), move(t.plusMonth, '31d'), move(t.plusTwoMonths, '60d')),
      run,
      h('div', { class: 'bar' }, wanted, action(t.setClock, () => {
        const at = new Date(wanted.value);
        if (Number.isNaN(at.valueOf())) { wanted.focus(); return false; }
        return setClock({ set: at.toISOString() });
      }, { done: t.moved }))),
    update({ clock }) {
      stopped.hidden = !clock.stopped;
      keep(run, [clock.stopped], (still) => h('div', { class: 'bar' },
        action(still ? t.resume : t.stop, () => setClock({ stopped: !still }), { done: still ? t.resumed : t.stoppedNow }),
        action(t.realTime, () => setClock({ set: new Date().toISOString(), stopped: false }), { done: t.moved })));
    },
    tick(state) {
      const now = clockNow(state);
      face.dateTime = now.toISOString();
      face.textContent = moment(now);
      ahead.textContent = clockAhead(state);
    },
  };
}

export function platformPage() {
  const clock = clockCard();
  const keys = h('ul', { class: 'plainlist' });
  const users = h('div', { class: 'bar' });
  const retire = h('input', { type: 'checkbox', role: 'switch' });
  return {
    node: h('div', {}, head(t.platform, t.platformLead), clock.node,
      card(t.autoLogin, h('p', { class: 'muted' }, t.autoLoginLead), users),
      card(t.tokens, h('p', { class: 'muted' }, t.tokensLead), h('div', { class: 'bar' },
        action(t.expireAccess, () => api('POST', 'tokens/expire-access'), { done: t.expired }),
        action(t.expireRefresh, () => api('POST', 'tokens/expire-refresh'), { done: t.expired }))),
      card(t.signingKeys, h('p', { class: 'muted' }, t.signingLead), keys,
        h('label', { class: 'toggle' }, retire, h('span', {}, t.retire)),
        h('div', { class: 'bar' }, action(t.rotate, () => api('POST', 'keys/rotate', { retire: retire.checked }), { done: t.rotated }))),
      h('section', { class: 'card end' }, h('p', {}, t.resetLead), action(t.reset, async () => {
        if (!await confirmed(t.resetAsk, t.reset)) return false;
        return api('POST', 'reset');
      }, { kind: 'danger', done: t.resetDone }))),
    update(state) {
      clock.update(state);
      clock.tick(state);
      keep(keys, state.signing_keys, (id) => h('li', {}, h('code', {}, id)));
      const item = { chosen: state.auto_login, users: state.users.map(({ id, nickname, email }) => ({ id, nickname, email })) };
      keep(users, [item], ({ chosen, users: all }) => {
        const control = select([[0, t.nobody], ...all.map(({ id, nickname, email }) => [id, email ? `${nickname} (${email})` : nickname])], chosen, { 'aria-label': t.autoLogin });
        return h('div', { class: 'bar' }, control, action(t.apply, () => api('PUT', 'auto-login', { user: Number(control.value) })));
      });
    },
    tick: clock.tick,
  };
}

const PRESETS = [
  ['presetToken', { path: '/oauth/token', status: 500 }],
  ['presetDrop', { path: '/v*', drop: true }],
  ['presetSlow', { path: '/*', delay: '3s' }],
  ['presetSignature', { path: '/oauth/token', wrong_signature: true }],
  ['presetSkew', { path: '/oauth/token', skew: '-24h' }],
];

const inject = (fault) => api('POST', 'faults', fault);

/** A duration without the parts that are zero. */
const short = (duration) => duration.replace(/(?<=m)0s$/, '').replace(/(?<=h)0m$/, '');

/** What a fault does, in words. */
const effects = ({ delay, drop, status, body, wrong_signature: signature, skew }) => [
  delay && t.effectDelay(short(delay)), drop && t.effectDrop, status && t.effectStatus(status), body && t.effectBody,
  signature && t.effectSignature, skew && t.effectSkew(short(skew)),
].filter(Boolean).join(', ');

function faultForm() {
  const paths = h('datalist', { id: 'paths' });
  const control = (attributes) => h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', ...attributes });
  const values = {
    path: control({ list: 'paths', value: '/oauth/token', class: 'mono' }),
    times: control({ type: 'number', min: 0, placeholder: t.always }),
    delay: control({ placeholder: '3s' }),
    status: control({ type: 'number', placeholder: '500' }),
    body: h('textarea', { rows: 3, class: 'mono', spellcheck: 'false', placeholder: '{"error": "server_error"}' }),
    skew: control({ placeholder: '-10m' }),
    drop: h('input', { type: 'checkbox', role: 'switch' }),
    wrong_signature: h('input', { type: 'checkbox', role: 'switch' }),
  };
  const part = (place, label, hint) => field(label, values[place], { hint, place });
  const switched = (place, label) => h('label', { class: 'toggle' }, values[place], h('span', {}, label));
  const read = () => Object.fromEntries(Object.entries(values).map(([name, { type, checked, value, valueAsNumber }]) => [name,
    { checkbox: checked, number: valueAsNumber }[type] ?? value.trim()]).filter(([, value]) => value));
  const problem = h('p', { class: 'problem', role: 'alert' });
  const submit = h('button', { class: 'primary' }, t.inject);
  const form = h('form', {
    class: 'card', novalidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      perform(submit, async () => {
        await inject(read());
        showMistakes(form, { mistakes: [], message: '' });
        problem.replaceChildren();
        changed(t.injected);
      }, (refusal) => problem.replaceChildren(...showMistakes(form, refusal)));
    },
  }, h('h2', {}, t.ownFault), paths,
  h('div', { class: 'grid' }, part('path', t.path, t.pathHint), part('times', t.times, t.timesHint), part('delay', t.delay, t.durationHint),
    part('status', t.status), part('skew', t.skew, t.skewHint), part('body', t.body)),
  h('div', { class: 'toggles' }, switched('drop', t.effectDrop), switched('wrong_signature', t.effectSignature)),
  problem, h('div', { class: 'bar' }, submit));
  return { form, suggest: (all) => keep(paths, all, (value) => h('option', { value })) };
}

export function faultPage() {
  const list = h('ul', { class: 'plainlist faults' });
  const clear = action(t.clearFaults, () => api('DELETE', 'faults'), { kind: 'danger', done: t.faultsCleared });
  const { form, suggest } = faultForm();
  const line = (fault) => h('li', {}, h('div', {}, h('code', {}, fault.path), h('span', {}, effects(fault)),
    h('small', { class: 'muted' }, fault.times ? t.left(fault.times) : t.always)),
  action(t.end, () => api('DELETE', `faults/${fault.id}`), { kind: 'small', done: t.ended, 'aria-label': `${t.end}: ${fault.path}` }));
  return {
    node: h('div', {}, head(t.faults, t.faultsLead),
      card(t.inForce, list, clear),
      card(t.presets, h('div', { class: 'presets' }, PRESETS.map(([name, fault]) => action([
        h('strong', {}, t[name]), h('small', {}, `${fault.path} · ${effects(fault)}`)], () => inject(fault), { kind: 'preset', done: t.injected })))),
      form),
    update({ faults, paths }) {
      keep(list, faults, line, t.noFaults);
      clear.hidden = !faults.length;
      suggest(paths);
    },
  };
}
