// Reading what a page passes to a call. A page's object may run the page's code
// when it is read, so each property is read once, here, and Go gets copies. Nothing
// that a page's code throws gets past these functions.

import { describe, makeError } from './error.js';

const { toString, hasOwnProperty } = Object.prototype;

/** How long a text may be, and how many keys and items are looked at: more than any Kakao API takes. */
const LONGEST_TEXT = 1 << 20;
const LONGEST_CHECKED = 4096;
const MOST_ENTRIES = 1000;

/**
 * The class of a value: "String" for primitive and boxed strings, "Integer", "Function", "Element", ...
 * @param {unknown} value
 */
export function tagOf(value) {
  if (typeof value === 'string') return 'String';
  if (value === undefined) return 'Undefined';
  if (value === null) return 'Null';
  if (typeof value === 'function') return 'Function';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Number';
  try {
    if (Array.isArray(value)) return 'Array';
    if (typeof Element === 'function' && value instanceof Element) return 'Element';
    return toString.call(value).slice(8, -1);
  } catch {
    return 'Unreadable';
  }
}

/**
 * Whether a call takes value as its settings: any object, but no function.
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
export const isSettings = (value) => typeof value === 'object' && value !== null;

/**
 * A property of an object of the page. What the object inherits does not count: a page whose Object.prototype somebody
 * has written to would send its tokens wherever that says.
 * @param {any} object
 * @param {PropertyKey} name
 */
export const own = (object, name) => (hasOwnProperty.call(object, name) ? object[name] : undefined);

const doNothing = () => {};

const illegal = (/** @type {string} */ key, /** @type {string} */ call, /** @type {string} */ hint) => makeError({
  name: 'KakaoError',
  message: `Illegal argument for "${key}" in ${call}`,
  code: 'illegal_parameter',
  param: key,
  hint,
});

/**
 * What action returns, or the error of a parameter whose reading failed.
 * @template T
 * @param {string} key the parameter
 * @param {string} call
 * @param {() => T} action
 * @returns {T}
 */
export function reading(key, call, action) {
  try {
    return action();
  } catch {
    throw illegal(key, call, 'pass a plain value: reading this one threw an exception');
  }
}

/**
 * Writes the defaults of a call into the page's own object, as the legacy SDK did.
 * @param {Record<string, any>} settings
 * @param {string[]} defaults a flat list of names and values; a value is JSON or "function"
 * @param {string} call
 */
export function applyDefaults(settings, defaults, call) {
  for (let i = 0; i < defaults.length; i += 2) {
    const [name, value] = defaults.slice(i, i + 2);
    const isMissing = () => own(settings, name) === undefined;
    if (reading(name, call, isMissing)) {
      write(settings, name, value === 'function' ? doNothing : JSON.parse(value), call);
    }
  }
}

/**
 * @param {Record<string, any>} settings
 * @param {string} name
 * @param {unknown} value
 * @param {string} call
 */
function write(settings, name, value, call) {
  try {
    settings[name] = value;
  } catch {
    if (!reading(name, call, () => Object.isExtensible(settings))) {
      throw describe(new TypeError(`Cannot add property ${name}, object is not extensible`), {
        code: 'illegal_parameter',
        param: name,
        hint: 'pass an object that is not frozen: the defaults are written into it',
      });
    }
    reading(name, call, () => { settings[name] = value; });
  }
}

/**
 * Copies a page's own settings.
 * @param {Record<string, any>} settings
 * @param {string} call
 * @returns {{values: Record<string, any>, args: string[]}} the values, with primitives out of their boxes, and
 *   the flat list of key, tag and text that the rules of package kakao are held against
 */
export function copySettings(settings, call) {
  const values = Object.create(null);
  const args = [];
  const keys = reading('', call, () => Object.keys(settings));
  for (const key of keys.slice(0, MOST_ENTRIES)) {
    const name = key.slice(0, LONGEST_CHECKED);
    const value = reading(name, call, () => settings[key]);
    const tag = tagOf(value);
    values[key] = reading(name, call, () => unbox(tag, value));
    args.push(name, tag, reading(name, call, () => checkedText(tag, values[key])));
    if (tag === 'String') refuseEndless(name, call, values[key]);
  }
  return { values, args };
}

