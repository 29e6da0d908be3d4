// The API explorer: one call of Kakao.API.request, made by hand.

import { $, element, reason } from './page.js';
import { setText, t } from './text.js';
import { callbacks, log, redact } from './log.js';

/** The calls on offer, from the server: url, group, files, params. */
const calls = JSON.parse($('explorer-url').dataset.calls);

/** Data to start from, where the required parameters alone would show little. */
const examples = {
  '/v2/user/me': { property_keys: ['kakao_account.profile', 'kakao_account.email'], secure_resource: true },
  '/v1/user/update_profile': { properties: { nickname: '새봄' } },
  '/v2/user/revoke/scopes': { scopes: ['account_email'] },
  '/v1/user/service/terms': { extra: 'app_service_terms' },
  '/v2/user/service_terms': { result: 'app_service_terms' },
  '/v2/user/revoke/service_terms': { tags: ['marketing_20260101'] },
  '/v2/user/upgrade/service_terms': { tags: ['marketing_20260101'] },
  '/v1/api/talk/friends': { limit: 10 },
  '/v2/api/talk/memo/send': { template_id: 1 },
  '/v2/api/talk/memo/scrap/send': { request_url: 'https://developers.kakao.com' },
  '/v2/api/talk/memo/default/send': { template_object: { object_type: 'text', text: 'hello', link: { web_url: 'https://developers.kakao.com' } } },
};

/** A value of each type, for parameters without an example. */
const blank = { string: '', boolean: false, number: 0, object: {} };

/** What required parameters a call has, each with something to be replaced. */
const required = ({ params }) => Object.fromEntries(params.filter((p) => p.required && p.name !== 'file')
  .map(({ name, type }) => [name, type.endsWith('[]') ? [] : blank[type]]));

/** Counts the runs: the answer to an earlier one is not that of the call on show. */
let runs = 0;

const chosen = () => calls.find(({ url }) => url === $('explorer-url').value);

/** Fills and wires the explorer. */
export function explorer() {
  drawCalls();
  $('explorer-url').addEventListener('change', showExample);
  showExample();
  $('explorer').addEventListener('submit', (event) => {
    event.preventDefault();
    run();
  });
  $('explorer-data').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) $('explorer').requestSubmit();
  });
}

/** Draws the list in the page's language; the choice stays. */
export function drawCalls() {
  const select = $('explorer-url');
  const { value } = select;
  const groups = [...new Set(calls.map(({ group }) => group))];
  select.replaceChildren(...groups.map((group) => element('optgroup', { label: t(`explorer.group.${group}`) },
    ...calls.filter((call) => call.group === group).map(({ url }) => element('option', { textContent: url })))));
  select.value = value || '/v2/user/me';
}

function showExample() {
  const call = chosen();
  $('explorer-data').value = JSON.stringify(examples[call.url] ?? required(call), null, 2);
  $('explorer-params').textContent = call.params.map(({ name, type, required: must }) => `${name}${must ? '*' : ''}: ${type}`).join(', ');
  for (const shown of [$('explorer-files'), document.querySelector('label[for=explorer-files]')]) shown.hidden = !call.files;
  showProblem();
  runs += 1;
  clearResult();
}

function clearResult() {
  for (const id of ['explorer-status', 'explorer-result']) {
    $(id).hidden = true;
    delete $(id).dataset.status;
  }
}

function run() {
  let data;
  try {
    data = parseData($('explorer-data').value);
  } catch (error) {
    return showProblem(error.message);
  }
  showProblem();
  clearResult();
  const { url, files } = chosen();
  const given = files ? { data, files: $('explorer-files').files } : { data };
  const number = runs += 1;
  const started = performance.now();
  const done = (status) => (answer) => {
    if (number === runs) showResult(status, answer, performance.now() - started);
  };
  setText($('explorer-status'), 'explorer.running');
  $('explorer-status').hidden = false;
  log('call', url, data);
  try {
    Kakao.API.request({ url, ...given, ...callbacks(url, { success: done('ok'), fail: done('fail') }) });
  } catch (error) {
    log('throw', url, error);
    done('fail')(error);
  }
}

/** @returns {object} the data that people typed; nothing typed is no data */
function parseData(text) {
  const data = JSON.parse(text.trim() || '{}');
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Error(t('explorer.not-object'));
  return data;
}

function showProblem(message) {
  $('explorer-error').hidden = !message;
  $('explorer-data').setAttribute('aria-invalid', String(Boolean(message)));
  if (message) setText($('explorer-error'), 'explorer.bad-json', { reason: message });
}

/** @param {'ok'|'fail'} status */
function showResult(status, answer, milliseconds) {
  setText($('explorer-status'), `explorer.${status}`, { ms: Math.round(milliseconds) });
  $('explorer-status').dataset.status = status;
  const result = $('explorer-result');
  result.hidden = false;
  result.dataset.status = status;
  result.setAttribute('aria-label', t('explorer.result'));
  result.textContent = JSON.stringify(redact(answer), null, 2) ?? reason(answer);
}
