import type { SmeeClient } from 'smee-client';
import type { Logger } from '../domain/logger.ts';

export interface WebhookProxy {
  close(): Promise<void>;
}

/**
 * Passes deliveries of a smee channel on to this machine, for development behind a firewall. smee re-serialises
 * JSON: a body that is not byte-equal to `JSON.stringify(parsed)` arrives with a broken signature and is refused.
 */
export function startWebhookProxy(source: string | undefined, intakeUrl: string, log: Logger): WebhookProxy {
  if (source === undefined) return { close: async () => undefined };
  const logger = {
    info: (message: string) => log.info('smee', { message }),
    error: (message: string) => log.error('smee', { message }),
  };
  const started = connect({ source, target: `${intakeUrl}/api/github/webhooks`, logger });
  started.catch((error: unknown) => log.error('smee.not-started', { cause: String(error) }));
  return {
    async close(): Promise<void> {
      const client = await started.catch(() => undefined);
      await client?.stop();
    },
  };
}

/** Only development loads the client, which costs 100 ms. */
async function connect(options: ConstructorParameters<typeof SmeeClient>[0]): Promise<SmeeClient> {
  const { SmeeClient: Client } = await import('smee-client');
  const client = new Client(options);
  await client.start();
  return client;
}
