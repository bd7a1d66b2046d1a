import type { DeliveryOutcome } from '../domain/delivery.ts';
import type { Actor } from '../domain/repository.ts';
import { openWait } from '../domain/waits.ts';
import { findRunOfThread } from './active-runs.ts';
import { classifyActor } from './actor-class.ts';
import { acknowledgeSaid } from './answer-person.ts';
import { decideAuthority } from './authority.ts';
import { eventsOf, postTo, wasThere } from './commands/command-request.ts';
import { belongsToRound } from './rounds/our-pull.ts';
import { type Said, saidKey } from './said.ts';
import type { Thread, TriggerPorts } from './trigger-ports.ts';

/**
 * Words without a command, on the thread of a run under way: from somebody who may write they are for the agent, and
 * 👀 says that they were heard. Everybody else talks as people do on issues, and is neither heard nor answered.
 */
export async function hearWords(
  ports: TriggerPorts,
  heard: { readonly said: Said; readonly thread: Thread; readonly sender: Actor | null },
): Promise<DeliveryOutcome> {
  const speaker = speakerOf(ports, heard);
  const { said, thread } = heard;
  if (speaker === undefined) return { kind: 'ignored', why: 'no command' };
  const heardBy = await ports.inbox.runOf(saidKey(said));
  if (heardBy !== undefined) return await acknowledgeHeard(ports, heard);
  const run = await findRunOfThread(ports, thread, null);
  if (run === undefined || !wasThere(run, said.writtenAt)) return { kind: 'ignored', why: 'no command' };
  if (await belongsToRound(ports, thread, said))
    return { kind: 'ignored', why: 'it is taken up with its review' };
  const role = await ports.reader.roleOf(thread.at, speaker.login, speaker.id);
  if (!decideAuthority({ verb: 'revise', role, actor: 'user', isAuthor: false }).allowed)
    return { kind: 'ignored', why: 'said by somebody who may not steer the run' };
  const wait = openWait(await eventsOf(ports, run));
  const kind = wait?.kind === 'answer' ? 'answer' : 'message';
  const posted = await postTo(ports, run, { said, actor: speaker, role }, { kind, text: said.text });
  if (posted === 'over') return { kind: 'ignored', why: 'the run is over' };
  await acknowledgeSaid(ports, thread, said);
  return { kind: 'applied', what: kind };
}

/** Taken up once more after a crash: the run has heard it, and may be over by now. */
async function acknowledgeHeard(
  ports: TriggerPorts,
  { said, thread }: { readonly said: Said; readonly thread: Thread },
): Promise<DeliveryOutcome> {
  await acknowledgeSaid(ports, thread, said);
  return { kind: 'applied', what: 'message' };
}

/** The person who speaks to us; undefined for Apps, for talk among people and where sender and author differ. */
function speakerOf(
  ports: TriggerPorts,
  { said, sender }: { readonly said: Said; readonly sender: Actor | null },
): Actor | undefined {
  if (sender === null || sender.id !== said.author?.id || !isForUs(ports, said)) return undefined;
  return classifyActor(sender, said.appId, ports) === 'user' ? sender : undefined;
}

/** What begins with a mention of somebody else is talk among people. */
function isForUs({ bot }: TriggerPorts, { text }: Said): boolean {
  const first = text.trim();
  if (first === '') return false;
  const mentioned = /^@([\w-]+(?:\[bot\])?)/.exec(first)?.[1];
  return (
    mentioned === undefined || mentioned.toLowerCase() === bot.login.replace(/\[bot\]$/, '').toLowerCase()
  );
}
