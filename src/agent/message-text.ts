import { createHash } from 'node:crypto';
import type { Run } from '../domain/run.ts';
import type { RunMessage } from '../domain/run-inbox.ts';
import { clip, wellFormed } from './clip-text.ts';

const wordsCharsMax = 8_000;

/** What a mark around text of others is made unguessable with: it follows from what its writers could not know. */
export function boundaryOf(run: Run): string {
  return createHash('sha256').update(`${run.id}:${run.input.sha256}`).digest('hex').slice(0, 16);
}

/** Text of others as a section that it cannot end by itself. */
export function dataSection(
  boundary: string,
  name: string,
  content: { readonly text: string; readonly charsMax: number },
): string {
  const inert = clip(wellFormed(content.text).replaceAll(boundary, ''), content.charsMax);
  return `<<<data ${boundary} ${name}>>>\n${inert}\n<<<end ${boundary}>>>`;
}

/** Words of a person who may steer the run, as the agent hears them. */
export function wordsText(run: Run, { actor, kind, text }: RunMessage): string {
  const section = dataSection(boundaryOf(run), `message from ${actor.login}`, {
    text,
    charsMax: wordsCharsMax,
  });
  const how =
    kind === 'revise'
      ? 'A person with write access says what to do otherwise. Change the plan and the work accordingly, within this repository and this task:'
      : 'A person with write access says something about this task. Take it into account, within this repository and this task:';
  return `${how}\n\n${section}`;
}
