// Finds where two outcomes differ.

const isObject = (value) => typeof value === 'object' && value !== null;

/**
 * @returns {string[]} one line for each difference; empty if there is none. The order of an object's
 *   keys does not matter, the order of a list does
 */
export function compare(expected, got, path = '') {
  if (Object.is(expected, got)) return [];
  const comparable = isObject(expected) && isObject(got) && Array.isArray(expected) === Array.isArray(got);
  if (!comparable) return [`${path}: expected ${show(expected)}, got ${show(got)}`];
  const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
  return [...keys].flatMap((key) => {
    const inner = Array.isArray(expected) ? `${path}[${key}]` : `${path}${path && '.'}${key}`;
    return compare(expected[key], got[key], inner);
  });
}

const show = (value) => (value === undefined ? 'nothing' : JSON.stringify(value));
