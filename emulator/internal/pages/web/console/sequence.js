// One login as a sequence picture: who asked whom for what, to show to a colleague.

import { h, time } from './dom.js';
import { lang, t } from './text.js';

const WIDTH = 900;
const STEP = 46;
const TOP = 64;
const X = { browser: 100, page: 320, server: 560, kakao: 800 };
const SVG = 'http://www.w3.org/2000/svg';

/** Paths that a browser opens as pages. */
const NAVIGATIONS = /^\/oauth\/(authorize|login|consent|create|logout)$/;

/** Who made a call: the browser by going there, the page by its script, or a server. */
export function callerOf({ path, origin, form = {}, header = {} }) {
  if (NAVIGATIONS.test(path)) return 'browser';
  return !form.client_secret && (origin || header['Sec-Fetch-Site']) ? 'page' : 'server';
}

/** The arrows of a login: each call and its answer, and the way of the code to the app. */
export function arrowsOf(calls) {
  return calls.flatMap((call) => {
    const from = callerOf(call);
    const away = call.location && URL.canParse(call.location) && new URL(call.location);
    const returns = away && away.host !== call.host;
    return [
      { from, to: 'kakao', text: `${call.method} ${call.path}`, note: noteOf(call) },
      { from: 'kakao', to: from, answer: true, bad: call.status >= 400 || call.status === 0, text: `${call.status || t.noAnswer}${returns ? ` → ${away.pathname}` : ''}` },
      ...(returns ? [{ from: 'browser', to: 'server', text: `GET ${away.pathname}`, note: [...away.searchParams.keys()].join(', ') }] : []),
    ];
  });
}

/** What is worth telling of a request besides its path. */
const noteOf = ({ query = {}, form = {} }) => [form.grant_type, query.scope ?? form.scope, query.prompt].filter(Boolean).join(', ');

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The picture. Its colours are in it, so that it looks the same as a file. */
export function sequence(calls) {
  const arrows = arrowsOf(calls);
  const height = TOP + arrows.length * STEP + 24;
  const svg = element('svg', { xmlns: SVG, viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': t.sequenceOf(calls.length), 'font-family': 'sans-serif', 'font-size': 13, 'font-weight': 400 });
  svg.append(element('rect', { width: WIDTH, height, fill: '#ffffff' }));
  for (const [who, x] of Object.entries(X)) {
    svg.append(
      element('line', { x1: x, y1: 48, x2: x, y2: height - 12, stroke: '#8c8c88', 'stroke-dasharray': '3 4' }),
      element('rect', { x: x - 74, y: 14, width: 148, height: 34, rx: 10, fill: who === 'kakao' ? '#fee500' : '#f4f4f2', stroke: '#8c8c88' }),
      element('text', { x, y: 36, 'text-anchor': 'middle', 'font-weight': 700, fill: '#191919' }, t[`who_${who}`]));
  }
  arrows.forEach((arrow, i) => svg.append(...drawn(arrow, TOP + i * STEP + 26)));
  return svg;
}

/** An arrow with its texts above and below. */
function drawn({ from, to, text, note, answer, bad }, y) {
  const [a, b] = [X[from], X[to]];
  const way = Math.sign(b - a);
  const colour = bad ? '#c62828' : '#191919';
  const middle = (a + b) / 2;
  return [
    element('line', { x1: a, y1: y, x2: b - way * 8, y2: y, stroke: colour, 'stroke-width': 1.5, ...(answer && { 'stroke-dasharray': '6 4' }) }),
    element('path', { d: `M${b} ${y} l${-way * 9} -5 v10 z`, fill: colour }),
    element('text', { x: middle, y: y - 6, 'text-anchor': 'middle', fill: colour }, text),
    ...(note ? [element('text', { x: middle, y: y + 14, 'text-anchor': 'middle', 'font-size': 11, fill: '#6b6b6b' }, note.slice(0, 60))] : []),
  ];
}

/** The picture in a card, with a way to keep it as a file. */
export function sequenceCard(calls) {
  const svg = sequence(calls);
  const save = () => {
    const url = URL.createObjectURL(new Blob([svg.outerHTML], { type: 'image/svg+xml' }));
    h('a', { href: url, download: 'kakao-login.svg' }).click();
    URL.revokeObjectURL(url);
  };
  return h('section', { class: 'card' },
    h('div', { class: 'bar' }, time(calls[0].at), h('button', { type: 'button', class: 'small', onclick: save }, t.savePicture)),
    h('div', { class: 'picture', tabindex: 0, role: 'region', 'aria-label': t.sequenceOf(calls.length), lang }, svg));
}
