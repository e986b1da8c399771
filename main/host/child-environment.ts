/** The environment of child processes: how their memory is managed. */

/**
 * On Linux malloc is told to keep what is freed at hand, in one heap: training works in up to a few gigabytes a step, and
 * having pages taken away and given again cost up to a sixth of its time. Pages are large ones where the kernel gives them
 * on request: looking up small ones cost another sixth. Other systems read none of these names.
 */
export const CHILD_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_MAX_: "0",
  MALLOC_TOP_PAD_: String(64 * 2 ** 20),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 40),
  GLIBC_TUNABLES: "glibc.malloc.hugetlb=1",
};
