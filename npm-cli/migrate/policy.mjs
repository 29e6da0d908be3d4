// What a Content-Security-Policy lacks for kakaowasm. The table of docs/migration.md, step 5, says the same.

const NEEDS = [
  { directive: 'script-src', source: "'wasm-unsafe-eval'", or: ["'unsafe-eval'"] },
  { directive: 'connect-src', source: 'https://kapi.kakao.com' },
  { directive: 'connect-src', source: 'https://kauth.kakao.com' },
  { directive: 'img-src', source: 'data:', use: /^Auth\.createLoginButton/ },
  { directive: 'frame-src', source: 'https://apps.kakao.com', use: /^Auth\.\w+ShippingAddress/ },
  { directive: 'form-action', source: 'https://apps.kakao.com', use: /^Auth\.\w+ShippingAddress/ },
];

/** Directives that default-src does not stand in for. CSP Level 3, section 6.4. */
const WITHOUT_DEFAULT = new Set(['form-action']);

/** The sources of a directive in a policy, undefined if it does not restrict it. */
function sourcesOf(policy, directive) {
  const names = WITHOUT_DEFAULT.has(directive) ? [directive] : [directive, 'default-src'];
  for (const name of names) {
    const found = new RegExp(`(?:^|[^\\w-])${name}\\s+([^;"]*)`, 'i').exec(policy);
    if (found) return found[1].trim().split(/\s+/);
  }
  return undefined;
}

const allows = (sources, { source, or = [] }) => {
  const wildcard = /^https:\/\/[^.]+\.kakao\.com$/.test(source) ? ['*', 'https:', '*.kakao.com', 'https://*.kakao.com', source.slice(8)] : [];
  return [source, ...or, ...wildcard].some((each) => sources.includes(each));
};

/**
 * @param {string} policy as in a header, possibly with other text around it
 * @param {Set<string>} uses functions of Kakao that the project calls
 * @returns {string} what to add, such as "script-src 'wasm-unsafe-eval'"; empty if nothing
 */
export function missingIn(policy, uses) {
  const missing = new Map();
  for (const need of NEEDS) {
    if (need.use && ![...uses].some((use) => need.use.test(use))) continue;
    const sources = sourcesOf(policy, need.directive);
    if (sources && !allows(sources, need)) missing.set(need.directive, [...missing.get(need.directive) ?? [], need.source]);
  }
  return [...missing].map(([directive, sources]) => `${directive} ${sources.join(' ')}`).join('; ');
}
