import type { PublishableText } from '../../domain/ids.ts';
import { details, joinText, markdown } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';
import { code, say } from '../show.ts';

const phases = ['fetch', 'build', 'lint', 'typecheck', 'test'] as const;
const commandsShown = 30;

/** Which commands were found in the repository, and why they and no others. */
export function commandsSection({ commands, ...record }: RunRecord): PublishableText {
  if (commands === null) return markdown``;
  const lines = phases
    .flatMap((phase) => commands[phase].map((command) => ({ phase, ...command })))
    .slice(0, commandsShown)
    .map(({ phase, shell, cwd, why }) => {
      const place = cwd === '' ? markdown`` : markdown` in ${code(cwd)}`;
      return markdown`- ${phaseWords[phase]}: ${code(shell)}${place}, because of ${code(why)}`;
    });
  const notes = commands.notes.map((note) => markdown`- ${say(record, note, 300)}`);
  if (lines.length + notes.length === 0) return markdown``;
  return details(markdown`<b>Commands of this repository</b>`, joinText([...lines, ...notes]));
}

const phaseWords: Readonly<Record<(typeof phases)[number], PublishableText>> = {
  fetch: markdown`set-up`,
  build: markdown`build`,
  lint: markdown`lint`,
  typecheck: markdown`type check`,
  test: markdown`tests`,
};
