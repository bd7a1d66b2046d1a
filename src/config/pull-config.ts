import { z } from 'zod';

/** `pull_request:` of `.github/agent.yml`: how the bot's pull requests look here. */
export const pullConfigSchema = z.strictObject({
  title: z
    .enum(['plain', 'conventional'])
    .default('plain')
    .describe(
      "`plain`: the issue's title; `conventional`: with a type in front (`fix: …`), also in commits.",
    ),
  labels: z
    .array(z.string().min(1).max(50))
    .max(20)
    .default([])
    .describe('Labels that every pull request of the bot gets.'),
  assign: z
    .enum(['requester', 'none'])
    .default('requester')
    .describe('Who is assigned: the person who asked, or nobody.'),
  reviewers: z
    .enum(['code-owners', 'none'])
    .default('code-owners')
    .describe(
      'Who is asked for a review once it is ready: the owners of the changed files by CODEOWNERS, or nobody.',
    ),
  template: z
    .boolean()
    .default(true)
    .describe("Whether the repository's pull request template is filled in."),
  update: z
    .enum(['needed', 'never'])
    .default('needed')
    .describe(
      'Whether the base branch is merged into open pull requests of the bot: when they are in conflict, or behind a base that takes only what is up to date; or never.',
    ),
});
