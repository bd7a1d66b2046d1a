import { createAppLogger } from '../../app/app-logger.ts';
import { dependencyCacheOf, describeDependencyCache, mebibytes } from '../../app/dependency-cache.ts';
import { readSettings } from '../../config/read-settings.ts';
import type { DependencyLayer } from '../../domain/dependency-cache.ts';
import { type Command, parseWords, textOf, UsageError } from '../command.ts';

/** `pullwright cache`: the dependencies that set-ups fetched and that this machine keeps. */
export const cache: Command = {
  name: 'cache',
  usage: 'pullwright cache show|clear [--repository ID] [--json]',
  help: [
    'show: every layer with its repository (the numeric id that GitHub gives it), size, time and the run that fetched it.',
    'clear: removes them, of one repository or all; runs that use one go on, later ones fetch again. Both may run beside',
    'the bot. Exit code 0.',
  ].join('\n'),
  async run(args) {
    const options = { repository: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, words } = parseWords(args, options, 1);
    const repository = repositoryOf(textOf(values, 'repository'));
    const settings = readSettings();
    const log = createAppLogger('error');
    const layers = dependencyCacheOf(settings, log);
    const chosen = (await layers.list()).filter(
      ({ repositoryId }) => repository === 'all' || repositoryId === repository,
    );
    switch (words[0]) {
      case 'show': {
        const summary = await describeDependencyCache(settings, log);
        process.stdout.write(
          values['json'] === true ? `${JSON.stringify(chosen, null, 2)}\n` : shown(chosen, summary),
        );
        return 0;
      }
      case 'clear':
        await layers.forget(repository);
        process.stdout.write(`${chosen.length} removed, ${mebibytes(bytesOf(chosen))}\n`);
        return 0;
      default:
        throw new UsageError('show or clear?');
    }
  },
};

function repositoryOf(text: string | undefined): number | 'all' {
  if (text === undefined) return 'all';
  if (!/^\d{1,15}$/.test(text)) throw new UsageError('--repository takes the numeric id of a repository');
  return Number(text);
}

function shown(layers: readonly DependencyLayer[], summary: string): string {
  const rows = layers.map(
    ({ repositoryId, key, bytes, madeAt, runId }) =>
      `repository ${repositoryId}  ${key.slice(0, 12)}  ${mebibytes(bytes).padStart(12)}  ${madeAt.toISOString()}  run ${runId}\n`,
  );
  return `${rows.join('')}${summary}\n`;
}

function bytesOf(layers: readonly DependencyLayer[]): number {
  return layers.reduce((sum, { bytes }) => sum + bytes, 0);
}
