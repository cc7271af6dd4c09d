// SPDX-License-Identifier: MIT
// Starts real browsers for the tests: Debian's Chromium over CDP, Firefox over WebDriver BiDi. Every
// host name leads them to this machine, and nothing is looked up.

import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const executables = {
  chromium: process.env.CORSAC_CHROMIUM ?? '/usr/bin/chromium',
  firefox: process.env.CORSAC_FIREFOX ?? '/usr/bin/firefox-esr',
};

const chromiumOptions = (portOf) => ({
  browser: 'chrome',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-proxy-server',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-default-apps', '--disable-dev-shm-usage',
    '--host-resolver-rules=' + [
      ...Object.entries(portOf).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`),
      'MAP * 127.0.0.1',
    ].join(','),
    // Another mechanism, which would come before CORS on a public name with a loopback address.
    '--disable-features=LocalNetworkAccessChecks',
  ],
});

const firefoxOptions = (portOf, proxy, preferences) => {
  const proxied = JSON.stringify(Object.keys(portOf));
  const script = `function FindProxyForURL(url, host) {
    return ${proxied}.indexOf(host) < 0 ? 'DIRECT' : 'PROXY 127.0.0.1:${proxy}'; }`;
  return {
    browser: 'firefox',
    extraPrefsFirefox: {
      'network.dns.forceResolve': '127.0.0.1',
      'network.proxy.type': 2,
      'network.proxy.autoconfig_url': 'data:,' + encodeURIComponent(script),
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'network.lna.enabled': false,
      // A dialogue that would wait for an answer: a form of a loopback page, sent to another host.
      'security.warn_submit_secure_to_insecure': false,
      'app.normandy.enabled': false,
      'browser.region.network.url': '',
      'services.settings.server': 'data:,#remote-settings-dummy/v1',
      ...preferences,
    },
  };
};

// A proxy that knows CONNECT only: Firefox cannot be told that a host's port is another one.
function startProxy(portOf) {
  const server = net.createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', (head) => {
      const host = /^CONNECT ([^: ]+):\d+ /.exec(head.toString('latin1'))?.[1];
      if (!portOf[host]) return client.destroy();
      const target = net.connect(portOf[host], '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(target).pipe(client);
      });
      target.on('error', () => client.destroy());
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

// Starts one. `portOf` says for which hosts the port in a URL is not the one to connect to;
// `preferences` are Firefox's; `close()` ends the browser and removes its profile.
export async function launch(name, portOf = {}, preferences = {}) {
  const profile = await mkdtemp(join(tmpdir(), `corsac-${name}-`));
  const proxy = await startProxy(portOf);
  const options = name === 'chromium'
    ? chromiumOptions(portOf) : firefoxOptions(portOf, proxy.address().port, preferences);
  const cleanUp = async () => {
    proxy.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const launching = puppeteer.launch({
    ...options,
    executablePath: executables[name],
    headless: true,
    acceptInsecureCerts: true,
    userDataDir: profile,
    // Both write to their home as well.
    env: { ...process.env, HOME: profile },
    protocolTimeout: 180000,
  });
  let browser;
  try {
    browser = await launching;
  } catch (error) {
    await cleanUp();  // a proxy that listens would keep the driver alive
    throw error;
  }
  const close = async () => {
    await browser.close();
    await cleanUp();
  };
  return { browser, close };
}
