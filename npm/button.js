// Kakao's login button as a picture. It is drawn here, so that a page loads nothing from Kakao's hosts.

import { FONTS, HEIGHTS, LABELS, SYMBOL, YELLOW } from './buttonlook.js';
import { ofDocument } from './environment.js';

const PRESSED = '#f2d900';

/**
 * The button as the address of a picture.
 * @param {string} label
 * @param {number} height in CSS pixels
 * @param {string} colour
 */
function drawing(label, height, colour) {
  const width = Math.round(height * 4.1);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 184.5 45" width="${width}" height="${height}">`
    + `<rect width="184.5" height="45" rx="6" fill="${colour}"/>`
    + `<path d="${SYMBOL}"/>`
    + '<text x="106" y="28" text-anchor="middle" fill-opacity=".85" font-size="15" font-weight="600" '
    + `font-family="${FONTS}">${label}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const clicks = new WeakMap(); // the listener of the button that a container has

/**
 * Puts a login button into container, instead of what is there.
 * @param {Element} container
 * @param {{lang: 'kr'|'en', size: 'small'|'medium'|'large'}} look
 * @param {() => void} onClick
 */
export function putLoginButton(container, { lang, size }, onClick) {
  container.removeEventListener('click', clicks.get(container));
  container.addEventListener('click', onClick);
  clicks.set(container, onClick);

  const image = ofDocument('createElement', 'img');
  const draw = (/** @type {string} */ colour) => { image.src = drawing(LABELS[lang], HEIGHTS[size], colour); };
  draw(YELLOW);
  image.id = 'kakao-login-btn';
  image.alt = LABELS[lang];
  image.style.cursor = 'pointer';
  image.addEventListener('mouseover', () => draw(PRESSED));
  image.addEventListener('mouseout', () => draw(YELLOW));
  if (!container.closest('button,a[href]')) { // or the page's own control has the keyboard
    image.tabIndex = 0;
    image.setAttribute('role', 'button');
    image.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      onClick();
    });
  }
  container.textContent = '';
  container.append(image);
}
