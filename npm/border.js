// The border to Go; package jsbridge is the other side. An event and a list of commands cross it as one
// text each. Go runs only inside handle, and no code of the page does meanwhile.

import { instantiate } from 'toolchain:glue';

/**
 * One thing that Go wants done: what, the numbers of its flow and its own, and names and values in turn.
 * @typedef {{what: string, flow: number, number: number, data: string[]}} Command
 */

/** What ends a field, what escapes it, and what both are written as. */
const END = '\0';
const ESCAPE = '\x01';
const SPECIAL = /[\0\x01]/;

/** @param {unknown} field */
function write(field) {
  const text = String(field);
  if (!SPECIAL.test(text)) return text + END;
  return text.replaceAll(ESCAPE, `${ESCAPE}b`).replaceAll(END, `${ESCAPE}a`) + END;
}

/** @param {string} field */
function read(field) {
  return field.includes(ESCAPE) ? field.replaceAll(`${ESCAPE}a`, END).replaceAll(`${ESCAPE}b`, ESCAPE) : field;
}

/**
 * @param {string} text
 * @returns {Command[]}
 */
function decode(text) {
  const fields = text.split(END).map(read);
  const commands = [];
  for (let at = 0; at + 4 <= fields.length - 1;) {
    const [what, flow, number, count] = fields.slice(at, at + 4);
    at += 4;
    commands.push({ what, flow: Number(flow), number: Number(number), data: fields.slice(at, at + Number(count)) });
    at += Number(count);
  }
  return commands;
}

/**
 * The settings of a call as names and values in turn: s before a text, b before a boolean.
 * @param {Record<string, any>} [settings]
 */
const settingsFields = (settings = {}) => Object.keys(settings).flatMap((name) => {
  const value = settings[name];
  if (typeof value === 'string') return [name, `s${value}`];
  return typeof value === 'boolean' ? [name, value ? 'b1' : 'b'] : [];
});

/**
 * Starts Go.
 * @param {WebAssembly.Module} module the compiled SDK
 * @returns {(fields: unknown[], settings?: object) => Command[]} hands Go an event, of which the first five fields are
 *   its head, and returns what follows
 */
export function start(module) {
  const handle = instantiate(module);
  return (fields, settings) => {
    const list = settingsFields(settings);
    const commands = handle([...fields.slice(0, 5), list.length, ...list, ...fields.slice(5)].map(write).join(''), settings);
    return commands ? decode(commands) : [];
  };
}
