// Brings what a page recorded into the form of the recorded cases: addresses taken apart, values that
// differ from run to run replaced by names.

import { createDecipheriv } from 'node:crypto';
import { APP_KEY, derive, TOKEN_KEY } from './cases.mjs';

const RANDOM = /^[\w-]{43}$/; // 32 bytes as base64url
const KA = new RegExp('^sdk/\\d+\\.\\d+\\.\\d+ os/javascript sdk_type/javascript lang/ko-KR '
  + 'device/Linux_x86_64 origin/https%3A%2F%2Fapp\\.example\\.test( extra_app_key/.+)?$');
const LONG = 1000;
const DRAWING = /data:image\/svg\+xml,[^"]*/g;

/** @returns {object} an outcome like those of the cases */
export function normalise(recorded, given) {
  const names = namesFor(recorded, given);
  const { script = {}, observe = [] } = given;
  const polled = (script.poll ?? script.codes ?? []).length;
  const lists = {
    calls: recorded.calls.map(({ args, ...call }) => ({
      ...call, args: args.map((arg) => describeAnswer(arg, names)),
    })),
    settled: recorded.settled.map(({ call, ...ending }) => ({
      call, ...mapValues(ending, (answer) => describeAnswer(answer, names)),
    })),
    navs: recorded.navs.map(({ url, fields }) => ({
      ...describeURL(url, names), ...(fields && { form: describeFields(fields, names) }),
    })),
    popups: recorded.popups.map(({ url, ...popup }) => ({ url: describeURL(url, names), ...popup })),
    forms: recorded.forms.map(({ url, fields, target: _target, ...form }) => ({
      ...describeURL(url, names), fields: describeFields(fields, names), ...form,
    })),
    api: recorded.api.map(describeRequest),
    // The last answer is given for ever, so that what comes after it is only counted.
    polls: recorded.polls.slice(0, polled).map(({ method, url, answered }) => ({
      method, ...describeURL(url, names), answered,
    })),
    requests: recorded.requests, // to nobody whom the case knows
    errors: recorded.errors,
    console: recorded.console,
    frames: recorded.frames ?? [],
  };
  const outcome = { steps: withoutDrawings(recorded.steps) };
  for (const [name, list] of Object.entries(lists)) if (list.length) outcome[name] = list;
  if (observe.includes('extraPolls')) outcome.pollsAfterTheLastAnswer = recorded.polls.length > polled;
  if (observe.includes('token')) outcome.token = recorded.token;
  if (observe.includes('ka')) outcome.ka = recorded.api[0]?.headers.ka;
  if (observe.includes('storage')) outcome.storage = describeStorage(recorded.storage);
  if (observe.includes('dom')) outcome.dom = JSON.parse(names.inText(JSON.stringify(withoutDrawings(recorded.dom))));
  return outcome;
}

const withoutDrawings = (value) => JSON.parse(JSON.stringify(value).replace(DRAWING, '<drawing>'));

/** The names for the values of one case that the SDK makes up. */
function namesFor({ forms, navs }, { steps }) {
  const given = JSON.stringify(steps);
  const madeUp = (value, form) => form.test(value) && !given.includes(JSON.stringify(value));
  const transactions = [...forms, ...navs].map(({ fields }) => fields?.trans_id).filter(Boolean);
  const rules = {
    state: (value) => madeUp(value, /^[\w.-]{10,}$/),
    nonce: (value) => madeUp(value, RANDOM),
    code_challenge: (value) => RANDOM.test(value),
    ka: (value) => KA.test(value),
    auth_tran_id: (value) => /^[0-9a-z]{1,60}$/.test(value),
    trans_id: (value) => transactions.includes(value),
  };
  return {
    of: (key, value) => (rules[key]?.(value) ? `<${key}>` : value),
    inText: (text) => transactions.reduce((rest, id) => rest.replaceAll(id, '<trans_id>'), text),
  };
}

function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}

// --- addresses

const TALK = 'https://talk-apps.kakao.com/scheme/';

function describeURL(text, names) {
  if (text.startsWith('intent:')) return describeIntent(text, names);
  if (text.startsWith(TALK)) return describeTalk(text, names);
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  return {
    scheme: url.protocol.slice(0, -1),
    host: url.host,
    ...(url.pathname && { path: url.pathname }),
    ...(url.search && { query: describeQuery(url.search, names) }),
    ...(url.hash && { hash: url.hash }),
  };
}

