// Vue: a plugin that starts the SDK, composables that tell what it knows, and Kakao's login button.

import Kakao from 'kakaowasm';
import { computed, defineComponent, h, inject, mergeProps, onMounted, onUnmounted, shallowRef } from 'vue';
import { buttonStyle, labelOf, SYMBOL, SYMBOL_BOX } from './buttonlook.js';
import { INITIAL, storeOf } from './store.js';

/** Under what an app provides the store, and whether it has mounted: until then it may be a page that a server has rendered. */
const KEY = Symbol('kakaowasm');

/** @typedef {{store: import('./store.js').Store, mounted: boolean}} Provided */

/**
 * Makes the plugin. In a browser it starts the SDK, on a server nothing.
 * @param {any} settings those of Kakao.init, appKey, and Kakao to hand in another object, such as a fake
 */
export function createKakao({ appKey, Kakao: own = Kakao, ...options }) {
  const store = storeOf(own);
  return {
    /** @param {import('vue').App} app */
    install(app) {
      app.provide(KEY, { store, mounted: false });
      if (typeof window === 'undefined') return;
      app.onUnmount(store.subscribe(() => {})); // between here and the first component nothing must be missed
      store.start(appKey, options);
    },
  };
}

/**
 * The store, and its state as a ref.
 * @param {string} name of the composable
 */
function useStore(name) {
  const provided = inject(KEY, /** @type {Provided|null} */ (null));
  if (!provided) throw new Error(`${name} has no plugin: call app.use(createKakao({ appKey: '…' })) first`);
  const { store } = provided;
  const state = shallowRef(provided.mounted ? store.snapshot() : INITIAL);
  const read = () => { state.value = store.snapshot(); };
  let stop = () => {};
  onMounted(() => {
    provided.mounted = true;
    stop = store.subscribe(read);
    read();
  });
  onUnmounted(() => stop());
  return { store, state };
}

/** The SDK itself, and whether it has started. */
export function useKakao() {
  const { store, state } = useStore('useKakao');
  return { Kakao: store.Kakao, ready: computed(() => state.value.ready), error: computed(() => state.value.error) };
}

/** Who is logged in. */
export function useKakaoUser() {
  const { store: { login, logout, reload }, state } = useStore('useKakaoUser');
  return {
    status: computed(() => state.value.status),
    user: computed(() => state.value.user),
    pending: computed(() => state.value.pending),
    error: computed(() => state.value.error),
    login, logout, reload,
  };
}

/** Kakao's login button. A click logs in, unless a listener prevents it. */
export const LoginButton = defineComponent({
  name: 'LoginButton',
  inheritAttrs: false,
  props: { settings: { type: Object, default: undefined }, lang: { type: String, default: 'kr' }, size: { type: String, default: 'medium' } },
  setup(/** @type {any} */ props, { attrs, slots }) {
    const { login, pending } = useKakaoUser();
    const onClick = (/** @type {Event} */ event) => {
      if (!event.defaultPrevented) login(props.settings);
    };
    return () => {
      const label = labelOf(props.lang);
      const own = { type: 'button', 'aria-busy': pending.value, style: buttonStyle(props.size) };
      return h('button', mergeProps(own, attrs, { onClick }), [
        h('svg', { viewBox: SYMBOL_BOX, height: '1.2em', 'aria-hidden': 'true', focusable: 'false' }, h('path', { d: SYMBOL, fill: '#000' })),
        slots.default?.() ?? h('span', { lang: label.lang }, label.text),
      ]);
    };
  },
});
