/** Makes it for the first caller and keeps it; a failure is nobody else's: the next caller tries again. */
export function prepareOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
