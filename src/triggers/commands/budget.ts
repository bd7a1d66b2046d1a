import { ceilingUsd, leastUsd, readUsd } from '../../domain/budgets.ts';
import type { PublishableText } from '../../domain/ids.ts';
import type { Wait } from '../../domain/journal-event.ts';
import type { Run } from '../../domain/run.ts';
import { openWait } from '../../domain/waits.ts';
import { budgetTexts } from '../budget-texts.ts';
import { saidKey } from '../said.ts';
import type { TriggerPorts } from '../trigger-ports.ts';
import {
  answer,
  type CommandHandler,
  eventsBefore,
  findMeantRun,
  postTo,
  refuseCommand,
} from './command-request.ts';

interface Refusal {
  readonly code: string;
  readonly body: PublishableText;
}

/** `/agent budget <usd>`: what the run under way may spend in all, from now on. */
export const budget: CommandHandler = async (ports, request) => {
  const written = request.command.text.split('\n')[0] ?? '';
  const read = readUsd(written);
  if ('wrong' in read) {
    const body = budgetTexts.unclear(written, read.wrong);
    return await refuseCommand(ports, request, { code: 'budget-unclear', body });
  }
  const { usd } = read;
  const nothingRuns: Refusal = { code: 'nothing-running', body: budgetTexts.nothingRuns };
  const run = await findMeantRun(ports, request);
  if (!run) return await refuseCommand(ports, request, nothingRuns);
  const wait = openWait(await eventsBefore(ports, run, request));
  const isHeard = (await ports.inbox.runOf(saidKey(request.said))) !== undefined;
  const refusal = isHeard ? undefined : await whyNot(ports, usd, { run, wait });
  if (refusal) return await refuseCommand(ports, request, refusal);
  const posted = await postTo(ports, run, request, { kind: 'budget', text: String(usd) });
  if (posted === 'over') return await refuseCommand(ports, request, nothingRuns);
  const body = budgetTexts.set(usd, wait);
  return await answer(ports, request, { outcome: { kind: 'applied', what: 'budget' }, body });
};

async function whyNot(
  ports: TriggerPorts,
  usd: number,
  { run, wait }: { readonly run: Run; readonly wait: Wait | undefined },
): Promise<Refusal | undefined> {
  const ceiling = ceilingUsd(ports.budgets);
  if (usd > ceiling) return { code: 'budget-over-ceiling', body: budgetTexts.overCeiling(usd, ceiling) };
  const spent = await ports.spend.total(run.id);
  if (usd < spent.usd) return { code: 'budget-spent', body: budgetTexts.spent(usd, spent.usd) };
  if (wait?.kind !== 'budget' || wait.budget !== 'run') return undefined;
  const least = leastUsd(spent.usd, wait.neededUsd);
  return usd < least ? { code: 'budget-too-small', body: budgetTexts.tooSmall(usd, least) } : undefined;
}
