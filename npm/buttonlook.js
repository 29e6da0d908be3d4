// How Kakao's login button looks after its design guide (Kakao Developers, Kakao Login, Design guide): a yellow container,
// a speech bubble as the symbol, which always stays, and a dark label.

/** The labels by language. */
export const LABELS = { kr: '카카오 로그인', en: 'Login with Kakao' };

/** The heights by size, in CSS pixels. */
export const HEIGHTS = { small: 30, medium: 45, large: 60 };

/** The colour of the container. */
export const YELLOW = '#fee500';

/** The speech bubble, as the path of a drawing 45 pixels high in which it stands at 15. */
export const SYMBOL = 'M26 13c-6.1 0-11 3.9-11 8.6 0 3.1 2 5.8 5.1 7.3l-1 3.8c-.1.4.3.6.6.4l4.5-3 1.8.1c6.1 0 11-3.9 11-8.6S32.1 13 26 13z';

/** The system's fonts for Korean. */
export const FONTS = "'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif";

/** The part of the drawing in which the symbol stands. */
export const SYMBOL_BOX = '15 13 22 20';

/**
 * The style of a button that is an element, for React and Vue.
 * @param {'small'|'medium'|'large'} size
 */
export const buttonStyle = (size) => ({
  display: 'inline-flex', alignItems: 'center', justifyContent: 'center', gap: '0.5em', minHeight: `${HEIGHTS[size]}px`, padding: '0 1em',
  border: '0', borderRadius: '12px', background: YELLOW, color: 'rgba(0, 0, 0, 0.85)', cursor: 'pointer',
  font: `600 ${HEIGHTS[size] / 3}px ${FONTS}`,
});

/**
 * The label by the name of a language in Kakao.Auth.createLoginButton, and that language's own name.
 * @param {'kr'|'en'} lang
 */
export const labelOf = (lang) => ({ text: LABELS[lang], lang: lang === 'kr' ? 'ko' : lang });
