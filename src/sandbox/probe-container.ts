import type { Sandbox, SandboxProbe, SandboxProblem } from '../domain/sandbox.ts';
import type { ContainerCli } from './container-cli.ts';
import { type ContainerFacts, containerFacts } from './container-facts.ts';
import { canaryProblems } from './sandbox-canary.ts';
import { explainStartFailure } from './start-failures.ts';

export interface ContainerProbeOptions {
  readonly cli: ContainerCli;
  readonly image: string;
  readonly runtime: string | null;
}

/** Asks the engine for what it can do, then starts a real sandbox and looks at it from inside. */
export async function probeContainer(
  sandbox: Sandbox,
  stateDir: string,
  options: ContainerProbeOptions,
): Promise<SandboxProbe> {
  const probe = (version: string, problems: readonly SandboxProblem[]): SandboxProbe => ({
    ok: problems.length === 0,
    engine: 'container',
    version,
    problems,
  });
  let facts: ContainerFacts;
  try {
    facts = await containerFacts(options.cli);
  } catch (error) {
    return probe('none', [unreachable(options.cli.program, messageOf(error))]);
  }
  const version = `${facts.product} ${facts.version}${facts.isRootless ? ', rootless' : ''}${
    options.runtime === null ? '' : `, ${options.runtime}`
  }`;
  const missing = [...engineProblems(facts, options), ...(await imageProblems(options))];
  if (missing.length > 0) return probe(version, missing);
  try {
    return probe(version, await canaryProblems(sandbox, stateDir));
  } catch (error) {
    return probe(version, [explainStartFailure(messageOf(error))]);
  }
}

/** What keeps an engine from being used at all, from what its client said. */
export function unreachable(program: string, message: string): SandboxProblem {
  if (/ENOENT/.test(message)) {
    return {
      code: 'container-engine-missing',
      message: `${program} is not installed`,
      fix: 'Install one (apt-get install docker.io, or podman), or bubblewrap; docs/operations.md compares them.',
    };
  }
  return {
    code: 'container-engine-unreachable',
    message: `${program} does not answer: ${message}`,
    fix: 'Start the engine, or tell where it listens (DOCKER_HOST); a rootless one needs no rights of root.',
  };
}

/** Limits or a runtime that the engine does not have. */
export function engineProblems(
  facts: ContainerFacts,
  { runtime }: Pick<ContainerProbeOptions, 'runtime'>,
): readonly SandboxProblem[] {
  const problems: SandboxProblem[] = [];
  if (facts.missingLimits.length > 0) {
    problems.push({
      code: 'container-limits-missing',
      message: `the engine cannot limit ${facts.missingLimits.join(', ')}`,
      fix: 'Delegate control groups to it (systemd: Delegate=cpu memory pids for the user manager), then restart it.',
    });
  }
  if (runtime !== null && facts.runtimes.length > 0 && !facts.runtimes.includes(runtime)) {
    problems.push({
      code: 'container-runtime-missing',
      message: `the engine knows no runtime ${JSON.stringify(runtime)}, only ${facts.runtimes.join(', ')}`,
      fix: 'Install it and add it to the engine (for Docker: /etc/docker/daemon.json), or clear SANDBOX_RUNTIME.',
    });
  }
  return problems;
}

async function imageProblems({ cli, image }: ContainerProbeOptions): Promise<readonly SandboxProblem[]> {
  try {
    await cli.run(['image', 'inspect', '--format', '{{.Id}}', image]);
    return [];
  } catch {
    return [
      {
        code: 'container-image-missing',
        message: `the engine has no image ${JSON.stringify(image)}`,
        fix: 'Make one with deploy/sandbox-image.sh, or pull one, and set SANDBOX_IMAGE; Pullwright never pulls by itself.',
      },
    ];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
