/** What the benchmark's deliveries are signed with. */
export const benchSecret = 'a-benchmark-secret-that-is-long-enough';
