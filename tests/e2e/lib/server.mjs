/**
 * The real program, started on a free port with a fresh data directory of its own, and thrown away afterwards.
 * `SHUKE_BIN` names it; the console's pages are those it was built with (debug builds read web/console/dist).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

export const OWNER = {
  name: '陈晓梅',
  email: 'owner@example.com',
  password: 'correct-horse-battery',
  merchant_name: '暖冬母婴',
};

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export function program() {
  const path = process.env.SHUKE_BIN ?? join(root, 'target/debug/shuke');
  if (!existsSync(path)) throw new Error(`${path} is missing: build the program first (cargo build), or name it in SHUKE_BIN.`);
  return path;
}

/**
 * The console as this tree last built it, with the API of the program behind it: for who works on the pages and does
 * not want to build the program anew.
 */
async function servePages(api) {
  process.env.SHUKE_ADDR = api;
  const { preview } = await import(join(root, 'web/console/node_modules/vite/dist/node/index.js'));
  const port = await freePort();
  const server = await preview({ root: join(root, 'web/console'), preview: { port, host: '127.0.0.1', strictPort: true }, logLevel: 'error' });
  return { base: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

/** An empty shop, or with `demo` (the options of `shuke demo`) the sample shop. */
export async function startServer({ demo } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'shuke-e2e-'));
  const port = await freePort();
  // A home of its own: nothing of the person who runs the tests is read, and the master key is made afresh.
  const environment = { ...process.env, HOME: data, XDG_CONFIG_HOME: join(data, 'config'), XDG_DATA_HOME: join(data, 'share') };
  for (const name of Object.keys(environment)) if (name.startsWith('SHUKE_')) delete environment[name];
  const child = spawn(program(), [...(demo ? ['demo', ...demo] : ['serve']), '--data', join(data, 'data'), '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const base = `http://127.0.0.1:${port}`;
  const until = Date.now() + (demo ? 300_000 : 60_000);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended at once:\n${output}`);
    try {
      if ((await fetch(`${base}/health/ready`)).ok) break;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > until) throw new Error(`the server did not get ready:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const pages = process.env.SHUKE_PAGES === 'tree' ? await servePages(base) : null;
  return {
    base: pages?.base ?? base,
    output: () => output,
    /** The token that the first start printed. */
    token: () => {
      const found = /setup token\s*\n\s*(\S{12,})/i.exec(output);
      if (!found) throw new Error(`the first start printed no token:\n${output}`);
      return found[1];
    },
    /** Who may look at the sample shop. */
    login: () => ({ email: 'demo@shuke.example', password: readFileSync(join(data, 'data/demo-login.txt'), 'utf8').trim() }),
    async stop() {
      await pages?.stop();
      child.kill('SIGTERM');
      await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve()));
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Speaks to the API as the signed-in owner, to prepare what a screen shall show. */
export class Api {
  constructor(base) {
    this.base = base;
    this.cookie = '';
    this.merchant = '';
    this.count = 0;
  }

  async call(method, path, body) {
    const form = body instanceof FormData;
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: {
        'Accept-Language': 'en',
        ...(this.cookie ? { Cookie: this.cookie } : {}),
        ...(this.merchant ? { 'Shuke-Merchant': this.merchant } : {}),
        ...(method === 'GET' ? {} : { 'Shuke-Csrf': '1', 'Idempotency-Key': `e2e-${process.pid}-${Date.now()}-${(this.count += 1)}` }),
        ...(body !== undefined && !form ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(body !== undefined ? { body: form ? body : JSON.stringify(body) } : {}),
    });
    const cookie = response.headers.get('set-cookie');
    if (cookie) this.cookie = cookie.split(';')[0];
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  async setUp(token, owner = OWNER) {
    const session = await this.call('POST', '/setup', { token, ...owner });
    this.merchant = session.merchants[0].id;
    return session;
  }

  async signIn(owner = OWNER) {
    const session = await this.call('POST', '/sessions', { email: owner.email, password: owner.password });
    this.merchant = session.merchants[0].id;
    return session;
  }

  /** Loads files as the wizard does and waits until the load is done. */
  async load(files, wait = 120_000) {
    const form = new FormData();
    for (const { name, bytes } of files) form.append('file', new Blob([bytes]), name);
    const staged = await this.call('POST', '/imports', form);
    await this.call('POST', `/imports/${staged.id}/run`, {});
    return this.loaded(staged.id, wait);
  }

  async loaded(id, wait = 120_000) {
    const until = Date.now() + wait;
    for (;;) {
      const detail = await this.call('GET', `/imports/${id}`);
      if (detail.state === 'done') return detail;
      if (['failed', 'stopped'].includes(detail.state) || Date.now() > until) throw new Error(`import ${id} is ${detail.state}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** A shop of its own with its owner signed in, in which nothing is yet. */
export async function newShop() {
  const server = await startServer();
  const api = new Api(server.base);
  await api.setUp(server.token());
  return { server, api };
}
