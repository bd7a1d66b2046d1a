import type { Settings } from '../config/read-settings.ts';
import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import type { ReplyPort } from '../domain/effect.ts';
import type { Logger } from '../domain/logger.ts';
import { createOffers } from '../effects/create-offers.ts';
import type { Forge, ForgeApp } from '../github/create-forge.ts';
import { createDeliveryProcessor } from '../triggers/process-delivery.ts';
import type { Composition } from './compose.ts';
import { type ControlOptions, createControlPort, hearOfControlIssue } from './control/control-issues.ts';
import { createConfigPort } from './effective-config.ts';
import { createExplanations } from './explanations.ts';
import { newRunId } from './new-run-id.ts';
import { type OnboardingOptions, onboard, onboardingPlace } from './onboarding.ts';
import { recordInstallation } from './record-installation.ts';
import { createRepositoryRecorder } from './record-repositories.ts';
import { readRepositoryConfig } from './repository-config.ts';
import { systemClock } from './system-clock.ts';
import { operatorBudgets } from './workflow-limits.ts';

/** The triggers with what they may hold: reads, replies, and the run store. */
export function deliveryProcessor(options: {
  readonly settings: Settings;
  readonly forge: Forge;
  readonly app: ForgeApp;
  readonly composition: Composition;
  readonly replies: ReplyPort;
  readonly control: ControlOptions;
  readonly log: Logger;
}): (delivery: Delivery) => Promise<DeliveryOutcome> {
  const { settings, forge, app, composition, replies, control, log } = options;
  const { runs, inbox, journal, spend, pulls, installations, repositories } = composition.store;
  const recordRepositories = createRepositoryRecorder(repositories);
  const processor = createDeliveryProcessor({
    runs,
    inbox,
    journal,
    spend,
    pulls,
    budgets: operatorBudgets(settings),
    replies: withSeams(replies),
    log,
    reader: forge.reader,
    explanations: createExplanations({ runs, journal: composition.store.journal, reader: forge.reader }),
    configs: createConfigPort({ settings, runs, journal, reader: forge.reader }),
    controls: createControlPort(control),
    discussion: forge.discussion,
    bot: {
      userId: app.botUserId,
      login: app.botLogin,
      appId: app.id,
    },
    trustedAppIds: settings.TRUSTED_APP_IDS,
    newRunId: () => newRunId(),
    labelName: settings.AGENT_LABEL,
    clock: systemClock,
    repositoriesOf: (installationId) => installations.repositoryIds(installationId),
    followsBase: async (at, base) => followsBase(await forge.reader.file(at, '.github/agent.yml', base)),
    onUninstalled: (_installationId, repositoryIds) => forgetAll(composition, repositoryIds),
  });
  const onboarding = onboardingOf(options);
  return async (delivery) => {
    await recordInstallation(installations, delivery);
    await recordRepositories(delivery);
    if (onboarding) await onboard(onboarding, delivery);
    await hearOfControlIssue(control, delivery);
    return await processor.process(delivery);
  };
}

/** A configuration that is not valid lets nothing happen that nobody asked for. */
function followsBase(text: string | undefined): boolean {
  return readRepositoryConfig(text ?? '').config?.pull?.update === 'needed';
}

function onboardingOf(options: Parameters<typeof deliveryProcessor>[0]): OnboardingOptions | undefined {
  const { settings, forge, composition, log } = options;
  if (settings.ONBOARDING === 'off') return undefined;
  const { reader, writer } = forge;
  const offers = createOffers({ reader, writer, rates: composition.store.rates }, onboardingPlace);
  return { offers, reader, label: settings.AGENT_LABEL, log };
}

function withSeams(replies: ReplyPort): ReplyPort {
  return {
    react: (...to) => betweenCrashPoints('reply.react', () => replies.react(...to)),
    reply: (...to) => replies.reply(...to),
  };
}

async function forgetAll(composition: Composition, repositoryIds: readonly number[]): Promise<void> {
  for (const repositoryId of repositoryIds) await composition.forget(repositoryId);
}
