// The API explorer: one call of Kakao.API.request, made by hand.

import { $, element, reason } from './page.js';
import { setText, t } from './text.js';
import { callbacks, log, redact } from './log.js';

/** The APIs on offer, each with the data to start from. */
const apis = {
  '/v2/user/me': { property_keys: ['kakao_account.profile', 'kakao_account.email'], secure_resource: true },
  '/v2/user/scopes': {},
  '/v2/user/revoke/scopes': { scopes: ['account_email'] },
  '/v1/user/service/terms': { extra: 'app_service_terms' },
  '/v1/user/logout': {},
  '/v1/user/unlink': {},
};

/** Fills and wires the explorer. */
export function explorer() {
  $('explorer-url').append(...Object.keys(apis).map((url) => element('option', { textContent: url })));
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

function showExample() {
  $('explorer-data').value = JSON.stringify(apis[$('explorer-url').value], null, 2);
  showProblem();
}

function run() {
  let data;
  try {
    data = parseData($('explorer-data').value);
  } catch (error) {
    return showProblem(error.message);
  }
  showProblem();
  const url = $('explorer-url').value;
  const started = performance.now();
  const done = (status) => (answer) => showResult(status, answer, performance.now() - started);
  setText($('explorer-status'), 'explorer.running');
  $('explorer-status').hidden = false;
  log('call', url, data);
  try {
    Kakao.API.request({ url, data, ...callbacks(url, { success: done('ok'), fail: done('fail') }) });
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
