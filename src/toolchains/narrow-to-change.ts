import type { DetectedCommands, RepositoryCommand, TestRun, WorkspacePackage } from '../domain/toolchain.ts';

/**
 * The commands of the packages that a change touches and of those that depend on them. Everything, as soon as a
 * changed file lies outside of all packages: a lockfile or a shared configuration can break any of them.
 */
export function narrowToChange(
  commands: DetectedCommands,
  changedPaths: readonly string[],
): DetectedCommands {
  const kept = affectedPackages(commands.packages ?? [], changedPaths);
  if (kept === undefined) return commands;
  const all = new Set((commands.packages ?? []).map(({ directory }) => directory));
  const keeps = ({ cwd }: RepositoryCommand): boolean => !all.has(cwd) || kept.has(cwd);
  const test = commands.test.filter(keeps);
  // A change without any package of its own tests is judged by all of them, not by none.
  if (test.length === 0) return commands;
  const left = commands.test.length - test.length;
  const note = `Monorepo: judged by the commands of ${[...kept].sort().join(', ')}; ${left} test commands of other packages left out.`;
  return {
    ...commands,
    lint: commands.lint.filter(keeps),
    typecheck: commands.typecheck.filter(keeps),
    test,
    coverage: (commands.coverage ?? []).filter(keeps),
    notes: left === 0 ? commands.notes : [...commands.notes, note],
  };
}

/** The part of a baseline over all packages that the narrowed commands would have given. */
export function narrowRun(run: TestRun, from: DetectedCommands, to: DetectedCommands): TestRun {
  const kept = new Set<RepositoryCommand>(to.test);
  const left = from.test.filter((command) => !kept.has(command));
  if (left.length === 0) return run;
  const isLeft = (file: string): boolean => left.some(({ cwd }) => file.startsWith(`${cwd}/`));
  return {
    ...run,
    commands: run.commands.filter((_, index) => {
      const command = from.test[index];
      return command === undefined || kept.has(command);
    }),
    results: run.results.filter(({ file }) => !isLeft(file)),
  };
}

/** Undefined: everything. */
function affectedPackages(
  packages: readonly WorkspacePackage[],
  changedPaths: readonly string[],
): ReadonlySet<string> | undefined {
  if (packages.length === 0 || changedPaths.length === 0) return undefined;
  const kept = new Set<string>();
  for (const path of changedPaths.filter((changed) => !isProse(changed))) {
    const owner = ownerOf(packages, path);
    if (owner === undefined) return undefined;
    kept.add(owner);
  }
  for (let size = -1; size !== kept.size; ) {
    size = kept.size;
    for (const { directory, dependsOn } of packages) {
      if (dependsOn.some((target) => kept.has(target))) kept.add(directory);
    }
  }
  return kept.size === 0 ? undefined : kept;
}

function isProse(path: string): boolean {
  return /\.(?:md|rst|txt)$/.test(path) && !/requirements[\w-]*\.txt$/.test(path);
}

/** The innermost package: packages may lie in each other. */
function ownerOf(packages: readonly WorkspacePackage[], path: string): string | undefined {
  return packages
    .map(({ directory }) => directory)
    .filter((directory) => path.startsWith(`${directory}/`))
    .sort((a, b) => b.length - a.length)[0];
}
