import { lstatSync, mkdirSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../domain/app-error.ts';
import type { Sandbox, SandboxProblem, SandboxSpec } from '../domain/sandbox.ts';

/** `test -w` asks the kernel without writing: a probe that wrote core_pattern would do the damage it looks for. */
const canary = `
touch /workspace/canary
grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t' | tr ':' '='
echo "environ=$(wc -c < /proc/1/environ)"
[ -w /proc/sys/kernel/core_pattern ] && echo core=writable
for n in pid ipc uts net mnt; do echo "$n=$(readlink /proc/self/ns/$n)"; done
unshare -U true 2> /dev/null && echo userns=possible
[ -w /etc ] || [ -w /usr ] || echo system=closed
grep -v -e '|' -e ' lo:' /proc/net/dev | wc -l | tr -d ' ' | sed 's/^/interfaces=/'
`;

interface Expectation {
  readonly line: RegExp;
  readonly present: boolean;
  readonly code: string;
  readonly message: string;
}

const expectations: readonly Expectation[] = [
  { line: /^CapEff=0+$/m, present: true, code: 'capabilities', message: 'the sandbox has capabilities' },
  { line: /^CapBnd=0+$/m, present: true, code: 'bounding-set', message: 'the sandbox may gain capabilities' },
  { line: /^NoNewPrivs=1$/m, present: true, code: 'privileges', message: 'the sandbox may gain privileges' },
  { line: /^Seccomp=2$/m, present: true, code: 'seccomp', message: 'the system call filter is not active' },
  {
    line: /^environ=0$/m,
    present: true,
    code: 'environment',
    message: 'an environment is visible in the sandbox',
  },
  {
    line: /^core=writable$/m,
    present: false,
    code: 'kernel-settings',
    message: 'the sandbox can write kernel settings',
  },
  {
    line: /^userns=possible$/m,
    present: false,
    code: 'nested-userns',
    message: 'the sandbox can make user namespaces',
  },
  {
    line: /^system=closed$/m,
    present: true,
    code: 'system-writable',
    message: 'system directories are writable',
  },
  { line: /^interfaces=0$/m, present: true, code: 'network', message: 'the sandbox has a network' },
];

/** Fresh directories for a sandbox of our own, below `stateDir`. */
export async function trialSpec(
  sandbox: Sandbox,
  stateDir: string,
): Promise<{ readonly root: string; readonly spec: SandboxSpec }> {
  await mkdir(stateDir, { recursive: true, mode: 0o755 });
  const root = await mkdtemp(join(stateDir, 'probe-'));
  const [workspace, home, out] = [join(root, 'workspace'), join(root, 'home'), join(root, 'out')];
  for (const directory of [workspace, home, out]) {
    mkdirSync(directory);
    await sandbox.adopt(directory);
  }
  // mkdtemp makes it 0700 and ours: the sandbox's user must own it or be let through.
  await sandbox.adopt(root);
  return { root, spec: { name: 'probe', workspace, home, out } };
}

/**
 * Starts a real sandbox below `stateDir` and looks at it from inside: does it hold, not only does it start. Throws
 * what the engine throws when it does not start.
 */
export async function canaryProblems(sandbox: Sandbox, stateDir: string): Promise<readonly SandboxProblem[]> {
  const { root, spec } = await trialSpec(sandbox, stateDir);
  try {
    const opened = await sandbox.open(spec);
    try {
      const result = await opened.exec({ command: canary, timeoutMs: 60_000 });
      if (result.ended !== 'exit' || result.exitCode !== 0) {
        const said = result.stderr.text.slice(0, 500);
        throw new AppError(
          'sandbox-failed',
          `the canary ended with ${result.ended} ${result.exitCode}: ${said}`,
        );
      }
      return [
        ...failedExpectations(result.stdout.text),
        ...sharedNamespaces(result.stdout.text),
        ...hostOwner(join(spec.workspace, 'canary')),
      ];
    } finally {
      await opened.close();
    }
  } finally {
    await sandbox.remove(root).catch(() => undefined);
  }
}

const doNotRun =
  'Do not run untrusted code on this machine; report this with the output of `pullwright doctor --sandbox`.';

function failedExpectations(report: string): readonly SandboxProblem[] {
  return expectations
    .filter(({ line, present }) => line.test(report) !== present)
    .map(({ code, message }) => ({ code: `not-isolated-${code}`, message, fix: doNotRun }));
}

/** A runtime with a kernel of its own (gVisor) has numbers of its own, which differ from ours too. */
function sharedNamespaces(report: string): readonly SandboxProblem[] {
  return ['pid', 'ipc', 'uts', 'net', 'mnt'].flatMap((name) => {
    const inside = new RegExp(`^${name}=(.*)$`, 'm').exec(report)?.[1] ?? '';
    if (inside !== readlinkSync(`/proc/self/ns/${name}`)) return [];
    return [
      { code: `not-isolated-${name}`, message: `the sandbox shares our ${name} namespace`, fix: doNotRun },
    ];
  });
}

function hostOwner(file: string): readonly SandboxProblem[] {
  const { uid } = lstatSync(file);
  const fix = 'Run Pullwright as an ordinary user, or as root with a free range of user ids.';
  return uid === 0 ? [{ code: 'not-isolated-root', message: 'the sandbox is root of the host', fix }] : [];
}
