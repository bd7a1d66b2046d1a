import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Intake, startIntake } from '../../src/intake/start-intake.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { MemoryDeliveries } from './delivery-store.ts';

const secret = randomBytes(32).toString('hex');
const previous = randomBytes(32).toString('hex');
const opened: Intake[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((intake) => intake.close()));
});

async function start(options: Partial<Parameters<typeof startIntake>[0]> = {}) {
  const deliveries = new MemoryDeliveries();
  const log = new RecordingLog();
  const intake = await startIntake({
    host: '127.0.0.1',
    port: 0,
    webhookSecrets: [secret, previous],
    appId: 7,
    deliveries,
    ready: () => Promise.resolve(true),
    log,
    ...options,
  });
  opened.push(intake);
  return { intake, deliveries, log };
}

function sign(body: string | Buffer, key = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

function headersFor(body: string | Buffer, more: Record<string, string> = {}): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': randomUUID(),
    'x-github-hook-installation-target-type': 'integration',
    'x-github-hook-installation-target-id': '7',
    'x-hub-signature-256': sign(body),
    ...more,
  };
}

function post(intake: Intake, body: string | Buffer, headers = headersFor(body)): Promise<Response> {
  return fetch(`${intake.url}/api/github/webhooks`, { method: 'POST', body: new Blob([body]), headers });
}

describe('the webhook endpoint', () => {
  it('commits the row and then answers 202', async () => {
    const { intake, deliveries } = await start();
    const body = JSON.stringify({ action: 'labeled', installation: { id: 3 }, repository: { id: 9 } });
    const headers = headersFor(body);
    expect((await post(intake, body, headers)).status).toBe(202);
    expect(deliveries.rows.get(headers['x-github-delivery'] ?? '')).toMatchObject({
      event: 'issues',
      action: 'labeled',
      installationId: 3,
      repositoryId: 9,
      problem: null,
    });
  });

  it('does not answer before the commit', async () => {
    const { intake, deliveries } = await start();
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    deliveries.before = () => {
      entered.resolve();
      return gate.promise;
    };
    let answered = false;
    const response = post(intake, '{}').then((result) => {
      answered = true;
      return result;
    });
    await entered.promise;
    expect(answered).toBe(false);
    gate.resolve();
    expect((await response).status).toBe(202);
  });

  it('answers 202 to the same GUID again and keeps one row', async () => {
    const { intake, deliveries } = await start();
    const headers = headersFor('{}');
    const statuses = await Promise.all([post(intake, '{}', headers), post(intake, '{}', headers)]);
    expect(statuses.map(({ status }) => status)).toEqual([202, 202]);
    expect(deliveries.rows.size).toBe(1);
  });

  it('answers 503 at the deadline when the database is late, never 2xx', async () => {
    const { intake, deliveries } = await start({ deadlineMs: 50 });
    const gate = Promise.withResolvers<void>();
    deliveries.before = () => gate.promise;
    const response = await post(intake, '{}');
    gate.resolve();
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('30');
  });

  it('answers 503 when the database is away', async () => {
    const { intake, deliveries } = await start();
    deliveries.before = () => Promise.reject(new Error('connection refused'));
    expect((await post(intake, '{}')).status).toBe(503);
  });

  it.each([
    ['wrong', (body: string) => sign(body, 'x'.repeat(32))],
    ['of SHA-1', (body: string) => `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`],
    ['of another body', () => sign('other')],
    ['too short', () => 'sha256=00'],
  ])('answers 401 with a constant body to a signature that is %s, and stores nothing', async (_, forge) => {
    const { intake, deliveries } = await start();
    // Not JSON: were it parsed before the check, the answer would differ.
    const response = await post(intake, '{', headersFor('{', { 'x-hub-signature-256': forge('{') }));
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('Unauthorized\n');
    expect(deliveries.rows.size).toBe(0);
  });

  it('answers 401 when only the SHA-1 header is there', async () => {
    const { intake } = await start();
    const { 'x-hub-signature-256': _, ...headers } = headersFor('{}');
    const sha1 = `sha1=${createHmac('sha1', secret).update('{}').digest('hex')}`;
    expect((await post(intake, '{}', { ...headers, 'x-hub-signature': sha1 })).status).toBe(401);
  });

  it('accepts the previous secret while a rotation lasts', async () => {
    const { intake } = await start();
    const headers = headersFor('{}', { 'x-hub-signature-256': sign('{}', previous) });
    expect((await post(intake, '{}', headers)).status).toBe(202);
  });

  it('answers 401 to a delivery for another App, even with our secret', async () => {
    const { intake } = await start();
    const headers = headersFor('{}', { 'x-github-hook-installation-target-id': '8' });
    expect((await post(intake, '{}', headers)).status).toBe(401);
  });

  it.each([
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['no JSON', Buffer.from('{')],
    ['an array', Buffer.from('[]')],
    ['U+0000', Buffer.from('{"a":["\\u0000"]}')],
    ['half a surrogate pair', Buffer.from('{"\\ud800":1}')],
    ['20,000 levels', Buffer.from(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)],
  ])('stores a signed body of %s with its problem and answers 202', async (_, body) => {
    const { intake, deliveries } = await start();
    expect((await post(intake, body)).status).toBe(202);
    const [row] = [...deliveries.rows.values()];
    expect(row?.payload).toBeNull();
    expect(row?.problem).toEqual(expect.any(String));
    expect(row?.rawBody?.equals(body)).toBe(true);
  });

  it('keeps a body that only mentions an escape', async () => {
    const { intake, deliveries } = await start();
    const body = JSON.stringify({ text: 'a literal \\u0000 and 😀 }]' });
    expect((await post(intake, body)).status).toBe(202);
    expect([...deliveries.rows.values()][0]?.problem).toBeNull();
  });

  it('answers 415 to a form', async () => {
    const { intake } = await start();
    const headers = headersFor('a=1', { 'content-type': 'application/x-www-form-urlencoded' });
    expect((await post(intake, 'a=1', headers)).status).toBe(415);
  });

  it('answers 405 to GET and 400 to a signed delivery without GUID', async () => {
    const { intake } = await start();
    expect((await fetch(`${intake.url}/api/github/webhooks`)).status).toBe(405);
    expect((await post(intake, '{}', headersFor('{}', { 'x-github-delivery': '' }))).status).toBe(400);
  });

  it('refuses a body over 25 MiB by its length, unread', async () => {
    const { intake } = await start();
    const status = await statusOfRaw(intake, {
      headers: { ...headersFor(''), 'content-length': String(25 * 1024 * 1024 + 1) },
      chunks: [],
    });
    expect(status).toBe(413);
  });

  it('cuts a chunked body at 25 MiB', async () => {
    const { intake, deliveries } = await start();
    const status = await statusOfRaw(intake, {
      headers: headersFor(''),
      chunks: Array.from({ length: 26 }, () => Buffer.alloc(1024 * 1024, 0x20)),
    });
    expect(status).toBe(413);
    expect(deliveries.rows.size).toBe(0);
  });

  it('answers 408 to a body that does not end in time', async () => {
    const { intake } = await start({ bodyDeadlineMs: 50 });
    const status = await statusOfRaw(intake, {
      headers: headersFor(''),
      chunks: [Buffer.from('{')],
      end: false,
    });
    expect(status).toBe(408);
  });

  it('answers 431 to headers over 16 KiB', async () => {
    const { intake } = await start();
    expect((await post(intake, '{}', headersFor('{}', { 'x-long': 'a'.repeat(17_000) }))).status).toBe(431);
  });
});

