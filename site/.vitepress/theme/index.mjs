// The default theme, with what axe and narrow screens need.

import { h } from 'vue';
import { useData, withBase } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import './style.css';

/** The page of an address that there is none for, inside a landmark. */
const NotFound = {
  setup() {
    const { theme, localeIndex } = useData();
    return () => {
      const { title = 'Page not found', quote = 'Check the address, or search for what you need.', linkText = 'To the first page' } = theme.value.notFound ?? {};
      const first = withBase(localeIndex.value === 'en' ? '/en/' : '/');
      return h('main', { class: 'not-found' }, [h('h1', title), h('p', quote), h('p', h('a', { href: first }, linkText))]);
    };
  },
};

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'not-found': () => h(NotFound) }),
};