/** An address that opens KakaoTalk on iOS, and what to show without it. */
function describeTalk(text, names) {
  const [, link, web] = /^(.*?)[?&]web=(.*)$/.exec(text.slice(TALK.length)) ?? [null, text, ''];
  const [scheme, host, path] = ['https', 'talk-apps.kakao.com', '/scheme/'];
  return {
    scheme, host, path,
    link: describeURL(decodeURIComponent(link), names),
    web: describeURL(decodeURIComponent(web), names),
  };
}

/** An Android intent: intent:#Intent;name=value;…;end; */
function describeIntent(text, names) {
  const [head, ...rest] = text.split(';');
  const parts = {};
  for (const part of rest.filter(Boolean)) {
    const at = part.indexOf('=');
    const key = at < 0 ? part : part.slice(0, at);
    parts[key] = at < 0 ? true : describeExtra(key, decodeURIComponent(part.slice(at + 1)), names);
  }
  return { scheme: 'intent', ...(head !== 'intent:#Intent' && { head }), parts };
}

function describeExtra(key, value, names) {
  switch (key) {
    case 'S.com.kakao.sdk.talk.state':
      return names.of('state', value);
    case 'S.com.kakao.sdk.talk.kaHeader':
      return names.of('ka', value.replace('origin/https://', 'origin/https%3A%2F%2F')); // not encoded once more
    case 'S.com.kakao.sdk.talk.extraparams':
      return describeFields(parse(value), names);
    case 'S.browser_fallback_url':
      return describeURL(value, names);
    default:
      return value;
  }
}

function describeQuery(search, names) {
  const query = new URLSearchParams(search);
  return Object.fromEntries([...new Set(query.keys())].map((key) => {
    const values = query.getAll(key).map((value) => describeParameter(key, value, names));
    return [key, values.length > 1 ? values : values[0]];
  }));
}

function describeParameter(key, value, names) {
  switch (key) {
    case 'url':
      return describeURL(value, names);
    case 'params':
      return { json: describeFields(parse(value), names) };
    case 'query':
      return { decoded: describeQuery(value, names) };
    default:
      return names.of(key, value);
  }
}

/** The members of an object, by name. */
function describeFields(fields, names) {
  if (typeof fields !== 'object' || fields === null) return fields;
  return mapValues(fields, (value, key) => names.of(key, value));
}

/** What a page hears. The texts of errors that the legacy SDK did not have are nobody's contract. */
function describeAnswer(answer, names) {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  const fields = describeFields(answer, names);
  if (/^popup_/.test(answer.error) && answer.error_description) fields.error_description = '<description>';
  return fields;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// --- requests

function describeRequest({ method, path, query, headers, text = '', fields, files }) {
  const form = fields ?? [...new URLSearchParams(text)];
  const params = [...new URLSearchParams(query), ...form].map(([key, value]) => [key, shorten(value)]);
  return {
    method,
    path,
    params: Object.fromEntries(params),
    auth: headers.authorization?.trim(),
    hasFile: files !== undefined,
    ...(files && { files }),
  };
}

const shorten = (text) => (text.length > LONG ? `<${text.length} characters: ${text.slice(0, 12)}...>` : text);

// --- storage

/**
 * What lies in localStorage; tokens without the form in which they are kept, and without the moment of the last login or
 * logout, which the legacy SDK did not write down.
 */
function describeStorage(storage) {
  return Object.fromEntries(Object.entries(storage).filter(([key]) => !/^kakaowasm:\w+:last$/.test(key)).map(([key, text]) => {
    if (key === TOKEN_KEY) return ["kakao_<md5('kat' + app_key)>", decrypt(text)];
    const [, token] = (/^kakaowasm:\w+$/.test(key) && /^\d+\.\d+\.([^]*)$/.exec(text)) || [];
    return [key, token === undefined ? text : { token }];
  }));
}

function decrypt(text) {
  const bytes = Buffer.from(text, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-cbc', ...derive(APP_KEY, bytes.subarray(8, 16)));
    const plain = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString();
    return { 'aes-256-cbc, OpenSSL salted, base64, passphrase = app key': plain };
  } catch {
    return `<undecodable ${text.length} chars>`;
  }
}
