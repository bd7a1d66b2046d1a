import { createAppLogger } from '../../app/app-logger.ts';
import { setUpApp } from '../../app/set-up-app.ts';
import { startBot } from '../../app/start-bot.ts';
import { readSettings, type Settings } from '../../config/read-settings.ts';
import type { Logger } from '../../domain/logger.ts';
import { type Command, parseWords, textOf } from '../command.ts';
import { withSandbox } from '../sandbox-engine.ts';
import { aborted, signalOfTermination } from '../until-signal.ts';

/** `pullwright start`: the bot, or the page that registers its App. */
export const start: Command = {
  name: 'start',
  usage: 'pullwright start [--sandbox ENGINE]',
  help: [
    'Reads the environment and `.env` (docs/configuration.md). Without DATABASE_URL an embedded PostgreSQL is used.',
    'SIGTERM: takes no new work, gives unfinished runs back, leaves with 0. Exit 78: a setting or the machine is not ready.',
  ].join('\n'),
  async run(args) {
    const { values } = parseWords(args, { sandbox: { type: 'string' } });
    const stopping = signalOfTermination();
    const settings = withSandbox(readSettings(), textOf(values, 'sandbox'));
    const log = createAppLogger(settings.LOG_LEVEL);
    const ready = settings.credentials ? settings : await setUp(settings, log, stopping);
    if (!ready) return 0;
    const bot = await startBot({ settings: ready, log });
    process.stderr.write(`Pullwright listens on ${bot.url}; webhooks at ${bot.url}/api/github/webhooks\n`);
    await aborted(stopping);
    await bot.close();
    return 0;
  },
};

async function setUp(settings: Settings, log: Logger, stopping: AbortSignal): Promise<Settings | null> {
  const page = await setUpApp({ settings, envFile: '.env', log });
  try {
    process.stderr.write(
      `No App is set up yet. Open this address and press the button:\n\n  ${page.url}\n\n`,
    );
    const registered = await Promise.race([
      page.registered.then(() => true),
      aborted(stopping).then(() => false),
    ]);
    // The first reading took the other secrets out of the environment: only what is new is read again.
    return registered ? { ...settings, credentials: readSettings().credentials } : null;
  } finally {
    await page.close();
  }
}
