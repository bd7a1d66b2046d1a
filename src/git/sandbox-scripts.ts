/** The throw-away repository in `/out`: not the agent's `/workspace/.git`, which it may use and break as it likes. */
export const outgoingRepository = 'pullwright.git';

/** Exit codes of the scripts. */
export const scriptExit = { repositoryBroken: 90, treeRefused: 91 } as const;

/** Largest file of a checkpoint; git would take 18 s of processor time for a sparse one of 3 GB (measured). */
const fileBytesMax = 50 * 1024 * 1024;

/**
 * What tools leave in a work tree and no repository wants in a change, also where it has no `.gitignore`: a test run
 * with Python alone put its bytecode into pull requests. Tracked files are not touched by this, and the repository's
 * own `.gitignore` wins, so that `!` brings a name back.
 */
const leftovers = [
  'node_modules/',
  '.nyc_output/',
  '__pycache__/',
  '*.py[co]',
  '.pytest_cache/',
  '.mypy_cache/',
  '.ruff_cache/',
  '.tox/',
  '.venv/',
  '*.egg-info/',
  '.DS_Store',
] as const;

const prologue = `
export LC_ALL=C HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1
export GIT_DIR=/out/${outgoingRepository} GIT_WORK_TREE=/workspace GIT_NO_REPLACE_OBJECTS=1 GIT_TERMINAL_PROMPT=0
unset GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS
cd /workspace || exit ${scriptExit.repositoryBroken}
broken() { echo "$1" >&2; exit ${scriptExit.repositoryBroken}; }
if [ -d "$GIT_DIR" ]; then
  rm -rf "$GIT_DIR/info" && mkdir "$GIT_DIR/info"
  printf '%s\\n' ${leftovers.map((name) => `'${name}'`).join(' ')} >"$GIT_DIR/info/exclude"
fi
g() { git -c core.fsmonitor=false -c core.hooksPath=/dev/null -c core.protectHFS=true -c core.protectNTFS=true -c gc.auto=0 "$@"; }
`;

/** Makes the repository anew from a pack in `/out`. Arguments: pack, tree of the index. */
export const reseedScript = `${prologue}
pack=$1 tree=$2
chmod -R u+rwX "$GIT_DIR" 2>/dev/null
rm -rf "$GIT_DIR"
g init -q --template= || broken init
g index-pack --stdin <"/out/$pack" >/dev/null || broken index-pack
rm -f "/out/$pack"
g read-tree "$tree" || broken read-tree
`;

/**
 * Snapshot of the work tree. Arguments: tree of the last checkpoint, tree of the start, name of the pack to write.
 * Prints \`tree <id> <number of paths left out>\`; writes a pack only when the tree differs from the last one.
 *
 * \`update-index\` on exact names instead of \`add -A\`: nested repositories (listed with a slash at the end) and
 * special files can be told apart first, instead of failing the whole command or becoming submodules.
 */
export const checkpointScript = `${prologue}
last=$1 start=$2 pack=$3
[ -f "$GIT_DIR/HEAD" ] || broken HEAD
rm -f "$GIT_DIR/index.lock"
g update-index -q --refresh >/dev/null 2>&1
g ls-files -z -m -o --exclude-standard >/tmp/.names || broken ls-files
skipped=0
if [ -s /tmp/.names ]; then
  grep -zv '/$' </tmp/.names >/tmp/.paths
  skipped=$(grep -zc '/$' </tmp/.names)
  xargs -0 -r stat -c '%s|%F|%N' -- </tmp/.paths 2>/dev/null |
    awk -F '|' '$1 > ${fileBytesMax} { print "too large: " $3; exit 1 }
      $2 !~ /^(regular|symbolic|directory)/ { print "not a file: " $3; exit 1 }' >&2 || exit ${scriptExit.treeRefused}
  stage() { g update-index --add --remove --replace -z --stdin </tmp/.paths 2>/tmp/.error; }
  # Unreadable files are a mode away from readable: they belong to this very user.
  stage || { chmod -R u+rwX /workspace 2>/dev/null; stage; } || { cat /tmp/.error >&2; exit ${scriptExit.treeRefused}; }
  # Names that stand for .git on some file system: update-index says so and goes on.
  skipped=$((skipped + $(grep -c '^Ignoring path' /tmp/.error)))
fi
tree=$(g write-tree) || broken write-tree
if [ "$tree" != "$last" ]; then
  rm -rf "/out/$pack"
  printf '%s\\n^%s\\n^%s\\n' "$tree" "$last" "$start" |
    g pack-objects --revs --thin --stdout -q >"/out/$pack" || broken pack-objects
fi
echo "tree $tree $skipped"
`;

/**
 * Makes the work tree equal to a tree, ignored files kept. Arguments: tree, name of the pack with its objects.
 * It is \`reset --hard\` and \`clean\`: what the index does not know and nothing ignores was made since.
 */
export const restoreScript = `${prologue}
tree=$1 pack=$2
[ -f "$GIT_DIR/HEAD" ] || broken HEAD
rm -f "$GIT_DIR/index.lock"
g unpack-objects -q <"/out/$pack" || broken unpack-objects
rm -f "/out/$pack"
find . -path ./.git -prune -o -type d ! -perm -u=rwx -exec chmod u+rwx {} + 2>/dev/null
g update-index -q --refresh >/dev/null 2>&1
g read-tree --reset -u "$tree" || broken read-tree
g clean -ffdq || exit ${scriptExit.treeRefused}
echo "tree $tree 0"
`;

/**
 * Merges two trees over a third. Arguments: pack with their objects, tree of the base, ours, theirs, names of the
 * pack and of the list to write: the merged tree and the names in conflict, each ended by NUL. By commits of its own, because git
 * 2.39 finds the base through history only; their branches name the sides in the marks.
 */
export const mergeScript = `${prologue}
seed=$1 base=$2 ours=$3 theirs=$4 pack=$5 list=$6
[ -f "$GIT_DIR/HEAD" ] || broken HEAD
g unpack-objects -q <"/out/$seed" || broken unpack-objects
rm -f "/out/$seed"
export GIT_AUTHOR_NAME=merge GIT_AUTHOR_EMAIL=merge@sandbox.invalid GIT_AUTHOR_DATE='@0 +0000'
export GIT_COMMITTER_NAME=merge GIT_COMMITTER_EMAIL=merge@sandbox.invalid GIT_COMMITTER_DATE='@0 +0000'
side() { g update-ref "refs/heads/$1" "$(g commit-tree "$2" -p "$root" -m "$1")" || broken update-ref; }
root=$(g commit-tree "$base" -m parted) || broken commit-tree
side pull-request "$ours"
side base-branch "$theirs"
g merge-tree --write-tree -z --name-only --no-messages pull-request base-branch >/tmp/.merged
[ $? -le 1 ] || broken merge-tree
tree=$(head -c 40 /tmp/.merged)
printf '%s\\n^%s\\n^%s\\n^%s\\n' "$tree" "$base" "$ours" "$theirs" |
  g pack-objects --revs --thin --stdout -q >"/out/$pack" || broken pack-objects
g update-ref -d refs/heads/pull-request && g update-ref -d refs/heads/base-branch
cp /tmp/.merged "/out/$list"
`;
