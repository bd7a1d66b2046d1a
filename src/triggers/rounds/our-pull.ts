import { classifyActor } from '../actor-class.ts';
import { parseCommand } from '../parse-command.ts';
import type { Said } from '../said.ts';
import type { Thread, TriggerPorts } from '../trigger-ports.ts';

/** Whether this bot opened the pull request, as GitHub says it. */
export async function isOurs(ports: TriggerPorts, { at, target }: Thread): Promise<boolean> {
  const pull = await ports.reader.pull(at, target.number);
  return pull !== undefined && classifyActor(pull.author, null, ports) === 'own-bot';
}

/**
 * Whether a comment on a line is taken up with the whole review that it belongs to: heard as words as well it would be
 * worked on twice.
 */
export async function belongsToRound(ports: TriggerPorts, thread: Thread, said: Said): Promise<boolean> {
  if (said.where !== 'review-comment' || said.review === null) return false;
  const place = { pull: thread.target.number, review: said.review };
  const review = await ports.discussion.reviewText(thread.at, place);
  if (!review) return false;
  const command = parseCommand(review.body);
  if (command) return command.word === 'fix';
  return review.asksForChanges && (await isOurs(ports, thread));
}
