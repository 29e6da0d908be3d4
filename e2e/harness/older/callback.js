// The relay page of the version before, as far as a page notices: it tells a page once and closes at once, and leads to the
// address that the page has left, or that the state names. It knows nothing of the login.
(() => {
  'use strict';
  const { origins } = document.currentScript.dataset;
  const message = { kakaowasm: 1 };
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (['state', 'code', 'error', 'error_description', 'error_code'].includes(name)) message[name] = value;
  }
  history.replaceState(null, '', location.pathname);
  const [flow, , part] = message.state.split('.');
  const page = new URL(atob(part.replace(/-/g, '+').replace(/_/g, '/')));
  if (!origins.split(' ').includes(page.origin)) return;
  if (flow === 'p') {
    new BroadcastChannel(`kakaowasm:${message.state}`).postMessage(message);
    window.opener?.postMessage(message, page.origin);
    window.close();
  } else if (page.origin === location.origin) {
    sessionStorage.setItem(`kakaowasm:result:${message.state}`, JSON.stringify(message));
    location.replace(sessionStorage.getItem(`kakaowasm:return:${message.state}`) ?? page.href);
  } else {
    page.hash = `kakaowasm=${encodeURIComponent(JSON.stringify(message))}`;
    location.replace(page.href);
  }
})();
