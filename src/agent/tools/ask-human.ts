import { z } from 'zod';
import { defineTool } from './tool.ts';

/** Puts a question to the people on the issue. The run waits without a worker until one with write access answers. */
export const askHumanTool = defineTool({
  name: 'ask_human',
  description:
    'Ask the people on the issue a question that only they can decide (what is wanted, which of two meanings). The work stands still until somebody answers, perhaps for days: look at the code first, ask once and clearly, with the options you see.',
  effect: 'none',
  input: z.strictObject({
    question: z.string().min(1).max(2_000).describe('The question with its options, in plain words'),
  }),
  async run({ question }, context) {
    const answer = await context.ask(question);
    return answer === null
      ? { ok: true, text: 'Nobody can be asked here. Decide yourself, and record the decision.' }
      : { ok: true, text: answer };
  },
});
