import { AppError } from '../domain/app-error.ts';
import type { CheckReader } from '../domain/checks.ts';
import type { DeliveryFeed } from '../domain/delivery-feed.ts';
import type { DiscussionReader } from '../domain/discussion.ts';
import type { ForgeReader, ForgeWriter, PermissionReader, TokenSource } from '../domain/forge.ts';
import type { SweepReader } from '../domain/sweep-reader.ts';
import { createCheckReader } from './check-reader.ts';
import { createDeliveryFeed } from './delivery-feed.ts';
import { createDiscussionReader } from './discussion-reader.ts';
import { createForgeReader } from './forge-reader.ts';
import { createForgeWriter } from './forge-writer.ts';
import { createOctokitFactory, type OctokitFactory, type OctokitOptions } from './octokit-factory.ts';
import { createPermissionReader } from './permission-reader.ts';
import { createRepositoryCaller } from './repository-caller.ts';
import { createSweepReader } from './sweep-reader.ts';
import { toAppError } from './to-app-error.ts';
import { createTokenSource } from './token-source.ts';

/** Who we are on GitHub. */
export interface ForgeApp {
  readonly id: number;
  readonly slug: string;
  /** `<slug>[bot]`. */
  readonly botLogin: string;
  /** Null where GitHub does not tell without a login (an Enterprise server in private mode). */
  readonly botUserId: number | null;
  /** The App's page: its host is where people's pages are. */
  readonly htmlUrl: string;
}

export interface Forge {
  readonly reader: ForgeReader;
  readonly writer: ForgeWriter;
  readonly permissions: PermissionReader;
  readonly tokens: TokenSource;
  /** The App's log of deliveries. */
  readonly feed: DeliveryFeed;
  readonly sweepReader: SweepReader;
  readonly discussion: DiscussionReader;
  readonly checks: CheckReader;
  /** Asks GitHub which App the key belongs to. Throws `config-invalid` for a key that cannot be read. */
  app(): Promise<ForgeApp>;
}

/** The only holder of the App's key. Makes no request by itself. */
export function createForge(options: OctokitOptions): Forge {
  const { clock } = options;
  const octokits = createOctokitFactory(options);
  const tokens = createTokenSource(octokits, clock);
  const callerFor = (access: 'read' | 'write') => createRepositoryCaller({ octokits, tokens, clock, access });
  return {
    reader: createForgeReader(callerFor('read')),
    writer: createForgeWriter(callerFor('write'), clock),
    permissions: createPermissionReader(octokits, clock),
    tokens,
    feed: createDeliveryFeed(octokits, clock),
    sweepReader: createSweepReader(callerFor('read')),
    discussion: createDiscussionReader(callerFor('read')),
    checks: createCheckReader(callerFor('read')),
    app: async () => {
      await requireReadableKey(octokits);
      try {
        return await readApp(octokits);
      } catch (error) {
        throw toAppError(error, clock.now());
      }
    },
  };
}

async function requireReadableKey(octokits: OctokitFactory): Promise<void> {
  try {
    await octokits.asApp.auth({ type: 'app' });
  } catch (error) {
    throw new AppError('config-invalid', 'PRIVATE_KEY is not a private key in PEM', { cause: error });
  }
}

async function readApp(octokits: OctokitFactory): Promise<ForgeApp> {
  const { data } = await octokits.asApp.rest.apps.getAuthenticated();
  const slug = data?.slug;
  if (data === null || slug === undefined) {
    throw new AppError('github-rejected', 'GitHub knows no App of this key');
  }
  const botLogin = `${slug}[bot]`;
  return {
    id: data.id,
    slug,
    botLogin,
    botUserId: await readUserId(octokits, botLogin),
    htmlUrl: data.html_url,
  };
}

async function readUserId(octokits: OctokitFactory, login: string): Promise<number | null> {
  try {
    return (await octokits.anonymous.rest.users.getByUsername({ username: login })).data.id;
  } catch {
    return null;
  }
}