/**
 * @param {string} tag
 * @param {any} value
 */
function unbox(tag, value) {
  switch (tag) {
    case 'String':
      return `${value}`;
    case 'Boolean':
      return Boolean.prototype.valueOf.call(value);
    default:
      return value;
  }
}

/**
 * What the rules look at: a string's text, an array's items as tag:text.
 * @param {string} tag
 * @param {any} value
 */
function checkedText(tag, value) {
  if (tag === 'String') return value.slice(0, LONGEST_CHECKED);
  if (tag !== 'Array') return '';
  const items = [];
  for (let i = 0; i < Math.min(value.length, MOST_ENTRIES); i++) {
    const item = value[i];
    items.push(`${tagOf(item)}:${typeof item === 'string' ? item.slice(0, LONGEST_CHECKED) : ''}`);
  }
  return items.join('\0');
}

/**
 * @param {string} key
 * @param {string} call
 * @param {string} text
 */
function refuseEndless(key, call, text) {
  if (text.length > LONGEST_TEXT) throw illegal(key, call, `pass at most ${LONGEST_TEXT} characters`);
}

/**
 * A value as text, whatever the page has made of it.
 * @param {unknown} value
 */
export function textOf(value) {
  try {
    return String(value);
  } catch {
    return '';
  }
}

/**
 * Only the values that Go binds: strings, booleans and numbers.
 * @param {Record<string, any>} values
 */
export function plainValues(values) {
  /** @type {Record<string, string|boolean|number>} */
  const plain = Object.create(null);
  for (const key of Object.keys(values)) {
    if (['string', 'boolean', 'number'].includes(typeof values[key])) plain[key] = values[key];
  }
  return plain;
}

/**
 * Deletes the header image, which Kakao no longer shows, from a page's message template.
 * @param {any} template
 * @param {string} call
 */
export function dropHeaderImage(template, call) {
  const names = ['header_image_url', 'header_image_width', 'header_image_height'];
  reading('template_object', call, () => {
    if (!names.some((name) => template[name])) return;
    names.forEach((name) => Reflect.deleteProperty(template, name));
    console.warn(`KakaoWarning: The parameters (${names.join(', ')}) for header background image are deprecated.`);
  });
}

/**
 * Encodes the data of an API request as the legacy SDK did: strings as they are, everything else
 * as JSON.
 * @param {Record<string, any>} values
 * @param {string} call
 * @returns {string[]} a flat list of names and texts
 */
export function encodeData(values, call) {
  return Object.keys(values).flatMap((key) => {
    const text = typeof values[key] === 'string' ? values[key] : String(writeJSON(key, values[key], call));
    refuseEndless(key, call, text);
    return [key, text];
  });
}

/**
 * @param {string} key
 * @param {unknown} value
 * @param {string} call
 */
function writeJSON(key, value, call) {
  try {
    return JSON.stringify(value);
  } catch {
    throw illegal(key, call, 'pass what JSON can say: no cycles, no BigInt');
  }
}

/** What holds the files of a request. A single file holds none, as in the legacy SDK. */
const FILE_LISTS = ['FileList', 'Array', 'File', 'Blob'];

/**
 * Copies files into a form, under the one name that Kakao knows.
 * @param {any} files a FileList, or what resembles one
 * @param {string} call
 */
export function fileForm(files, call) {
  const form = new FormData();
  try {
    if (!FILE_LISTS.includes(tagOf(files))) throw new TypeError('no list');
    for (let i = 0; i < Math.min(files.length, MOST_ENTRIES); i++) {
      Blob.prototype.slice.call(files[i], 0, 0); // or it is no file
      form.append('file', files[i]);
    }
  } catch {
    throw illegal('file', call, 'pass a FileList or an array of files');
  }
  return form;
}
