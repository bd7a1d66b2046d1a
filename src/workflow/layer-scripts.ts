/** Where a held layer stands in a sandbox. */
export const layerInside = '/dependencies/layer.tar';

/** Exit codes of `packScript`, in words for the log. */
export const packRefusals: Readonly<Record<number, string>> = {
  81: 'the set-up changes files of the tree, or leaves some in /out',
};

const places = 'home/agent workspace out';
const prologue = 'export LC_ALL=C; cd / || exit 1';

/** What decides how an archive of fetched packages looks besides its inputs: the tools, the system, the processor. */
export const toolchainScript = `${prologue}
for tool in node npm pnpm yarn bun python3 pip3 uv poetry go cargo rustc java mvn ruby gem bundle php composer; do
  path=$(command -v "$tool") && stat -L -c '%n %s %Y' "$path"
done
cat /usr/lib/os-release 2>/dev/null
uname -m`;

/**
 * Before the set-up: notes what is there. Argument: a name for the lists. Everything but directories with number, size
 * and the time of its last change, which no program can set back.
 */
export const noteScript = `${prologue}
find ${places} -mindepth 1 -print0 | sort -z > "/tmp/names" &&
find ${places} -mindepth 1 ! -type d ! -path workspace/.git/index -printf '%p\\t%i\\t%s\\t%C@\\0' | sort -z > "/tmp/files" &&
mkdir "/out/$1" && mv /tmp/names /tmp/files "/out/$1"`;

/**
 * After the set-up, in a sandbox of its own in which nothing else runs: archives what is new in home and workspace.
 * Argument: the name of before; writes `layer.tar` beside the lists. Leaves with 81 where the archive alone would not bring back what
 * the set-up did.
 */
export const packScript = `${prologue}
lists="/out/$1"
find ${places} -mindepth 1 ! -path "out/$1" ! -path "out/$1/*" -print0 | sort -z > /tmp/names || exit 1
find ${places} -mindepth 1 ! -type d ! -path workspace/.git/index ! -path "out/$1/*" -printf '%p\\t%i\\t%s\\t%C@\\0' | sort -z > /tmp/files || exit 1
[ -z "$(comm -z -23 "$lists/files" /tmp/files | head -c 1 | tr '\\0' x)" ] || exit 81
comm -z -13 "$lists/names" /tmp/names > /tmp/new || exit 1
! grep -z -q '^out/' /tmp/new || exit 81
! grep -z -q '^workspace/\\.git/' /tmp/new || exit 81
tar --create --file "$lists/layer.tar" --no-recursion --null --verbatim-files-from --files-from /tmp/new`;

/** Unpacks a layer over a tree. Argument: tar's option for what is there already. All that an archive can do, the sandbox may do anyway. */
export const unpackScript = `${prologue}
tar --extract --file ${layerInside} "$1" --no-same-owner --no-same-permissions --delay-directory-restore`;
