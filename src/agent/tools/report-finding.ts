import { z } from 'zod';
import { defineTool, failed } from './tool.ts';
import { workspacePath } from './workspace-path.ts';

/**
 * Proposes a finding. Whether it is shown, the pipeline decides, by the diff alone; the model hears at once what will be
 * dropped, so that it can read again and say it right.
 */
export const reportFindingTool = defineTool({
  name: 'report_finding',
  description:
    'Report one problem on one line that the change adds (marked + in the diff). Quote that line exactly. A finding on any other line, or with another text, is dropped.',
  effect: 'none',
  input: z.strictObject({
    path: workspacePath,
    line: z.number().int().min(1).describe('Its number in the new file'),
    severity: z
      .enum(['error', 'warning', 'note'])
      .describe('error: wrong for some input; warning: a risk; note: all else'),
    claim: z
      .string()
      .min(1)
      .max(1_000)
      .describe('What goes wrong, for which input, and why; one or two sentences'),
    quote: z.string().min(1).max(4_000).describe('The line as it reads, without its number and mark'),
  }),
  async run(finding, context) {
    await context.record({ kind: 'finding.proposed', turn: context.turn, finding });
    const problem = context.judgeFinding(finding);
    return problem === null ? { ok: true, text: 'Taken.' } : failed(`dropped: ${problem}`);
  },
});
