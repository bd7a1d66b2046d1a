/**
 * Ways in which sandboxed code can make a later `git` on the host run a program (`$M`), by what it leaves in a repository.
 * `trap` is run where the attacker is, `fire` is what an unguarded host would do next.
 */
export interface GitTrap {
  readonly name: string;
  readonly trap: string;
  readonly fire: string;
}

/** Shell functions of the traps. `$W`: the work tree; `$GITS`: the repositories that the attacker can write. */
export const trapPrelude = `
cfg() { for g in $GITS; do git config -f $g/config "$1" "$2"; done; }
hook() { for g in $GITS; do mkdir -p $g/hooks; printf '#!/bin/sh\\n%s\\n' "$M" > $g/hooks/$1; chmod +x $g/hooks/$1; done; }
beside() { printf '[core]\\n\\tfsmonitor = "%s"\\n' "$M" > /tmp/evil.cfg; for g in $GITS; do cp /tmp/evil.cfg $g/../evil.cfg; done; }
attr() { echo "* $1" > .gitattributes; }
commit() { git -c user.name=a -c user.email=a@b.invalid commit -q "$@"; }
cd "$W" || exit 1
`;

const hooks: readonly (readonly [string, string])[] = [
  ['pre-commit', 'commit -am x'],
  ['prepare-commit-msg', 'commit -am x'],
  ['commit-msg', 'commit -am x'],
  ['post-commit', 'commit -am x'],
  ['post-checkout', 'git checkout -q -b other'],
  ['post-index-change', 'git add -A'],
  ['reference-transaction', 'git branch other'],
  ['post-rewrite', 'commit --amend -m y'],
  ['post-merge', 'git checkout -q -b m; commit --allow-empty -m m; git checkout -q -; git merge -q m'],
  ['pre-push', 'git init -q --bare ../pushed.git; git push -q ../pushed.git HEAD:refs/heads/x'],
];

const fetching = 'git fetch -q origin';

