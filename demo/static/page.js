// What the other modules share: the settings that the server wrote into the
// page, its elements, and the line that tells people what just happened.

import { hasText, setText, t } from './text.js';

/** Settings from the html element: appKey, mode, server, api, auth. */
export const settings = document.documentElement.dataset;

/** The element with this id. */
export const $ = (id) => document.getElementById(id);

/**
 * A new element.
 * @param {string} tag
 * @param {object} [props] its properties, such as className or textContent
 * @param {...(Node|string)} children
 */
export function element(tag, props = {}, ...children) {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...children);
  return made;
}

/** A new element that shows the text named key. */
export function labelled(tag, key, props = {}, values) {
  const made = element(tag, props);
  setText(made, key, values);
  return made;
}

/** Tells people, and screen readers, what just happened. */
export function say(key, values, isError = false) {
  const status = $('status');
  status.hidden = false;
  status.classList.toggle('error', isError);
  setText(status, key, values);
}

/** What an error object of the SDK, of Kakao or of the browser says: in the page's own words if it has any. */
export function reason(error) {
  const own = `error.${error?.error}`;
  if (hasText(own)) return t(own);
  return error?.error_description || error?.msg || error?.message || error?.error || String(error);
}
