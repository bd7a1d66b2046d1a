import { budgetOwners, ceilingUsd, dayCaps, runBudgetUsd } from '../domain/budgets.ts';
import { defaultGateSettings } from '../domain/gate-settings.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { EffectiveConfig, ShownConfig } from '../domain/shown-config.ts';
import type { BudgetName } from '../domain/spend.ts';
import { inlineCode } from '../text/inline-code.ts';
import { joinText, limitText, markdown, table } from '../text/markdown.ts';
import { plainLine } from '../text/publishable.ts';

/** Of the whole answer: what a person reads on a thread. */
const charsMax = 12_000;
const shownMax = 20;
const phases = ['fetch', 'build', 'lint', 'typecheck', 'test'] as const;
/** What the file calls the phases that are detected under another name. */
const phaseNames: Readonly<Record<(typeof phases)[number], string>> = {
  fetch: 'setup',
  build: 'build',
  lint: 'lint',
  typecheck: 'typecheck',
  test: 'test',
};

/** What applies to a repository now: the answer to `/agent config`. */
export function renderConfig(shown: ShownConfig): PublishableText {
  const { config, problems } = shown;
  const body = config
    ? [settings(config), budgets(shown, config), gates(config), commands(shown, config)]
    : [problemList(problems)];
  const whole = joinText([markdown`## What applies here`, source(shown), ...body], '\n\n');
  return limitText(whole, charsMax, markdown`*(cut: the rest did not fit here)*`);
}

function source({ branch, found, config }: ShownConfig): PublishableText {
  const file = markdown`${inlineCode('.github/agent.yml')} on ${inlineCode(branch, 200)}`;
  if (!found) return markdown`There is no ${file}: all of this is the default.`;
  return config
    ? markdown`From ${file}; what it does not say is the default. A run keeps what it read when it began.`
    : markdown`${file} is not valid, so no run starts here until it is corrected:`;
}

function problemList(problems: readonly string[]): PublishableText {
  return markdown`${problems.slice(0, shownMax).map((problem) => markdown`- ${inlineCode(problem.replaceAll('`', ''), 300)}`)}`;
}

function settings(config: EffectiveConfig): PublishableText {
  const { pull } = config;
  const labels = pull.labels.length === 0 ? 'none' : pull.labels.join(', ');
  const rows: readonly (readonly [string, string])[] = [
    ['base', config.base ?? 'the default branch'],
    ['directory', config.directory ?? 'the root'],
    ['plan', config.plan],
    ['journal', config.journal],
    ['control_issue', config.controlIssue ? 'kept' : 'none'],
    ['instructions', config.instructionsChars === 0 ? 'none' : `${config.instructionsChars} characters`],
    ['protected', listed(config.protected)],
    ['pull_request.title', pull.title],
    ['pull_request.labels', labels],
    ['pull_request.assign', pull.assign],
    ['pull_request.reviewers', pull.reviewers],
    ['pull_request.template', pull.template ? 'filled in' : 'left out'],
  ];
  return table(
    [markdown`Setting`, markdown`Value`],
    rows.map(([name, value]) => [inlineCode(name), inlineCode(value, 400)]),
  );
}

function listed(items: readonly string[]): string {
  const some = items.slice(0, shownMax).join(', ');
  const left = items.length - shownMax;
  return items.length === 0 ? 'nothing more' : left > 0 ? `${some}, and ${left} more` : some;
}

function budgets({ operator }: ShownConfig, config: EffectiveConfig): PublishableText {
  const days = Object.entries(dayCaps(operator, config)) as [BudgetName, number][];
  const all: readonly [BudgetName, number][] = [['run', runBudgetUsd(operator, config)], ...days];
  const rows = all.map(([budget, usd]) => [
    plainLine(budget === 'run' ? 'a run' : budgetOwners[budget]),
    plainLine(`$${usd.toFixed(2)}`),
  ]);
  const ceiling = plainLine(`$${ceilingUsd(operator).toFixed(2)}`);
  return joinText(
    [
      markdown`### Budgets`,
      table([markdown`Of`, markdown`At most`], rows),
      markdown`${inlineCode('/agent budget <usd>')} gives one run another one, up to ${ceiling} (role ${inlineCode('maintain')}).`,
    ],
    '\n\n',
  );
}

function gates({ gates: chosen }: EffectiveConfig): PublishableText {
  const rows = Object.entries(chosen).map(([name, { mode, ...thresholds }]: [string, Gate]) => {
    const standard = defaultGateSettings[name as keyof typeof defaultGateSettings];
    const isDefault = JSON.stringify(standard) === JSON.stringify(chosen[name as keyof typeof chosen]);
    return [
      inlineCode(name),
      mode === undefined ? markdown`–` : inlineCode(mode),
      thresholdsOf(thresholds),
      isDefault ? markdown`` : markdown`set here`,
    ];
  });
  const headings = [markdown`Gate`, markdown`Mode`, markdown`Thresholds`, markdown``];
  return joinText([markdown`### Gates`, table(headings, rows)], '\n\n');
}

type Gate = { readonly mode?: string } & Readonly<Record<string, unknown>>;

function thresholdsOf(thresholds: Readonly<Record<string, unknown>>): PublishableText {
  const parts = Object.entries(thresholds).map(([name, value]) => {
    const key = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const text = Array.isArray(value) ? `${value.length} entries` : String(value);
    return markdown`${inlineCode(key)} ${inlineCode(text, 100)}`;
  });
  return joinText(parts, ', ');
}

/** The file's own commands, and what the newest run found for the rest. */
function commands({ detected }: ShownConfig, config: EffectiveConfig): PublishableText {
  const own = Object.entries(config.commands).flatMap(([phase, shells]) =>
    shells.map((shell) => commandLine(phase, shell, 'set here')),
  );
  const found = phases.flatMap((phase) =>
    config.commands[phaseNames[phase]] === undefined
      ? (detected?.[phase] ?? []).map(({ shell, why }) => commandLine(phaseNames[phase], shell, why))
      : [],
  );
  const lines = [...own, ...found];
  const shown = lines.slice(0, shownMax);
  const more = lines.length > shownMax ? [markdown`- … and ${lines.length - shownMax} more`] : [];
  const unknown =
    detected === null
      ? markdown`What is not set here is detected by the first run; none has looked yet.`
      : markdown``;
  return joinText([markdown`### Commands`, markdown`${[...shown, ...more]}`, unknown], '\n\n');
}

function commandLine(phase: string, shell: string, why: string): PublishableText {
  return markdown`- ${inlineCode(phase)}: ${inlineCode(shell, 300)} (${inlineCode(why, 100)})`;
}
