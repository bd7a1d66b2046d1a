import { createAppLogger } from '../../app/app-logger.ts';
import { auditScope } from '../../app/audit/audit-scope.ts';
import { type AuditReport, runAudit } from '../../app/audit/run-audit.ts';
import { withStore } from '../../app/inspect-store.ts';
import { readSettings } from '../../config/read-settings.ts';
import { type Command, parseWords, textOf, UsageError } from '../command.ts';

/** `pullwright audit`: checks the invariants on what the database holds. */
export const audit: Command = {
  name: 'audit',
  usage: 'pullwright audit [--since DATE] [--json]',
  help: [
    'Checks I1 to I24 on the runs created since DATE (default: all); what data can show only in part says so. With an App',
    'configured, deliveries are compared with GitHub’s own list. Writes nothing and may run beside the bot. Exit codes: 0 no violation; 1 at least one.',
  ].join('\n'),
  async run(args) {
    const { values } = parseWords(args, { since: { type: 'string' }, json: { type: 'boolean' } });
    const since = sinceOf(textOf(values, 'since'));
    const settings = readSettings();
    const log = createAppLogger('error');
    const report = await withStore(settings, log, (store) =>
      runAudit(auditScope(settings, store, log), since),
    );
    process.stdout.write(values['json'] === true ? `${JSON.stringify(report, null, 2)}\n` : shown(report));
    return report.violations.length === 0 ? 0 : 1;
  },
};

function sinceOf(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const since = new Date(text);
  if (Number.isNaN(since.getTime())) throw new UsageError('--since takes a date, such as 2026-11-01');
  return since;
}

function shown({ runs, invariants, violations }: AuditReport): string {
  const lines = invariants.map(
    ({ id, title, state, why }) =>
      `${id.padEnd(4)} ${state.padEnd(16)} ${title}${why === '' ? '' : ` (${why})`}`,
  );
  const found = violations.map(
    ({ invariant, run, what }) => `${invariant}  ${run === null ? '' : `run ${run}: `}${what}`,
  );
  const total = `${runs} runs, ${violations.length} violations`;
  return `${[...lines, '', ...found, total].join('\n')}\n`;
}
