import { parentPort } from 'node:worker_threads';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { AddedBlock, ScanHit } from './scan-message.ts';
import { findSecrets, isStandIn, levelOf } from './secrets/find-secrets.ts';

const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };

/** Entry point of the scanning thread: regular expressions of the rule set backtrack, so it must be killable. */
parentPort?.on('message', (blocks: readonly AddedBlock[]) => void answer(blocks));

/** A failure ends the thread, which the other side hears. */
async function answer(blocks: readonly AddedBlock[]): Promise<void> {
  const hits: ScanHit[] = [];
  for (const block of blocks) hits.push(...(await scanBlock(block)));
  parentPort?.postMessage(hits, []);
}

async function scanBlock(block: AddedBlock): Promise<readonly ScanHit[]> {
  const content = `${block.lines.join('\n')}\n`;
  const found = await lintSource({
    source: {
      filePath: block.path,
      content,
      ext: /\.[^./]*$/.exec(block.path)?.[0] ?? '',
      contentType: 'text',
    },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  const byRules = found.messages
    .filter(({ range: [start, end] }) => !isStandIn(content.slice(start, end)))
    .map(({ ruleId, loc, messageId }) => {
      const rule = ruleId.replace(/^@secretlint\/secretlint-rule-/, '');
      const line = block.firstLine + loc.start.line - 1;
      const words = messageId.replaceAll('_', ' ').toLowerCase();
      return { rule, path: block.path, line, words, level: levelOf(rule, block.path) };
    });
  return [...byRules, ...findSecrets(block)];
}
