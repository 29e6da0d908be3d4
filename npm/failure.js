// The three kinds of errors of the SDK as one, for those who show them.

/**
 * What went wrong, whatever failed: a wrong call or a browser that cannot run the SDK (KakaoError), a login (AuthError), or
 * a call of the API (ApiError).
 * @param {any} cause
 * @returns {Readonly<{code: string, message: string, hint: string|undefined, cause: unknown}>}
 */
export function failure(cause) {
  const code = String(cause?.error ?? cause?.code ?? 'unexpected');
  const message = String(cause?.error_description ?? cause?.msg ?? cause?.message ?? code);
  return Object.freeze({ code, message, hint: cause?.hint, cause });
}