export const gitTraps: readonly GitTrap[] = [
  ...hooks.map(([name, fire]) => ({ name: `the hook ${name}`, trap: `hook ${name}`, fire })),
  { name: 'core.fsmonitor', trap: 'cfg core.fsmonitor "$M"', fire: 'git status' },
  {
    name: 'core.hooksPath',
    trap: 'for g in $GITS; do mkdir -p $g/../h; printf "#!/bin/sh\\n$M\\n" > $g/../h/pre-commit; chmod +x $g/../h/pre-commit; done; cfg core.hooksPath h',
    fire: 'commit -am x',
  },
  { name: 'filter.clean', trap: 'attr filter=evil; cfg filter.evil.clean "$M; cat"', fire: 'git add -A' },
  {
    name: 'filter.smudge',
    trap: 'attr filter=evil; cfg filter.evil.smudge "$M; cat"',
    fire: 'git checkout -f HEAD -- src',
  },
  { name: 'filter.process', trap: 'attr filter=evil; cfg filter.evil.process "$M"', fire: 'git add -A' },
  { name: 'diff.textconv', trap: 'attr diff=evil; cfg diff.evil.textconv "$M; cat"', fire: 'git diff' },
  { name: 'diff.command', trap: 'attr diff=evil; cfg diff.evil.command "$M"', fire: 'git diff' },
  { name: 'diff.external', trap: 'cfg diff.external "$M"', fire: 'git diff' },
  { name: 'gpg.program', trap: 'cfg gpg.program "$M"; cfg commit.gpgSign true', fire: 'commit -am x' },
  {
    name: 'gpg.ssh.program',
    trap: 'cfg gpg.format ssh; cfg gpg.ssh.program "$M"; cfg commit.gpgSign true; cfg user.signingKey "key::ssh-ed25519 AAAA"',
    fire: 'commit -am x',
  },
  {
    name: 'core.sshCommand',
    trap: 'cfg core.sshCommand "$M"; cfg remote.origin.url ssh://nowhere.invalid/x',
    fire: fetching,
  },
  {
    name: 'an ext:: remote',
    trap: 'cfg remote.origin.url "ext::$M"; cfg protocol.ext.allow always',
    fire: fetching,
  },
  {
    name: 'url.insteadOf',
    trap: 'cfg remote.origin.url https://nowhere.invalid/x; cfg "url.ext::$M .insteadOf" https://nowhere.invalid/; cfg protocol.ext.allow always',
    fire: fetching,
  },
  {
    name: 'core.gitProxy',
    trap: 'cfg core.gitProxy "$M"; cfg remote.origin.url git://nowhere.invalid/x',
    fire: fetching,
  },
  {
    name: 'remote.uploadpack',
    trap: 'cfg remote.origin.url "$W"; cfg remote.origin.uploadpack "$M"',
    fire: fetching,
  },
  {
    name: 'remote.receivepack',
    trap: 'cfg remote.origin.url "$W"; cfg remote.origin.receivepack "$M"',
    fire: 'git push -q origin HEAD:refs/heads/x',
  },
  {
    name: 'credential.helper',
    trap: 'cfg credential.helper "!$M"',
    fire: "printf 'protocol=https\\nhost=x.invalid\\n\\n' | git credential fill",
  },
  {
    name: 'core.askPass',
    trap: 'cfg core.askPass "$M"',
    fire: "printf 'protocol=https\\nhost=x.invalid\\n\\n' | git credential fill",
  },
  { name: 'include.path', trap: 'beside; cfg include.path ../evil.cfg', fire: 'git status' },
  { name: 'includeIf', trap: 'beside; cfg includeIf.gitdir:/.path ../evil.cfg', fire: 'git status' },
  { name: 'core.pager', trap: 'cfg core.pager "$M"', fire: "script -qec 'git log' /dev/null" },
  { name: 'pager.log', trap: 'cfg pager.log "$M"', fire: "script -qec 'git log' /dev/null" },
  { name: 'an alias', trap: 'cfg alias.st "!$M"', fire: 'git st' },
  { name: 'core.editor', trap: 'cfg core.editor "$M"', fire: 'commit -a' },
  {
    name: 'sequence.editor',
    trap: 'cfg sequence.editor "$M"',
    fire: 'git stash -q; git -c user.name=a -c user.email=a@b.invalid rebase -q -i HEAD~1',
  },
  {
    name: 'a merge driver',
    trap: 'attr merge=evil; cfg merge.evil.driver "$M"',
    fire: 'git checkout -q -b l; echo l > src/a.txt; commit -am l; git checkout -q -b r HEAD~1; echo r > src/a.txt; echo "* merge=evil" > .gitattributes; commit -am r; git merge -q l',
  },
  {
    name: 'submodule.update',
    trap: 'git init -q s; (cd s; commit --allow-empty -m 1); git add s; (cd s; commit --allow-empty -m 2); printf \'[submodule "s"]\\n\\tpath = s\\n\\turl = ./s\\n\' > .gitmodules; cfg submodule.s.url ./s; cfg submodule.s.active true; cfg submodule.s.update "!$M"',
    fire: 'git submodule update',
  },
  {
    name: 'trailer.command',
    trap: 'cfg trailer.x.command "$M"; cfg trailer.x.ifmissing add',
    fire: "echo m | git interpret-trailers --trailer 'x: 1'",
  },
  { name: 'difftool.cmd', trap: 'cfg difftool.x.cmd "$M"; cfg diff.tool x', fire: 'git difftool -y' },
  { name: 'tar.command', trap: 'cfg tar.evil.command "$M"', fire: 'git archive --format=evil HEAD' },
  {
    name: 'core.worktree, which overwrites files elsewhere',
    trap: 'cfg core.worktree "$VICTIM"',
    fire: 'git checkout -q -f HEAD -- .',
  },
  {
    name: '.git as a file that points elsewhere',
    trap: 'rm -rf evil; git init -q evil; git config -f evil/.git/config core.fsmonitor "$M"; rm -rf .git; echo "gitdir: evil/.git" > .git',
    fire: 'git status',
  },
  {
    name: 'a nested repository with core.fsmonitor',
    trap: 'git init -q sub; (cd sub; commit --allow-empty -m x; git config core.fsmonitor "$M")',
    fire: 'git add sub; git status',
  },
  {
    name: 'a nested repository with a filter',
    trap: 'git init -q zz; (cd zz; echo x > f; git add f; commit -m x; echo "* filter=zz" > .gitattributes; git config filter.zz.clean "$M; cat"; echo y > f)',
    fire: 'git add zz; git status; git diff',
  },
  {
    name: 'an embedded bare repository',
    trap: 'git init -q --bare bare; git config -f bare/config core.fsmonitor "$M"; git config -f bare/config core.bare false; git config -f bare/config core.worktree .',
    fire: 'cd bare && git status',
  },
];
