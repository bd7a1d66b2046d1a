import type { Settings } from '../../config/read-settings.ts';
import type { AuditReads } from '../../domain/audit.ts';
import type { Logger } from '../../domain/logger.ts';
import { createAttemptedDeliveries } from '../../github/attempted-deliveries.ts';
import { systemClock } from '../system-clock.ts';
import type { AuditLimits, AuditScope } from './invariant.ts';

/** What the auditor reads in this installation: the database, and GitHub's list where an App is configured. */
export function auditScope(
  settings: Settings,
  store: { readonly audit: AuditReads },
  log: Logger,
): AuditScope {
  const { credentials, github } = settings;
  return {
    reads: store.audit,
    limits: {
      budgetUsd: settings.AGENT_BUDGET_USD,
      raisedUsd: settings.AGENT_BUDGET_MAX_USD,
      tokensMax: settings.AGENT_TOKENS_MAX,
      deadlineMs: (settings.RUN_HOURS_MAX + 1) * 3_600_000,
      secrets: secretsOf(settings),
    },
    attempted: credentials
      ? createAttemptedDeliveries({ ...credentials, baseUrl: github.apiUrl, clock: systemClock, log })
      : null,
  };
}

/** What this process holds that nobody else may have. */
function secretsOf(settings: Settings): NonNullable<AuditLimits['secrets']> {
  const { credentials, ANTHROPIC_API_KEY, OPENAI_API_KEY, DATABASE_URL } = settings;
  const named: readonly (readonly [string, string | undefined])[] = [
    ['PRIVATE_KEY', credentials?.privateKey],
    ...(credentials?.webhookSecrets ?? []).map((secret) => ['WEBHOOK_SECRET', secret] as const),
    ['ANTHROPIC_API_KEY', ANTHROPIC_API_KEY],
    ['OPENAI_API_KEY', OPENAI_API_KEY],
    ['DATABASE_URL', passwordOf(DATABASE_URL)],
  ];
  return named.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]));
}

function passwordOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? decodeURIComponent(new URL(url).password) : undefined;
}
