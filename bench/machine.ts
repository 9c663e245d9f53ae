/** When and where a measurement was taken, in words. */
import { cpus, loadavg, totalmem } from 'node:os';

export function machineLine(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
  return `${when} UTC: Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim()}, ${memory}, load ${loadavg()[0]?.toFixed(1)}`;
}
