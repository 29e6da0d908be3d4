// Reading what a page passes to a call. A page's object may run the page's code
// when it is read, so each property is read once, here, and Go gets copies.

const { toString } = Object.prototype;

/** The class of a value: "String" for primitive and boxed strings, "Function", "Element", ... */
export function tagOf(value) {
  if (value === undefined) return 'Undefined';
  if (value === null) return 'Null';
  if (typeof value === 'function') return 'Function';
  if (Array.isArray(value)) return 'Array';
  if (typeof Element === 'function' && value instanceof Element) return 'Element';
  return toString.call(value).slice(8, -1);
}

/** Whether a call takes value as its settings: any object, but no function. */
export const isSettings = (value) => typeof value === 'object' && value !== null;

const { hasOwnProperty } = Object.prototype;
const doNothing = () => {};

/**
 * Writes the defaults of a call into the page's own object, as the legacy SDK did.
 * @param {string[]} defaults a flat list of names and values; a value is JSON or "function"
 */
export function applyDefaults(settings, defaults) {
  for (let i = 0; i < defaults.length; i += 2) {
    const [name, value] = defaults.slice(i, i + 2);
    if (!hasOwnProperty.call(settings, name) || settings[name] === undefined) {
      settings[name] = value === 'function' ? doNothing : JSON.parse(value);
    }
  }
}

/**
 * Copies a page's own settings.
 * @returns {{values: object, args: string[]}} the values, with primitives out of their boxes, and
 *   the flat list of key, tag and text that the rules of package kakao are held against
 */
export function copySettings(settings) {
  const values = Object.create(null);
  const args = [];
  for (const key of Object.keys(settings)) {
    const value = settings[key];
    const tag = tagOf(value);
    values[key] = unbox(tag, value);
    args.push(key, tag, tag === 'String' ? values[key] : '');
  }
  return { values, args };
}

function unbox(tag, value) {
  switch (tag) {
    case 'String':
      return `${value}`;
    case 'Boolean':
      return value.valueOf();
    default:
      return value;
  }
}

/** Only the values that Go binds: strings, booleans and numbers. */
export function plainValues(values) {
  const plain = {};
  for (const key of Object.keys(values)) {
    if (['string', 'boolean', 'number'].includes(typeof values[key])) plain[key] = values[key];
  }
  return plain;
}

/**
 * Encodes the data of an API request as the legacy SDK did: strings as they are, everything else
 * as JSON.
 * @returns {string[]} a flat list of names and texts
 */
export function encodeData(values) {
  return Object.keys(values).flatMap((key) => {
    const text = typeof values[key] === 'string' ? values[key] : JSON.stringify(values[key]);
    return [key, String(text)];
  });
}
