import { type Architecture, deniedSyscallNames } from './denied-syscalls.ts';

interface Comparison {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
}

interface Rule {
  readonly names: readonly string[];
  readonly action: 'SCMP_ACT_ERRNO';
  readonly errnoRet: number;
  readonly args?: readonly Comparison[];
}

const low32 = 0xffffffff;
const errno = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;
const machine: Readonly<Record<Architecture, string>> = {
  x64: 'SCMP_ARCH_X86_64',
  arm64: 'SCMP_ARCH_AARCH64',
};

/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const namespaceFlags = [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000];
const terminalInjections = [0x5412, 0x541c];
const netlink = 16;
/** Below netlink, all but AF_UNIX, AF_INET and AF_INET6. */
const refusedFamilies = [0, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15];

/**
 * The same filter as for bubblewrap, as Docker and Podman read it. Both engines' own default lets `ptrace` and a
 * user's `socket(AF_VSOCK)` of some versions through. Listing one architecture makes the others (x32, i386) deadly.
 *
 * The kernel looks at 32 bits of a flag word or a command, libseccomp compares 64: hence the masks, without which
 * `ioctl(fd, 0x1_0000_5412)` would be TIOCSTI and pass.
 */
export function containerSeccompProfile(architecture: Architecture): string {
  const syscalls: readonly Rule[] = [
    refuse(deniedSyscallNames(architecture), errno.EPERM),
    refuse(['clone3'], errno.ENOSYS),
    ...namespaceFlags.map((flag) => refuse(['clone'], errno.EPERM, [masked(0, flag, flag)])),
    ...terminalInjections.map((request) => refuse(['ioctl'], errno.EPERM, [masked(1, low32, request)])),
    refuse(['personality'], errno.EPERM, [{ index: 0, value: 0, op: 'SCMP_CMP_NE' }]),
    ...refusedFamilies.map((family) => refuse(['socket'], errno.EAFNOSUPPORT, [masked(0, low32, family)])),
    refuse(['socket'], errno.EAFNOSUPPORT, [{ index: 0, value: netlink + 1, op: 'SCMP_CMP_GE' }]),
    refuse(['socket'], errno.EAFNOSUPPORT, [
      masked(0, low32, netlink),
      { index: 2, value: 0, op: 'SCMP_CMP_NE' },
    ]),
  ];
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: [machine[architecture]],
    syscalls,
  });
}

function refuse(names: readonly string[], errnoRet: number, args?: readonly Comparison[]): Rule {
  return { names, action: 'SCMP_ACT_ERRNO', errnoRet, ...(args === undefined ? {} : { args }) };
}

function masked(index: number, mask: number, value: number): Comparison {
  return { index, value: mask, valueTwo: value, op: 'SCMP_CMP_MASKED_EQ' };
}
