// The guides as a site: the Markdown files of the repository as they are, Korean at the root and English below /en.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import { defineConfig } from 'vitepress';
import { copyPages, linkOnSite, pageOf } from './pages.mjs';
import { REFERENCE, writeReference } from './reference.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const source = `${root}dist/build/site`;
const files = copyPages(source);
await writeReference(source);

/** The sections of the menu. A page without a Korean text is shown in English. */
const MENU = [
  { ko: '시작하기', en: 'Begin', pages: ['README', 'docs/install', 'docs/migration'] },
  { ko: '페이지', en: 'Pages', pages: ['docs/sdk', REFERENCE, 'docs/react', 'docs/vue', 'docs/svelte', 'docs/in-app-browsers'] },
  { ko: '서버', en: 'Servers', pages: ['docs/token-server', 'docs/deploy', 'docs/backends', 'docs/server-side', 'docs/http', 'docs/rest-client'] },
  { ko: '테스트', en: 'Tests', pages: ['docs/emulator', 'docs/parity', 'docs/testing', 'npm-emulator/README', 'npm-cli/README'] },
  { ko: '참고', en: 'Reference', pages: ['docs/errors', 'docs/api', 'docs/performance', 'docs/size', 'docs/versioning', 'CHANGELOG'] },
  { ko: '프로젝트', en: 'The project', pages: ['SECURITY', 'CONTRIBUTING', 'docs/architecture', 'docs/releasing', 'docs/korean', 'SUPPORT'] },
];

const titleOf = (file) => /^# (.*)$/m.exec(readFileSync(root + file, 'utf8'))[1].replaceAll('`', '');

function entryOf(page, language) {
  if (page === REFERENCE) return [{ text: language === 'ko' ? 'SDK 레퍼런스' : 'SDK reference', link: language === 'ko' ? REFERENCE : `/en${REFERENCE}` }];
  const file = [`${page}.${language}.md`, `${page}.md`].find((name) => existsSync(root + name));
  if (!file) return [];
  return [{ text: page === 'README' ? 'kakaowasm' : titleOf(file), link: pageOf(file, language) }];
}

const sidebar = (language) => MENU.map((section) => ({
  text: section[language], items: section.pages.flatMap((page) => entryOf(page, language)),
}));

/** Turns a link between files into one between pages of the site, or to the repository. */
function linkBetweenPages(md) {
  md.core.ruler.push('pages', ({ tokens, env }) => {
    const from = files.get(env.relativePath);
    if (!from) return; // the reference, whose links are between its own files
    const language = env.relativePath.startsWith('en/') ? 'en' : 'ko';
    for (const token of tokens.flatMap((block) => block.children ?? [])) {
      if (token.type === 'link_open') token.attrSet('href', linkOnSite(from, language, token.attrGet('href')));
    }
  });
}

/** A corner of a table without text is no heading. */
function plainCorners(md) {
  md.core.ruler.push('corners', ({ tokens }) => {
    tokens.forEach((token, i) => {
      if (token.type === 'th_open' && tokens[i + 1].content === '') token.tag = tokens[i + 2].tag = 'td';
    });
  });
}

/** The anchors of GitHub, to which the links in the files go; VitePress would take Hangul apart. */
function anchors() {
  let slugger = new GithubSlugger();
  let last;
  return (title, state) => {
    if (state?.env !== last) [slugger, last] = [new GithubSlugger(), state?.env];
    return slugger.slug(title);
  };
}

const KOREAN = {
  outline: { level: [2, 3], label: '이 페이지에서' },
  docFooter: { prev: '이전', next: '다음' },
  darkModeSwitchLabel: '화면 모드', lightModeSwitchTitle: '밝은 화면으로', darkModeSwitchTitle: '어두운 화면으로',
  sidebarMenuLabel: '목차', returnToTopLabel: '맨 위로', langMenuLabel: '언어', skipToContentLabel: '본문으로 건너뛰기',
  notFound: { title: '페이지를 찾을 수 없습니다', quote: '주소를 확인하거나 첫 페이지에서 찾아보세요.', linkText: '첫 페이지로', linkLabel: '첫 페이지로' },
};

const SEARCH_KOREAN = {
  button: { buttonText: '검색', buttonAriaLabel: '검색' },
  modal: {
    displayDetails: '자세히 보기', resetButtonTitle: '지우기', backButtonTitle: '닫기', noResultsText: '결과 없음:',
    footer: { selectText: '선택', selectKeyAriaLabel: 'Enter', navigateText: '이동', navigateUpKeyAriaLabel: '위', navigateDownKeyAriaLabel: '아래', closeText: '닫기', closeKeyAriaLabel: 'Esc' },
  },
};

export default defineConfig({
  title: 'kakaowasm',
  base: '/docs/',
  srcDir: source,
  outDir: '../dist/docs',
  cacheDir: '../dist/build/vitepress',
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  ignoreDeadLinks: [/^http:\/\/localhost\b/], // addresses of programs in examples
  locales: {
    root: { label: '한국어', lang: 'ko', description: '카카오 JavaScript SDK의 로그인을 대체하는 SDK, 토큰 서버, 에뮬레이터', themeConfig: { ...KOREAN, sidebar: sidebar('ko') } },
    en: { label: 'English', lang: 'en', description: 'SDK, token server and emulator in place of the login of Kakao\'s JavaScript SDK', themeConfig: { outline: [2, 3], sidebar: sidebar('en') } },
  },
  themeConfig: {
    search: { provider: 'local', options: { locales: { root: { translations: SEARCH_KOREAN } } } },
    externalLinkIcon: true,
  },
  markdown: { anchor: { slugifyWithState: anchors() }, config: (md) => md.use(linkBetweenPages).use(plainCorners), theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
});
