import type { EffectFamily } from './effect-family.ts';

/**
 * Findings for code scanning. GitHub names no upload by anything of ours, but of one tool, category and commit a later
 * log replaces an earlier one: sent twice it is there once, so nothing is looked for.
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export const sarif: EffectFamily<'sarif.upload'> = {
  idempotent: false,
  dispensable: true,
  async send({ commit, pull, log }, { writer, at }) {
    const ref = `refs/pull/${pull}/head`;
    const { id, url } = await writer.uploadSarif(at, { commit, ref, sarif: JSON.stringify(log) });
    return { outcome: 'sent', nodeId: id, url };
  },
  find: async () => undefined,
};