describe('the server', () => {
  it.each([[[]], [['development']], [['short']], [[secret, 'short']]])(
    'refuses to start with the webhook secrets %j',
    async (webhookSecrets) => {
      await expect(start({ webhookSecrets })).rejects.toMatchObject({ code: 'config-invalid' });
    },
  );

  it('tells whether it lives and whether it is ready', async () => {
    let ready = true;
    const { intake } = await start({ ready: () => Promise.resolve(ready) });
    expect((await fetch(`${intake.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${intake.url}/readyz`)).status).toBe(200);
    ready = false;
    expect((await fetch(`${intake.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${intake.url}/healthz`)).status).toBe(200);
  });

  it('hands other paths to the given routes and answers 404 to the rest', async () => {
    const { intake } = await start({
      routes: [
        (request, response) => {
          if (request.url !== '/mine') return false;
          response.end('mine');
          return true;
        },
      ],
    });
    expect(await (await fetch(`${intake.url}/mine`)).text()).toBe('mine');
    expect((await fetch(`${intake.url}/other`)).status).toBe(404);
  });

  it('answers what is under way before it closes, and accepts nothing new', async () => {
    const { intake, deliveries } = await start();
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    deliveries.before = () => {
      entered.resolve();
      return gate.promise;
    };
    const response = post(intake, '{}');
    await entered.promise;
    const closed = intake.close();
    await expect(fetch(`${intake.url}/healthz`)).rejects.toThrow('fetch failed');
    gate.resolve();
    expect((await response).status).toBe(202);
    await closed;
    expect(deliveries.rows.size).toBe(1);
  });

  it('answers others while many sockets dawdle', async () => {
    const { intake } = await start();
    const port = intake.port;
    const sockets = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = connect(port, '127.0.0.1');
        await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
        socket.on('error', () => undefined);
        socket.write('POST /api/github/webhooks HTTP/1.1\r\nHost: a\r\n');
        return socket;
      }),
    );
    expect((await post(intake, '{}')).status).toBe(202);
    for (const socket of sockets) socket.destroy();
  });
});

function statusOfRaw(
  intake: Intake,
  given: { headers: Record<string, string>; chunks: readonly Buffer[]; end?: boolean },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${intake.url}/api/github/webhooks`,
      { method: 'POST', headers: given.headers, agent: false },
      (response) => {
        response.resume();
        request.destroy();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on('error', reject);
    request.flushHeaders();
    for (const chunk of given.chunks) request.write(chunk);
    if (given.end ?? true) request.end();
  });
}
