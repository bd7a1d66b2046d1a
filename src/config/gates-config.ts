import { z } from 'zod';
import { defaultGateSettings as defaults, type GateMode } from '../domain/gate-settings.ts';
import { insidePath } from './inside-path.ts';

const modeWords =
  '`block` keeps the pull request a draft, `hold` until a person approves, `warn` shows, `off` skips.';

const mode = (standard: GateMode) =>
  z.enum(['block', 'hold', 'warn', 'off']).default(standard).describe(modeWords);
const percent = z.number().min(0).max(100);
const names = (itemsMax: number) => z.array(z.string().min(1).max(200)).max(itemsMax);

/** A gate with a mode and nothing else. */
const plain = (standard: GateMode, what: string) =>
  z
    .strictObject({ mode: mode(standard) })
    .optional()
    .describe(what);

/** `gates:` of `.github/agent.yml`. The base branch decides; `secrets` cannot be turned off. */
export const gatesConfigSchema = z.strictObject({
  tests: z
    .strictObject({
      mode: mode(defaults.tests.mode),
      unfinished: z
        .enum(['block', 'warn'])
        .default(defaults.tests.unfinished)
        .describe(
          'Tests of what the change touches that failed before and still fail: `block` calls it unfinished.',
        ),
    })
    .optional()
    .describe('The tests, base against head.'),
  integrity: plain(defaults.integrity.mode, 'Deleted, skipped or loosened tests and settings.'),
  coverage: z
    .strictObject({
      mode: mode(defaults.coverage.mode),
      min_percent: percent
        .default(defaults.coverage.minPercent)
        .describe('Least share of the changed lines that tests cover.'),
    })
    .optional()
    .describe('Coverage of changed lines, where it is measured.'),
  lint: plain(defaults.lint.mode, 'The lint and type check commands of the repository, base against head.'),
  parse: plain(defaults.parse.mode, 'Changed files still parse, and no marks of a merge were added.'),
  complexity: z
    .strictObject({
      mode: mode(defaults.complexity.mode),
      max: z
        .int()
        .min(1)
        .max(1_000)
        .default(defaults.complexity.max)
        .describe(
          'Most cyclomatic complexity of a function that the change makes more complex. One that was above it before counts when it grows by more than two decisions and by more than `gates.regression.max_percent`.',
        ),
    })
    .optional()
    .describe('Cyclomatic complexity of touched functions.'),
  duplication: z
    .strictObject({
      mode: mode(defaults.duplication.mode),
      max_percent: percent
        .default(defaults.duplication.maxPercent)
        .describe('Most share of duplicated lines, where the change raises it.'),
      min_tokens: z
        .int()
        .min(20)
        .max(1_000)
        .default(defaults.duplication.minTokens)
        .describe('Shortest run of equal tokens that counts as a clone.'),
    })
    .optional()
    .describe('Copied code.'),
  docs: plain(defaults.docs.mode, 'New public symbols have a doc comment.'),
  secrets: z
    .strictObject({
      mode: z
        .literal('block')
        .default('block')
        .describe('Always `block`: what is pushed has leaked, so this gate cannot be turned off.'),
    })
    .optional()
    .describe('Credentials in added lines.'),
  sast: z
    .strictObject({
      mode: mode(defaults.sast.mode),
      max_new: z
        .int()
        .min(0)
        .max(1_000)
        .default(defaults.sast.maxNew)
        .describe('Most new critical or high findings.'),
      external: z
        .array(
          z.strictObject({
            run: z
              .string()
              .min(1)
              .max(2_000)
              .describe('Run in the sandbox, on base and head; writes a SARIF 2.1.0 log.'),
            directory: insidePath.optional().describe('Working directory, relative to the root.'),
            report: z
              .string()
              .min(1)
              .max(500)
              .optional()
              .describe(
                'File that holds the log: below `/out`, or relative to the directory; default: standard output.',
              ),
          }),
        )
        .max(10)
        .default([])
        .describe(
          'Other scanners that write SARIF: what they find in added lines and not on base counts as our own findings do.',
        ),
    })
    .optional()
    .describe('Security findings in added lines.'),
  dependencies: z
    .strictObject({
      mode: mode(defaults.dependencies.mode),
      min_age_days: z
        .int()
        .min(0)
        .max(3_650)
        .default(defaults.dependencies.minAgeDays)
        .describe('A new package whose first version is younger is pointed out.'),
      licences: names(200)
        .default([...defaults.dependencies.licences])
        .describe('SPDX identifiers that a new package may have; empty: any.'),
      ignore: names(500)
        .default([...defaults.dependencies.ignore])
        .describe('Packages that no registry is asked about, private ones for example.'),
    })
    .optional()
    .describe(
      'New direct dependencies: existence, age, names close to others, licence, advisories, lockfile.',
    ),
  policy: z
    .strictObject({
      mode: mode(defaults.policy.mode),
      protected_paths: names(200)
        .default([...defaults.policy.protectedPaths])
        .describe('Globs of files whose change counts, besides `.github/**`.'),
    })
    .optional()
    .describe('Workflow files and protected paths.'),
  hallucination: z
    .strictObject({
      mode: mode(defaults.hallucination.mode),
      ignore: names(500)
        .default([...defaults.hallucination.ignore])
        .describe('Modules that are there at run time without being declared.'),
    })
    .optional()
    .describe('Imports and members that exist nowhere.'),
  claims: plain(defaults.claims.mode, 'What the summary asserts, compared with the evidence.'),
  regression: z
    .strictObject({
      max_percent: z
        .number()
        .min(0)
        .max(1_000)
        .default(defaults.regression.maxPercent)
        .describe('No metric may get worse by more than this share of its value on base.'),
    })
    .optional()
    .describe('Metrics of the whole repository.'),
});
