/**
 * Reports at one place, or wherever a build puts them: `reportPath` is a path, or a glob that begins with a star and
 * a slash (every file below the command's directory whose path matches, in `find -path` syntax, read one after another).
 */
export function readReportArguments(reportPath: string, bytesMax: number): readonly string[] {
  if (!isGlob(reportPath)) return ['sh', '-c', 'head -c "$2" -- "$1"', 'sh', reportPath, String(bytesMax)];
  // Sorted, so that one tree gives one report; no symlink is followed.
  const script = 'find . -type f -path "$1" -print0 | sort -z | xargs -0 -r cat -- | head -c "$2"';
  return ['sh', '-c', script, 'sh', reportPath, String(bytesMax)];
}

/** Removes a report of an earlier run: a stale one would speak for a run that wrote none. */
export function clearReportArguments(reportPath: string): readonly string[] {
  if (!isGlob(reportPath)) return ['rm', '-f', '--', reportPath];
  return ['find', '.', '-type', 'f', '-path', reportPath, '-delete'];
}

function isGlob(reportPath: string): boolean {
  return reportPath.startsWith('*/');
}
