/**
 * The error of a wrong call. Its own enumerable properties are those of the legacy SDK, `name` and
 * `message`; the others are for programs.
 */
export function makeError({ name, message, code, param, hint }) {
  const error = new Error(message);
  if (name !== 'Error') {
    Object.defineProperty(error, 'name', { value: name, enumerable: true, writable: true, configurable: true });
    Object.defineProperty(error, 'message', { value: message, enumerable: true, writable: true, configurable: true });
  }
  for (const [key, value] of Object.entries({ code, param, hint })) {
    if (value) Object.defineProperty(error, key, { value, writable: true, configurable: true });
  }
  return error;
}

/** A KakaoError with a code and a hint. */
export const kakaoError = (message, code, hint) => makeError({ name: 'KakaoError', message, code, hint });
