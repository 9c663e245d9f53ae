/**
 * Whether who took a lease can still come back.
 *
 * @module
 */

/** A process of this machine that is no more. Of other machines nobody knows. */
export function isDeadProcess({ host, pid }: { host: string; pid: number }, here: string): boolean {
  if (host !== here || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
