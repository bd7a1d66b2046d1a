import type { RepositoryAddress } from './forge.ts';
import type { PublishableText } from './ids.ts';

/** One new file that a repository is offered as a pull request, without a run. */
export interface Offer {
  readonly branch: string;
  readonly path: string;
  readonly text: string;
  readonly title: PublishableText;
  readonly body: PublishableText;
}

/** What became of an offer: `there` (the file, or a pull request of before, closed ones too), or why it cannot be. */
export type OfferOutcome = 'made' | 'there' | 'archived' | 'empty' | 'gone';

/** Offers are made once for a repository: what GitHub shows is asked before each step, so repeating is harmless. */
export interface OfferPort {
  offer(at: RepositoryAddress, makeOffer: () => Promise<Offer>): Promise<OfferOutcome>;
}
