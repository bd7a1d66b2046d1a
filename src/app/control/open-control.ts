import type { Settings } from '../../config/read-settings.ts';
import type { Logger } from '../../domain/logger.ts';
import { createControlIssues } from '../../effects/control-issues.ts';
import type { Forge, ForgeApp } from '../../github/create-forge.ts';
import type { Store } from '../../store/open-store.ts';
import { systemClock } from '../system-clock.ts';
import { operatorBudgets } from '../workflow-limits.ts';
import type { ControlOptions } from './control-issues.ts';
import { watchTicks } from './watch-ticks.ts';

/** Wires what keeps the control issues; one for a process, because it remembers which ticks it has seen. */
export function openControl(parts: {
  readonly settings: Settings;
  readonly forge: Forge;
  readonly app: ForgeApp;
  readonly store: Store;
  readonly log: Logger;
}): ControlOptions {
  const { settings, forge, app, store, log } = parts;
  const { reader, writer } = forge;
  return {
    store,
    reader,
    budgets: operatorBudgets(settings),
    label: settings.AGENT_LABEL,
    issues: createControlIssues({
      reader,
      writer,
      rates: store.rates,
      store: store.controls,
      botLogin: app.botLogin,
    }),
    ticks: watchTicks({ deliveries: store.deliveries, bookmarks: store.bookmarks, clock: systemClock }),
    clock: systemClock,
    log,
  };
}
