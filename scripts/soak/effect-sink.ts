import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** GitHub as the soak's runs see it: what was written, how often, and whether it is there. */
export interface EffectSink {
  readonly url: string;
  /** How often each thing was made, by `<run>/<key>`. */
  readonly made: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export async function startEffectSink(): Promise<EffectSink> {
  const made = new Map<string, number>();
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    request.resume();
    if (request.method === 'POST') made.set(name, (made.get(name) ?? 0) + 1);
    response.writeHead(made.has(name) ? 200 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    made,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
