import type { PublishableText } from '../../domain/ids.ts';
import type { ParkCause } from '../../domain/run.ts';
import { markdown } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';
import { code, say } from '../show.ts';

const waitsFor: Readonly<Record<ParkCause, PublishableText>> = {
  person: markdown`Parked: waiting for the operator`,
  checks: markdown`Parked: waiting for the checks of others`,
  provider: markdown`Parked: waiting for a provider`,
  'rate-limit': markdown`Parked: waiting for a rate limit`,
  disk: markdown`Parked: waiting for disk space`,
  retry: markdown`Parked: trying again later`,
};

const canDo: Readonly<Record<ParkCause, PublishableText>> = {
  person: markdown`The operator can put it right (\`npm run doctor\` tells what is wrong).`,
  checks: markdown`Nothing has to be done.`,
  provider: markdown`Nothing has to be done.`,
  'rate-limit': markdown`Nothing has to be done.`,
  disk: markdown`The operator can free disk space.`,
  retry: markdown`Nothing has to be done.`,
};

/** Why a run waits, what a person can do, and when it goes on by itself. */
export function parkedSection(record: RunRecord, reason: string): PublishableText {
  const { parked } = record;
  if (!parked) return markdown`## Waiting\n\n${say(record, reason)} The run goes on by itself.`;
  const when = `${parked.until.slice(0, 16).replace('T', ' ')} UTC`;
  const advice = markdown`${canDo[parked.cause]} The run goes on by itself at ${code(when)}; \`/agent stop\` ends it.`;
  return markdown`## ${waitsFor[parked.cause]}\n\n${say(record, reason)}\n\n${advice}`;
}
