// A page for tests in Node.js of what runs in one: happy-dom's window as the globals that the frameworks look for.

import { register } from 'node:module';
import { Window } from 'happy-dom';

/** Code of the package that imports the package gets the fake: no build is needed. */
const resolver = `export const resolve = (name, context, next) => next(name === 'kakaowasm' ? ${JSON.stringify(new URL('testing.js', import.meta.url).href)} : name, context);`;
register(`data:text/javascript,${encodeURIComponent(resolver)}`);

const window = new Window({ url: 'http://localhost:3000/' });
const names = ['document', 'navigator', 'Node', 'Element', 'HTMLElement', 'SVGElement', 'HTMLIFrameElement', 'Event', 'CustomEvent', 'MouseEvent'];
for (const [name, value] of [['window', window], ...names.map((name) => [name, window[name]])]) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
globalThis.__KAKAOWASM_VERSION__ = '9.9.9';
globalThis.IS_REACT_ACT_ENVIRONMENT = true;

/** Waits until what is under way without a timer has ended. */
export const settled = () => new Promise((resolve) => { setImmediate(resolve); });

/** What console.error gets while a test runs. */
export function errorsOf(t) {
  return t.mock.method(console, 'error', () => {}).mock.calls.map(({ arguments: args }) => args);
}
