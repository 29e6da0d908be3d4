// A call as a command for the shell. What the console hides becomes a variable that the reader fills in.

const HIDDEN = '(hidden)';

/** A word for the shell: in single quotes, with "$NAME" in the place of what is hidden. */
const word = (text, name) => (text.includes(HIDDEN)
  ? `"${text.replaceAll(/["\\$`]/g, '\\$&').replaceAll(HIDDEN, `$${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`)}"`
  : `'${text.replaceAll("'", "'\\''")}'`);

/** The header that a browser or a library sets by itself are left out. */
const OWN = /^(accept-encoding|connection|content-length|cookie|host|sec-.*|upgrade-insecure-requests|user-agent|cache-control|pragma|priority)$/i;

/** @param {{method: string, path: string, query?: object, form?: object, header?: object, authorization?: string}} call */
export function asCurl({ method, path, query = {}, form = {}, header = {}, authorization }) {
  const parts = [`curl ${method === 'GET' ? '-G ' : `-X ${method} `}${word(location.origin + path, 'url')}`];
  for (const [name, value] of Object.entries(header)) {
    if (!OWN.test(name) && name !== 'Authorization') parts.push(`-H ${word(`${name}: ${value}`, name)}`);
  }
  if (authorization) parts.push(`-H ${word(`Authorization: ${authorization}`, 'token')}`);
  const sent = method === 'GET' ? query : form;
  for (const [name, value] of Object.entries(sent)) parts.push(`--data-urlencode ${word(`${name}=${value}`, name)}`);
  return parts.join(' \\\n  ');
}
