import { z } from 'zod';

/** A path relative to the root of the repository that does not lead out of it. */
export const insidePath = z
  .string()
  .min(1)
  .max(500)
  .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'must stay in the repository');
