// What Pullwright needs from the system, and how to get it: Debian packages, installed when that can be done
// (root, or sudo without a password), after saying so.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { refuse } from './runtime.js';

const systemPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Debian package by the command that it brings. */
const runtimePackages = {
  bwrap: 'bubblewrap',
  git: 'git',
  prlimit: 'util-linux',
  nsenter: 'util-linux',
};

/** What a sandbox engine needs: bubblewrap and its helpers, unless another engine is asked for. */
export function packagesFor(engine) {
  if (engine === 'container' || engine === 'none') return { git: runtimePackages.git };
  return runtimePackages;
}

export const testPackages = {
  ...runtimePackages,
  python3: 'python3',
  'py.test-3': 'python3-pytest',
  chromium: 'chromium',
  ip: 'iproute2',
  rg: 'ripgrep',
};

/** The container engine's suite starts a Docker of its own, with an image that debootstrap makes. */
export const enginePackages = { dockerd: 'docker.io', debootstrap: 'debootstrap' };

/** Installs the packages whose commands are missing; refuses with one line when that is not possible. */
export function ensurePackages(packages) {
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
  const prefix = escalation();
  if (prefix === null || !isExecutable('apt-get')) {
    refuse(`missing on this machine: ${missing.join(', ')}. Run: sudo ${command.join(' ')}`);
  }
  process.stderr.write(`pullwright: installing ${missing.join(', ')} with apt-get (once)\n`);
  apt([...prefix, 'apt-get', 'update', '-qq']);
  if (apt([...prefix, ...command, '-qq']) !== 0 || missingPackages(packages).length > 0) {
    refuse(`could not install ${missing.join(', ')}. Run: sudo ${command.join(' ')}`);
  }
}

/** Debian packages of commands that are not on the system's own path. */
function missingPackages(packages) {
  const missing = Object.entries(packages).filter(([command]) => !isExecutable(command));
  return [...new Set(missing.map(([, name]) => name))];
}

function escalation() {
  if (process.getuid?.() === 0) return [];
  return isExecutable('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
    ? ['sudo', '-n']
    : null;
}

function apt([file, ...args]) {
  // RUNLEVEL: a package's service is not started by its installation.
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
    RUNLEVEL: '1',
    PATH: systemPath.join(delimiter),
  };
  return spawnSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status;
}

function isExecutable(command) {
  return systemPath.some((directory) => {
    try {
      accessSync(join(directory, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
