// Plays a thread on the local GitHub and puts what was said into the README, as text.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePostgres } from '../src/store/ensure-postgres.ts';
import { silentLog } from '../test/support/silent-log.ts';
import { playThread } from './thread/play-thread.ts';
import { tellThread } from './thread/tell-thread.ts';

const file = join(import.meta.dirname, '..', 'README.md');
const stateDir = await mkdtemp(join(tmpdir(), 'pullwright-thread-'));
chmodSync(stateDir, 0o755);
const server = await ensurePostgres({ stateDir, log: silentLog });
try {
  const thread = await playThread(async () => ({ url: server.url, drop: async () => undefined }));
  const told = tellThread(thread.world, thread);
  await thread.close();
  const text = readFileSync(file, 'utf8');
  const marks = /<!-- thread:start -->[\s\S]*<!-- thread:end -->/;
  if (!marks.test(text)) throw new Error('README.md has no place for the thread');
  const block = `<!-- thread:start -->\n\`\`\`\`text\n${told.replace(/http:\/\/127\.0\.0\.1:\d+/g, '')}\n\`\`\`\`\n<!-- thread:end -->`;
  writeFileSync(
    file,
    text.replace(marks, () => block),
  );
} finally {
  await server.stop();
  await rm(stateDir, { recursive: true, force: true });
}
