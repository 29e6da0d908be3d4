import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { connect } from 'node:tls';
import { login, newContext, openPage, request, startBrowser, startSite, token, USER } from './site.mjs';

/** The flag that leads Kakao's names to the emulator. */
const namesLeadTo = (address) => `--host-resolver-rules=MAP kauth.kakao.com ${address}, MAP kapi.kakao.com ${address}`;

/** The flag that trusts the root certificate that a server sends, by the hash of its public key. */
async function trustRootOf(address) {
  const [host, port] = address.split(':');
  const socket = connect({ host, port, servername: 'kauth.kakao.com', rejectUnauthorized: false });
  await new Promise((resolve, reject) => { socket.once('secureConnect', resolve).once('error', reject); });
  let certificate = socket.getPeerX509Certificate();
  while (certificate.issuerCertificate) certificate = certificate.issuerCertificate;
  socket.destroy();
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`;
}

describe('a page that knows nothing of the emulator', () => {
  let site;
  before(async () => { site = await startSite(); });
  after(() => site?.close());

  /** Opens the page in a browser with flags of its own, which ends with the test. */
  async function open(t, ...flags) {
    const browser = await startBrowser([namesLeadTo(site.names), ...flags]);
    t.after(() => browser.close());
    const context = await newContext(browser);
    const asked = [];
    context.on('request', (sent) => asked.push(new URL(sent.url()).origin));
    return { asked, page: await openPage(context, site, { path: '/without-hosts' }) };
  }

  test('logs in, calls the API and logs out by Kakao\'s names', async (t) => {
    const { page, asked } = await open(t, await trustRootOf(site.names));
    await login(page);
    const [outcome, me] = await request(page, '/v2/user/me', { secure_resource: true });
    assert.deepEqual([outcome, String(me.id)], ['success', USER.id]);
    assert.ok(asked.includes('https://kauth.kakao.com') && asked.includes('https://kapi.kakao.com'));
    assert.ok(!asked.includes(site.platform), 'the browser asks the emulator by another name');

    await page.evaluate(() => new Promise((resolve) => { Kakao.Auth.logout(resolve); }));
    assert.equal(await token(page), null);
    assert.deepEqual(page.problems, []);
  });

  test('is refused by a browser that does not trust the certificate', async (t) => {
    const { page } = await open(t);
    await assert.rejects(page.goto('https://kauth.kakao.com/'), /ERR_CERT_AUTHORITY_INVALID/);
  });
});
