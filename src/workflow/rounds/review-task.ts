import type { ReviewTask } from '../../agent/agent-task.ts';
import type { RoundComment } from '../../domain/round.ts';
import type { RunContext } from '../run-context.ts';

/** The review as the agent is told of it; undefined for other runs. */
export function reviewTask(context: RunContext): ReviewTask | undefined {
  const { round } = context.run.input;
  if (!round) return undefined;
  return {
    reviewer: round.reviewer.login.replaceAll(/[^A-Za-z0-9-]/g, ''),
    comments: round.comments.map((comment) => ({
      name: comment.name,
      place: placeOf(comment),
      hunk: comment.hunk,
      text: comment.text,
      suggestion: suggestionOf(context, comment.name),
    })),
  };
}

function placeOf({ path, lines, side }: RoundComment): string {
  if (!lines) return path;
  const range = lines.first === lines.last ? `line ${lines.last}` : `lines ${lines.first} to ${lines.last}`;
  return `${path}, ${range}${side === 'left' ? ' of the old side' : ''}`;
}

function suggestionOf(context: RunContext, name: string): string {
  const taken = context.last('suggestions.applied');
  if (taken?.applied.includes(name))
    return 'The suggestion in this comment is in your files already. Keep it and answer `changed`, or take it out and decline with the reason.';
  const why = taken?.refused.find((one) => one.name === name)?.why;
  return why === undefined
    ? ''
    : `Its suggestion was not applied (${why}): do what it means, if it is right.`;
}
