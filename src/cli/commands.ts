import type { ListedCommand } from './command.ts';

/** Every command, in the order of the overview. */
export const commands: readonly ListedCommand[] = [
  {
    name: 'start',
    summary: 'start the bot; without credentials: the page that registers the App',
    load: async () => (await import('./commands/start.ts')).start,
  },
  {
    name: 'demo',
    summary: 'watch a labelled issue become a pull request on a local GitHub',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'run',
    summary: 'work on an issue in a local repository, without GitHub',
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'doctor',
    summary: 'list every requirement of this machine with its state',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'detect',
    summary: 'show which commands would run in a repository, and why',
    load: async () => (await import('./commands/detect.ts')).detect,
  },
  {
    name: 'config',
    summary: "check a repository's .github/agent.yml",
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'verify',
    summary: 'check signed evidence by running the gates again',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  {
    name: 'deliveries',
    summary: 'list webhook deliveries, or process one again',
    load: async () => (await import('./commands/deliveries.ts')).deliveries,
  },
  {
    name: 'journal',
    summary: "show a run's journal, or check its hash chain",
    load: async () => (await import('./commands/journal.ts')).journal,
  },
  {
    name: 'audit',
    summary: 'check the invariants on what the database holds',
    load: async () => (await import('./commands/audit.ts')).audit,
  },
  {
    name: 'cache',
    summary: 'show or clear the dependencies that this machine keeps',
    load: async () => (await import('./commands/cache.ts')).cache,
  },
  {
    name: 'restore',
    summary: 'rebuild a lost database from the journal refs of the repositories',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  {
    name: 'migrate',
    summary: "bring the database's schema up to date (start does it too)",
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
  {
    name: 'graph',
    summary: 'print the steps of a run as a Mermaid diagram',
    load: async () => (await import('./commands/graph.ts')).graph,
  },
];
