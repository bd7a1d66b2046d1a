/** A unified diff with the files that matter first, at most `charsMax` characters: what is cut is said. */
export function protectedPatch(
  patch: { readonly text: string; readonly truncated: boolean },
  paths: readonly string[],
  charsMax: number,
): { readonly patch: string; readonly truncated: boolean } {
  const sections = patch.text.split(/^(?=diff --git )/m).filter((section) => section !== '');
  const matters = (section: string): boolean => {
    const [head = ''] = section.split('\n', 1);
    // Git quotes unusual names: those come first too, so that no name hides a change.
    return head.includes('"') || paths.some((path) => head.endsWith(` b/${path}`));
  };
  const ordered = [...sections.filter(matters), ...sections.filter((section) => !matters(section))].join('');
  return {
    patch: ordered.slice(0, charsMax).toWellFormed(),
    truncated: patch.truncated || ordered.length > charsMax,
  };
}
