/** Processor architectures for which system call numbers are known; the names are Node's. */
export type Architecture = 'x64' | 'arm64';

/** True when a seccomp program can be made for this processor. */
export function isKnownArchitecture(name: string): name is Architecture {
  return name === 'x64' || name === 'arm64';
}

/**
 * Numbers of the calls that are always refused with EPERM: other processes' memory, mounts and namespaces, kernel
 * modules, keyrings, clocks, io_uring and the like, where most of the kernel's escape bugs were.
 */
export function deniedSyscalls(architecture: Architecture): readonly number[] {
  const column = architecture === 'x64' ? 0 : 1;
  return Object.values(denied).flatMap((numbers) => numbers[column] ?? []);
}

/** The same calls by name, for engines that take names. */
export function deniedSyscallNames(architecture: Architecture): readonly string[] {
  const column = architecture === 'x64' ? 0 : 1;
  return Object.keys(denied).filter((name) => denied[name]?.[column] !== null);
}

/** Numbers of the calls that are judged by their arguments. */
export const specialSyscalls = {
  x64: { clone: 56, clone3: 435, ioctl: 16, socket: 41, personality: 135 },
  arm64: { clone: 220, clone3: 435, ioctl: 29, socket: 198, personality: 92 },
} as const satisfies Readonly<Record<Architecture, Readonly<Record<string, number>>>>;

/** `[x86_64, aarch64]`, from the kernel's `asm/unistd_64.h` and `asm-generic/unistd.h`; null: does not exist there. */
const denied: Readonly<Record<string, readonly [number, number | null]>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  process_madvise: [440, 440],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  move_mount: [429, 429],
  open_tree: [428, 428],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  setns: [308, 268],
  unshare: [272, 97],
  open_by_handle_at: [304, 265],
  name_to_handle_at: [303, 264],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  syslog: [103, 116],
  iopl: [172, null],
  ioperm: [173, null],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  vhangup: [153, 58],
  modify_ldt: [154, null],
  uselib: [134, null],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  set_mempolicy_home_node: [450, 450],
  fanotify_init: [300, 262],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
};
