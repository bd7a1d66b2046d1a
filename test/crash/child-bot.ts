import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromBot, Pass, StartBot, ToBot } from './bot-messages.ts';

const script = join(import.meta.dirname, 'bot-process.ts');
const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'node-compile');
const logCharsMax = 200_000;

/** One life of a bot in its process. */
interface Life {
  readonly up: PromiseWithResolvers<string>;
  struck: PromiseWithResolvers<void>;
  readonly awake: PromiseWithResolvers<void>;
  readonly closed: PromiseWithResolvers<void>;
  readonly passed: Pass[];
  isUp: boolean;
  log: string;
}

/** The parent's end of a bot that runs as a process of its own. */
export class ChildBot {
  readonly #child: ChildProcess;
  #life = newLife();
  #closed = false;
  /** Resolves with the signal that ended it, or null. */
  readonly ended: Promise<NodeJS.Signals | null>;

  constructor() {
    this.#child = fork(script, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Compiling takes a third of the time until it has loaded.
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: cache },
    });
    this.ended = once(this.#child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
    this.#child.on('message', (message: FromBot) => this.#hear(message));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text) => {
        this.#life.log = `${this.#life.log}${String(text)}`.slice(-logCharsMax);
      });
    this.#child.on('error', () => undefined);
  }

  /** Resolves when it says that it stands at the wanted seam; a killed one says nothing. */
  get struck(): Promise<void> {
    return this.#life.struck.promise;
  }

  /** It had started before whatever became of it. */
  get wasUp(): boolean {
    return this.#life.isUp;
  }

  /** The seams that an undisturbed bot has passed, in order. */
  get passed(): readonly Pass[] {
    return this.#life.passed;
  }

  /** What it wrote; for failures. */
  get log(): string {
    return this.#life.log;
  }

  /** It was closed in good order and can be another bot. */
  get closed(): boolean {
    return this.#closed && this.alive;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves with its address, or null when it died before it was up. */
  async start(what: Omit<StartBot, 'kind'>): Promise<string | null> {
    this.#life = newLife();
    this.#closed = false;
    this.#send({ kind: 'start', ...what });
    return await Promise.race([this.#life.up.promise, this.ended.then(() => null)]);
  }

  /** Resolves when it is up, or with false when it has ended before. */
  async isUp(): Promise<boolean> {
    return await Promise.race([this.#life.up.promise.then(() => true), this.ended.then(() => false)]);
  }

  /** After a fault that it outlives; it can be struck again. */
  goOn(): void {
    this.#life.struck = Promise.withResolvers();
    this.#send({ kind: 'go-on' });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Lets one that was stopped go on; resolves when it has had the time to do what it must not, or has ended. */
  async wakeUp(): Promise<void> {
    this.signal('SIGCONT');
    await Promise.race([this.#life.awake.promise, this.ended]);
  }

  /** As an operator stops it, but that the process stays; after `graceMs` it is killed. */
  async close(graceMs = 20_000): Promise<void> {
    if (!this.alive) return;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    this.#send({ kind: 'close' });
    await Promise.race([this.#life.closed.promise, this.ended]);
    clearTimeout(timer);
  }

  #hear(message: FromBot): void {
    if (message.kind === 'up') this.#up(message.url);
    else if (message.kind === 'passed') this.#life.passed.push(message.pass);
    else if (message.kind === 'struck') this.#life.struck.resolve();
    else if (message.kind === 'awake') this.#life.awake.resolve();
    else if (message.kind === 'closed') {
      this.#closed = true;
      this.#life.closed.resolve();
    }
  }

  #up(url: string): void {
    this.#life.isUp = true;
    this.#life.up.resolve(url);
  }

  #send(message: ToBot): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

function newLife(): Life {
  return {
    up: Promise.withResolvers(),
    struck: Promise.withResolvers(),
    awake: Promise.withResolvers(),
    closed: Promise.withResolvers(),
    passed: [],
    isUp: false,
    log: '',
  };
}

let fresh: ChildBot[] = [];
let used: ChildBot[] = [];

/** One whose process begins here, as a bot that is going to be hurt must be; another one begins to load. */
export function takeFreshBot(): ChildBot {
  const taken = fresh.shift() ?? new ChildBot();
  fresh.push(new ChildBot());
  return taken;
}

/** One that was a bot before and was closed in good order: it has loaded and is warm. */
export function takeUsedBot(): ChildBot {
  return used.pop() ?? takeFreshBot();
}

/** For a bot that was closed. */
export function giveBackBot(bot: ChildBot): void {
  used.push(bot);
}

/** Ends the bots that nobody took. */
export async function endSpareBots(): Promise<void> {
  const last = [...fresh, ...used];
  fresh = [];
  used = [];
  for (const bot of last) bot.signal('SIGKILL');
  await Promise.all(last.map((bot) => bot.ended));
}
