import { createHash } from 'node:crypto';
import type { Actor } from '../domain/repository.ts';
import type { RunInput } from '../domain/run.ts';
import { sanitise, sanitiseTitle } from '../text/sanitise.ts';
import type { FrozenRemarks } from './freeze-remarks.ts';

/**
 * The run's input from the stored payload, as GitHub renders it, and from the comments that count, hashed. Nothing is
 * read again later: a title that is edited after the label was put on changes nothing.
 */
export function freezeInput(given: {
  readonly title: string;
  readonly body: string | null;
  readonly instruction: string | null;
  readonly author: Actor;
  readonly discussion: FrozenRemarks;
}): RunInput {
  const title = sanitiseTitle(given.title);
  const body = sanitise(given.body ?? '', 'body');
  const instruction = given.instruction === null ? null : sanitise(given.instruction, 'command');
  const { remarks } = given.discussion;
  const texts = [title.text, body.text, instruction?.text ?? null, ...(remarks.length > 0 ? [remarks] : [])];
  return {
    title: title.text,
    body: body.text,
    instruction: instruction?.text ?? null,
    remarks,
    author: given.author,
    sha256: createHash('sha256').update(JSON.stringify(texts)).digest('hex'),
    dropped: [
      ...title.dropped,
      ...body.dropped,
      ...(instruction?.dropped ?? []),
      ...given.discussion.dropped,
    ],
  };
}
