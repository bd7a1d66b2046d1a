/** `$BLOB`, `$HEAD` and `$LINK_…` are object ids; each line is input of `git mktree`, on top of the base's entries. */
export interface TreeVector {
  readonly name: string;
  readonly lines: string;
}

export const file = (path: string): string => `100644 blob $BLOB\\t${path}\\n`;

const names: readonly string[] = [
  '.git',
  '.GIT',
  '.Git',
  '.git ',
  '.git.',
  '.git. . ',
  'git~1',
  'GIT~2',
  '.g\\342\\200\\214it',
  '.\\342\\200\\215git',
  '.git\\357\\273\\277',
  '.git\\\\134hooks',
  '.git::\\$INDEX_ALLOCATION',
  '..',
  '.',
  'a\\001b',
  'a\\033]52;c;x\\007',
  'bad\\377',
  'n'.repeat(256),
];

export const targets: readonly string[] = [
  '/etc/passwd',
  '/proc/self/environ',
  '..',
  '../outside',
  'src/../../outside',
  '.git/config',
  'src/.GIT/hooks/x',
  'a\\\\134b',
];

export const vectors: readonly TreeVector[] = [
  ...names.map((path) => ({ name: `a file named ${JSON.stringify(path.slice(0, 40))}`, lines: file(path) })),
  ...targets.map((target, index) => ({
    name: `a link to ${target}`,
    lines: `120000 blob $LINK_${index}\\tlink\\n`,
  })),
  { name: 'a new gitlink', lines: '160000 commit $HEAD\\tsub\\n' },
  { name: 'a gitlink in the place of a directory', lines: '160000 commit $HEAD\\tsrc\\n' },
  { name: '.gitmodules with an ext:: address', lines: '100644 blob $MODULES_EXT\\t.gitmodules\\n' },
  { name: '.gitmodules with a file: address', lines: '100644 blob $MODULES_FILE\\t.gitmodules\\n' },
  {
    name: '.gitmodules with an address that is an option',
    lines: '100644 blob $MODULES_OPTION\\t.gitmodules\\n',
  },
  { name: '.gitmodules with a path that ends in CR', lines: '100644 blob $MODULES_CR\\t.gitmodules\\n' },
  { name: '.GitModules', lines: '100644 blob $MODULES_EXT\\t.GitModules\\n' },
  { name: '.gitmodules as a link', lines: '120000 blob $LINK_0\\t.gitmodules\\n' },
  { name: '.gitattributes as a link out of the tree', lines: '120000 blob $LINK_0\\t.gitattributes\\n' },
  { name: '.mailmap as a link out of the tree', lines: '120000 blob $LINK_3\\t.mailmap\\n' },
];

export const modules = {
  EXT: '[submodule "s"]\\n\\tpath = s\\n\\turl = ext::sh -c x\\n',
  FILE: '[submodule "s"]\\n\\tpath = s\\n\\turl = file:///etc\\n',
  OPTION: '[submodule "s"]\\n\\tpath = s\\n\\turl = -u./x\\n',
  CR: '[submodule "s"]\\n\\tpath = "s\\r"\\n\\turl = https://x.invalid/s\\n',
} as const;

/** A shell command that prints a harmless or hostile tree on top of another one; `git` is the reader's. */
export function makeTree({ lines }: TreeVector, base: string): string {
  const kept = lines.includes('\\tsrc\\n') ? '\\tsrc$' : '^$';
  return `(git ls-tree ${base} | grep -v "$(printf '${kept}')"; printf "${lines.replaceAll('"', '\\"')}") | git mktree --missing`;
}
