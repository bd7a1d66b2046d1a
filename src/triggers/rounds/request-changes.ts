import type { z } from 'zod';
import type { Delivery, DeliveryOutcome } from '../../domain/delivery.ts';
import { refuse, refusedSilently } from '../answer-person.ts';
import { admitActor, authorise } from '../authorise.ts';
import { hearWords } from '../hear-words.ts';
import type { reviewPayload } from '../payload-shapes.ts';
import { issueOfPull, saidInReview, saidKey } from '../said.ts';
import { issueTarget, type TriggerPorts, threadOf } from '../trigger-ports.ts';
import { isOurs } from './our-pull.ts';
import { roundTexts } from './round-texts.ts';
import { startRound } from './start-round.ts';

/**
 * A review that requests changes, without a command. On a pull request that this bot opened it starts a round; on
 * those of people it is what people say to each other, and at most words for a run under way.
 */
export async function requestChanges(
  ports: TriggerPorts,
  payload: z.output<typeof reviewPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const issue = issueOfPull(payload.pull_request);
  const said = saidInReview(payload);
  const thread = threadOf(payload, issueTarget(issue));
  const { sender } = payload;
  if (!(await isOurs(ports, thread))) return await hearWords(ports, { said, thread, sender });
  if (sender?.id !== said.author?.id) return refusedSilently(ports, thread, 'actor-absent');
  const admitted = admitActor(ports, thread, { sender, appId: null });
  if ('kind' in admitted) return admitted;
  if (thread.archived) return refusedSilently(ports, thread, 'repository-archived');
  const authorised = await authorise(ports, thread, { ...admitted, verb: 'fix', isAuthor: false });
  if (!authorised.ok) return authorised.outcome;
  const { actor, appId } = admitted;
  // The author alone proves little: the App may have had another database then.
  if (!(await ports.pulls.opened(thread.repository.id, issue.number)))
    return await refuse(ports, { thread, actor }, { code: 'pull-unknown', body: roundTexts.unknownPull });
  return await startRound(ports, {
    thread,
    issue,
    actor,
    role: authorised.role,
    appId,
    askedAt: said.writtenAt,
    triggerKey: saidKey(said),
    commentId: null,
    instruction: said.text.trim() === '' ? null : said.text,
    delivery,
    review: { id: said.id, reviewer: actor, at: said.writtenAt },
  });
}
