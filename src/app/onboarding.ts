import { z } from 'zod';
import { isAppError } from '../domain/app-error.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { ForgeReader, RepositoryAddress } from '../domain/forge.ts';
import type { Logger } from '../domain/logger.ts';
import type { Offer, OfferPort } from '../domain/offer.ts';
import { renderAgentFile, renderOnboardingBody } from '../record/render-onboarding.ts';
import { markdown } from '../text/markdown.ts';
import { detectCommands } from '../toolchains/detect-commands.ts';

export const onboardingPlace = { branch: 'agent/onboarding', path: '.github/agent.yml' } as const;

/** One installation on a large account must not write a hundred pull requests. */
const repositoriesMax = 30;

const named = z.array(z.object({ id: z.number().int(), full_name: z.string() })).optional();
const payload = z.object({
  installation: z.object({ id: z.number().int() }),
  repositories: named,
  repositories_added: named,
});

const installing = new Set(['installation.created', 'installation_repositories.added']);

export interface OnboardingOptions {
  readonly offers: OfferPort;
  readonly reader: ForgeReader;
  readonly label: string;
  readonly log: Logger;
}

/** Offers `.github/agent.yml` to repositories that the App was just installed on; every other delivery passes by. */
export async function onboard(options: OnboardingOptions, delivery: Delivery): Promise<void> {
  const all = installedIn(delivery);
  if (all.length > repositoriesMax) options.log.warn('onboarding.cut', { repositories: all.length });
  for (const at of all.slice(0, repositoriesMax)) await offerTo(options, at);
}

/** The repositories that a delivery says the App was just installed on. */
export function installedIn({ event, action, payload: given }: Delivery): readonly RepositoryAddress[] {
  if (!installing.has(`${event}.${action ?? ''}`)) return [];
  const parsed = payload.safeParse(given);
  if (!parsed.success) return [];
  const { installation, repositories, repositories_added: added } = parsed.data;
  return (repositories ?? added ?? []).map(({ id: repositoryId, full_name: fullName }) => {
    const [owner = '', name = ''] = fullName.split('/');
    return { installationId: installation.id, repositoryId, owner, name };
  });
}

/** What cannot be offered to one repository keeps the others waiting only when it may be better later. */
async function offerTo(options: OnboardingOptions, at: RepositoryAddress): Promise<void> {
  const { offers, log } = options;
  try {
    const outcome = await offers.offer(at, () => makeOffer(options, at));
    log.info('onboarding.offered', { repositoryId: at.repositoryId, outcome });
  } catch (error) {
    if (!isAppError(error) || error.disposition === 'retry') throw error;
    log.warn('onboarding.refused', { repositoryId: at.repositoryId, code: error.code });
  }
}

async function makeOffer({ reader, label }: OnboardingOptions, at: RepositoryAddress): Promise<Offer> {
  const branch = (await reader.repository(at))?.defaultBranch ?? 'HEAD';
  const detected = await detectCommands({
    list: () => reader.paths(at, branch),
    read: (path) => reader.file(at, path, branch),
  });
  return {
    ...onboardingPlace,
    text: renderAgentFile(detected, { label }),
    title: markdown`Set up Pullwright`,
    body: renderOnboardingBody(detected, { label }),
  };
}
