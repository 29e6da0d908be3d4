// React: a provider that starts the SDK, hooks that tell what it knows, and Kakao's login button.

import Kakao from 'kakaowasm';
import { createContext, createElement, forwardRef, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import { buttonStyle, labelOf, SYMBOL, SYMBOL_BOX } from './buttonlook.js';
import { INITIAL, storeOf } from './store.js';

/** @typedef {import('./store.js').Store} Store */

const StoreContext = createContext(/** @type {Store|null} */ (null));

/**
 * Starts the SDK, and gives it to the hooks below. Effects that run twice, and providers that stand in or beside each other,
 * share one SDK.
 * @param {any} props the settings of Kakao.init, appKey, and Kakao to hand in another object, such as a fake
 */
export function KakaoProvider({ appKey, Kakao: own = Kakao, children, ...options }) {
  const store = storeOf(own);
  useEffect(() => { store.start(appKey, options); });
  return createElement(StoreContext.Provider, { value: store }, children);
}

/** @param {string} name of the hook */
function useStore(name) {
  const store = useContext(StoreContext);
  if (!store) throw new Error(`${name} has no <KakaoProvider appKey="…"> above it: put one around your app`);
  return store;
}

/** @param {Store} store */
const useSnapshot = (store) => useSyncExternalStore(store.subscribe, store.snapshot, () => INITIAL);

/** The SDK itself, and whether it has started. */
export function useKakao() {
  const store = useStore('useKakao');
  const { ready, error } = useSnapshot(store);
  return useMemo(() => ({ Kakao: store.Kakao, ready, error }), [store, ready, error]);
}

/** Who is logged in. */
export function useKakaoUser() {
  const store = useStore('useKakaoUser');
  const state = useSnapshot(store);
  return useMemo(() => {
    const { login, logout, reload } = store;
    const { status, user, pending, error } = state;
    return { status, user, pending, error, login, logout, reload };
  }, [store, state]);
}

/** The speech bubble alone. */
const symbol = createElement('svg', { viewBox: SYMBOL_BOX, height: '1.2em', 'aria-hidden': true, focusable: false }, createElement('path', { d: SYMBOL, fill: '#000' }));

/** Kakao's login button. A click logs in, unless onClick prevents it. */
export const LoginButton = forwardRef((/** @type {any} */ { settings, lang = 'kr', size = 'medium', style, children, onClick, ...props }, ref) => {
  const { login, pending } = useKakaoUser();
  /** @param {any} event */
  const click = (event) => {
    onClick?.(event);
    if (!event.defaultPrevented) login(settings);
  };
  const label = labelOf(lang);
  return createElement('button', {
    type: 'button', 'aria-busy': pending, ...props, ref, style: { ...buttonStyle(size), ...style }, onClick: click,
  }, symbol, children ?? createElement('span', { lang: label.lang }, label.text));
});
LoginButton.displayName = 'LoginButton';
