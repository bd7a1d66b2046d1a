import { isAppError } from '../domain/app-error.ts';
import type { ForgeReader, ForgeRepository, ForgeWriter, RepositoryAddress } from '../domain/forge.ts';
import type { CommitId } from '../domain/ids.ts';
import type { Offer, OfferPort } from '../domain/offer.ts';
import type { RateBucket } from '../domain/rate-bucket.ts';
import { pacedWriter } from './paced-writer.ts';

export interface OffersOptions {
  readonly reader: ForgeReader;
  readonly writer: ForgeWriter;
  readonly rates: RateBucket;
}

/** The branch and the path that are looked for before anything is worked out. */
export interface OfferPlace {
  readonly branch: string;
  readonly path: string;
}

/**
 * Offers a file as a pull request. There is no ledger: a branch name, and one pull request for it in any state, say
 * everything, so a crash between two steps goes on where it was and a pull request that people closed stays closed.
 */
export function createOffers(options: OffersOptions, place: OfferPlace): OfferPort {
  const { reader } = options;
  return {
    async offer(at, makeOffer) {
      const repository = await reader.repository(at);
      if (!repository) return 'gone';
      if (repository.archived) return 'archived';
      const tip = await reader.branchTip(at, repository.defaultBranch);
      if (tip === undefined) return 'empty';
      if ((await reader.file(at, place.path, repository.defaultBranch)) !== undefined) return 'there';
      if ((await reader.pullsByHead(at, place.branch)).length > 0) return 'there';
      await make(options, { at, repository, tip }, await makeOffer());
      return 'made';
    },
  };
}

interface Ground {
  readonly at: RepositoryAddress;
  readonly repository: ForgeRepository;
  readonly tip: CommitId;
}

async function make(options: OffersOptions, { at, repository, tip }: Ground, offer: Offer): Promise<void> {
  const { reader, rates } = options;
  const { installationId } = at;
  const writer = pacedWriter(options.writer, (creates, send) =>
    rates.write({ installationId, priority: 'last', creates }, send),
  );
  if ((await reader.branchTip(at, offer.branch)) === undefined) {
    const base = await reader.commit(at, tip);
    if (!base) return;
    const entry = { path: offer.path, mode: '100644', text: offer.text } as const;
    const tree = await writer.createTree(at, base.tree, [entry]);
    const commit = await writer.createCommit(at, { tree, parents: [tip], message: offer.title });
    await unlessThere(() => writer.createBranch(at, offer.branch, commit));
  }
  const { branch: head, title, body } = offer;
  const pull = { head, base: repository.defaultBranch, title, body, draft: false };
  await unlessThere(() => writer.createPull(at, pull));
}

/** Another worker, or this one before it died, was faster. */
async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!isAppError(error, 'github-rejected') || !/already exists/i.test(error.message)) throw error;
  }
}
