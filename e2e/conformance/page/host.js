// The page around the pages of the cases: it makes them, keeps what they record and answers for the
// far side. The page of a case is a frame, and a popup is a frame that closes like a window: opening
// a tab for each would take a tenth of a second and show the SDK nothing else.

import { newFarSide } from './farside.js';

const PAGE = '/';
const AUTHORIZE = 'https://kauth.kakao.com/oauth/authorize?';

/** What a case may take beside what it waits for. */
const MORE_MS = 10_000;

/** What a case recorded; a reload of its page keeps it. */
const newLog = () => ({
  calls: [], settled: [], errors: [], console: [], // what the page hears
  navs: [], popups: [], forms: [], api: [], polls: [], requests: [], // what leaves it
});

let sources; // the recorder and the SDK, as text
const compiled = new Map(); // the SDK's modules by their lengths: the same bytes each time
let frame; // the page of the running case

/** @param {{recorder: string, sdk: string}} texts */
export function load(texts) {
  sources = texts;
}

/** What the pages of the cases reach through parent.harness. */
window.harness = { begin, dress, openWindow };

/** Runs one case, and returns all that it recorded. */
export async function run(given) {
  const { harness } = window;
  const fresh = unused === undefined || unused !== conditions(given);
  unused = undefined;
  const log = newLog();
  const windows = [];
  // The page that is still there has the same objects, so that they are filled again.
  if (fresh) Object.assign(harness, { log, windows });
  else Object.assign(harness.log, log, { late: false });
  harness.answer = newFarSide(given.script, harness.log);
  harness.script = given.script;
  if (fresh) {
    localStorage.clear();
    sessionStorage.clear();
    for (const [key, value] of given.storage) localStorage.setItem(key, value);
    await openPage(given.page);
  }
  const outcome = await inTime(play(given), given);
  for (const popup of harness.windows.splice(0)) popup.close();
  leave(given, outcome);
  return outcome;
}

/** Ends a case that waits for what never happens. */
function inTime(playing, { page, steps }) {
  const settles = steps.filter(([name]) => name === 'settle').reduce((sum, [, ms]) => sum + ms, 0);
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error('the case did not end')), page.waitMs + settles + MORE_MS);
  });
  return Promise.race([playing, late]);
}

async function play(given) {
  const { harness } = window;
  const outcome = { steps: [] };
  for (const step of given.steps) {
    outcome.steps.push(step[0] === 'reload' ? await reload(given, step[1]) : await recorder().step(step));
  }
  await recorder().quiet();
  for (const step of given.more) {
    await recorder().step(step);
    await recorder().quiet();
  }
  const seen = recorder().look(given.observe);
  return structuredClone({ ...outcome, ...harness.log, ...seen });
}

const recorder = () => frame.contentWindow.__rec;

// --- a page that nothing has happened to is as good as a fresh one

let unused; // the conditions of the page that is there, if the next case may have it

const conditions = ({ page, storage, fresh }) => (fresh || page.pre || page.timeScale !== 1 || storage.length
  ? undefined : JSON.stringify(page));

function leave(given, { steps, ...recorded }) {
  const trace = Object.values(recorded).some((list) => Array.isArray(list) && list.length);
  const onlyThrew = steps.every((step) => 'threw' in step);
  unused = onlyThrew && !trace && recorder().untouched() ? conditions(given) : undefined;
}

// --- pages

async function openPage(page) {
  window.harness.page = page;
  frame?.remove();
  frame = document.createElement('iframe');
  frame.src = PAGE;
  await new Promise((resolve) => {
    frame.onload = resolve;
    document.body.append(frame);
  });
  frame.onload = null;
  // What follows the SDK in a page is parsed later, when timers that were due have run.
  await new Promise((resolve) => { setTimeout(resolve, 1); });
  const { document: doc } = frame.contentWindow;
  doc.body.append(doc.createRange().createContextualFragment(page.body));
  if (page.initArgs) recorder().boot(page.initArgs);
}

/** Called by the page itself, from the first script in it. */
function begin(win) {
  const { page } = window.harness;
  runScript(win, sources.recorder);
  if (page.pre) runScript(win, page.pre);
  shareModule(win);
  win.__rec.globalsBefore = Object.getOwnPropertyNames(win);
  runScript(win, sources.sdk);
}

/** Runs text as a script of the page. */
function runScript(win, text) {
  const script = win.document.createElement('script');
  script.textContent = text;
  win.document.head.append(script);
}

/** Compiling takes longer than anything else, so that it is done once. */
function shareModule(win) {
  const { Module } = win.WebAssembly;
  win.WebAssembly.Module = function (bytes) {
    if (!compiled.has(bytes.length)) compiled.set(bytes.length, new Module(bytes));
    return compiled.get(bytes.length);
  };
}

/** Loads the page of a case again; its calls stay behind. */
async function reload({ page }, { initArgs = page.initArgs } = {}) {
  const { log } = window.harness;
  const callsBeforeReload = log.calls.splice(0);
  await openPage({ ...page, initArgs });
  return callsBeforeReload.length ? { callsBeforeReload } : {};
}

// --- popups

const popups = new WeakMap(); // what is known of each

/** Opens a popup for a page, and shows in it what the far side makes of the address. */
function openWindow(opener, url, name) {
  const { windows } = window.harness;
  const open = windows.find((popup) => !popup.closed && popups.get(popup).name === name);
  if (open && name !== '_blank') return open;
  const element = document.createElement('iframe');
  document.body.append(element);
  const popup = element.contentWindow;
  popups.set(popup, { element, opener, name });
  dress(popup);
  windows.push(popup);
  const landing = authorize(url);
  if (landing) element.src = landing;
  return popup;
}

/** Makes a frame behave like a popup. Called again by each page in it, before its own scripts. */
function dress(win) {
  const { element, opener } = popups.get(win);
  win.opener = opener;
  win.close = () => element.remove();
  win.focus = () => {};
}

/** Where the consent page leads: back with an answer, or nowhere. */
function authorize(url) {
  const { authorize: answer } = window.harness.script;
  if (!answer || answer === 'hang' || !url.startsWith(AUTHORIZE)) return undefined;
  const asked = new URL(url).searchParams;
  const landing = new URL(asked.get('redirect_uri'), location.href);
  if (landing.origin !== location.origin) return undefined;
  const told = { ...(answer === 'success' ? { code: 'code-1' } : answer), state: asked.get('state') };
  for (const [key, value] of Object.entries(told)) landing.searchParams.set(key, value);
  return landing.href;
}
