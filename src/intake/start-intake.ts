import type { Server as HttpServer } from 'node:http';
import { Probot, Server } from 'probot';
import type { DeliveryStore } from '../domain/delivery.ts';
import type { Logger } from '../domain/logger.ts';
import { guardConnections } from './guard-connections.ts';
import { createHealthRoute, type Route } from './health-route.ts';
import { createProbotLog } from './probot-log.ts';
import { createWebhookHandler, type WebhookHandler } from './webhook-handler.ts';
import { requireWebhookSecrets } from './webhook-secret.ts';

const webhookPath = '/api/github/webhooks';
/** GitHub gives up after 10 s itself, so nothing that is worth waiting for takes longer. */
const drainMs = 10_000;

export interface IntakeOptions {
  readonly host: string;
  /** 0 chooses a free one. */
  readonly port: number;
  /** The current secret, then the previous one while a rotation lasts. */
  readonly webhookSecrets: readonly string[];
  readonly appId: number;
  readonly deliveries: DeliveryStore;
  ready(): Promise<boolean>;
  /** Tried in order after the webhook path and the health routes. */
  readonly routes?: readonly Route[];
  /** How long storing a delivery may take before GitHub gets 503; default 5,000. */
  readonly deadlineMs?: number;
  /** How long a request's body may take; default 10,000. */
  readonly bodyDeadlineMs?: number;
  readonly log: Logger;
}

export interface Intake {
  readonly port: number;
  readonly url: string;
  /** Accepts nothing new, answers what is under way, then resolves. */
  close(): Promise<void>;
}

/**
 * Serves the webhook path and the other routes on Probot's server. Throws `config-invalid` for a webhook secret that
 * is missing, short or well known.
 */
export async function startIntake(options: IntakeOptions): Promise<Intake> {
  requireWebhookSecrets(options.webhookSecrets);
  const handler = createWebhookHandler({
    path: webhookPath,
    appId: options.appId,
    webhookSecrets: options.webhookSecrets,
    deliveries: options.deliveries,
    deadlineMs: options.deadlineMs ?? 5_000,
    ...(options.bodyDeadlineMs === undefined ? {} : { bodyDeadlineMs: options.bodyDeadlineMs }),
    log: options.log,
  });
  const server = new Server({
    host: options.host,
    // Probot reads the number 0 as "not given" and takes 3000; node takes the text '0' for any free port.
    port: options.port === 0 ? ('0' as unknown as number) : options.port,
    webhookPath,
    enablePing: false,
    enableStaticFiles: false,
    log: createProbotLog(options.log),
    Probot: probotWith(handler, options),
  });
  server.addHandler(createHealthRoute(() => options.ready()));
  for (const route of options.routes ?? []) server.addHandler(route);
  const http = await server.start();
  guardConnections(http);
  const port = server.port;
  options.log.info('intake.listening', { host: options.host, port });
  return { port, url: urlOf(options.host, port), close: () => drain(server, http) };
}

/** Probot acknowledges after all handlers ran, in memory; so its middleware is replaced by one that stores first. */
function probotWith(handler: WebhookHandler, options: IntakeOptions): typeof Probot {
  return class IntakeProbot extends Probot {
    constructor(given: ConstructorParameters<typeof Probot>[0] = {}) {
      super({
        ...given,
        appId: options.appId,
        // Only a client of GitHub would need the App's key, and the intake has none: Probot is satisfied by a token.
        githubToken: 'none',
        secret: options.webhookSecrets[0],
      });
    }

    override async getNodeMiddleware(): Promise<WebhookHandler> {
      return handler;
    }
  };
}

function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

async function drain(server: Server, http: HttpServer): Promise<void> {
  const timer = setTimeout(() => http.closeAllConnections(), drainMs);
  const idle = setInterval(() => http.closeIdleConnections(), 50);
  try {
    await server.stop();
  } finally {
    clearTimeout(timer);
    clearInterval(idle);
  }
}
