/** When and where a measurement was taken, in words. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export function machineLine(): string {
  const all = cpus();
  const ours = availableParallelism();
  const cores = `${ours === all.length ? '' : `held to ${ours} of `}${all.length} × ${all[0]?.model.trim()}`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
  return `${when} UTC: Node ${process.version}, ${process.platform} ${process.arch}, ${cores}, ${memory}, load ${loadavg()[0]?.toFixed(1)}`;
}
