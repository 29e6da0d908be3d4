// Whom the proxy in front has named.
export default defineEventHandler((event) => ({ id: getRequestHeader(event, 'x-auth-request-user') }));
