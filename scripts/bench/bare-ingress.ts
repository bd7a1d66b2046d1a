import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { sessionOptions } from '../../src/store/database.ts';
import { statement } from '../../src/store/statement.ts';
import { benchSecret } from './bench-secret.ts';

/**
 * What the intake is measured against: bare `node:http`, the signature, and the intake's own insert into a table with
 * the same columns and indexes, on as many connections with the same session settings. No limit, no parsing, no log. At `/prepared` the statement
 * is parsed once a connection, elsewhere each time, as `pg` does where it is not told otherwise.
 */
export async function startBareIngress(
  databaseUrl: string,
  connections: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const pool = new Pool({ connectionString: databaseUrl, max: connections, options: sessionOptions });
  pool.on('error', () => undefined);
  await pool.query(
    'create table if not exists pullwright.bench_delivery (like pullwright.delivery including all)',
  );
  const insert = statement('insert-delivery').replace('pullwright.delivery', 'pullwright.bench_delivery');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const good = `sha256=${createHmac('sha256', benchSecret).update(body).digest('hex')}`;
      if (request.headers['x-hub-signature-256'] !== good) {
        response.writeHead(401).end();
        return;
      }
      const guid = String(request.headers['x-github-delivery']);
      const values = [guid, 'issues', 'labeled', 5, 42, body, null, null, 'webhook', `label:${guid}:agent`];
      pool
        .query({ text: insert, values, ...(request.url === '/prepared' ? { name: 'insert' } : {}) })
        .then(() => response.writeHead(202).end())
        .catch(() => response.writeHead(503).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await pool.end();
    },
  };
}
