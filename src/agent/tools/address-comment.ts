import { z } from 'zod';
import { defineTool, failed } from './tool.ts';
import { workspacePath } from './workspace-path.ts';

/** Answers one comment of the review that is worked on. What it says is compared with the commit that is pushed. */
export const addressCommentTool = defineTool({
  name: 'address_comment',
  description:
    'Answer one comment of the review: changed when you have changed the code for it, declined when it should not or cannot be done. The reason is shown to the reviewer in the thread. Only for tasks with a review.',
  effect: 'none',
  input: z.strictObject({
    comment: z.string().min(1).max(20).describe('The name of the comment, for example c1'),
    outcome: z.enum(['changed', 'declined']),
    reason: z.string().min(1).max(1_500).describe('What you changed, or why not, in plain words'),
    path: workspacePath.optional().describe('The file you changed for it, if not the one of the comment'),
  }),
  async run({ comment: name, outcome, reason, path = null }, context) {
    if (context.comments.length === 0) return failed('there is no review to answer here');
    if (!context.comments.includes(name))
      return failed(`there is no comment ${name}; there are ${context.comments.join(', ')}`);
    const answer = { name, outcome, reason, path };
    await context.record({ kind: 'comment.answered', turn: context.turn, answer });
    return { ok: true, text: `Noted: ${name} ${outcome}.` };
  },
});
