/**
 * The worker's entry: keeps sessions, runs their programs, and leaves images of them where the host can reach them.
 *
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { isPoactError } from '../record/index.ts';
import { createEngine, type Engine } from './engine.ts';
import { type Image, readImage } from './image.ts';
import { type EngineLimits, type GuestTurn, type Interpreter, openInterpreter } from './interpreter.ts';
import { packLayer, type Stack, unpackLayers, wordsOf } from './layers.ts';
import type { Reply, Request, Roles, WorkerMessage, WorkerSetup } from './protocol.ts';

interface Resident {
  limits: EngineLimits;
  /** Before the program that runs. */
  before: Image;
  /** As it stood when it was last looked at. */
  now: Image;
  /** The live interpreter has gone on since `now`. */
  stale: boolean;
  /** It was put back: a program that ran even in the image is over. */
  abandon?: boolean;
  live?: Interpreter;
  spare?: Image;
  /** Its last snapshot. */
  kept?: Stack | undefined;
  /** What the host knows: the ids of images, and which of them are `before` and `now`. */
  known: number[];
  roles: Roles;
}

/** Interpreters kept alive; sessions beyond it rest as images and come back in a millisecond or two. */
const LIVE = 8;

const setup = workerData as WorkerSetup;
const turnStart = new Float64Array(setup.turnStart);
const onTurn = (cpuMs: number) => {
  turnStart[0] = cpuMs;
};
const residents = new Map<number, Resident>();
/** Images that more than one session starts from: never written again. */
const shared = new WeakSet<Image>();
const ids = new WeakMap<Image, number>();
let nextId = 1;
let engine: Promise<Engine> | undefined;
const theEngine = () => {
  engine ??= createEngine(setup.module);
  return engine;
};

let blank: ReturnType<typeof wordsOf> | undefined;
const blankWords = async () => {
  blank ??= wordsOf((await theEngine()).blank);
  return blank;
};

const post = (message: WorkerMessage, moved: ArrayBuffer[] = []) => parentPort?.postMessage(message, moved);

parentPort?.on('message', async (request: Request) => {
  let idle: (() => void) | undefined;
  try {
    const { reply, after } = await answer(request);
    idle = after;
    post({ reply }, reply.bytes ? [reply.bytes.buffer as ArrayBuffer] : []);
  } catch (problem) {
    const isRefused = isPoactError(problem) && problem.code === 'snapshot-refused';
    const refused = isRefused ? { refused: String(problem.facts.problem) } : {};
    post({ reply: { problem: problem instanceof Error ? problem.message : String(problem), ...refused } });
  }
  // Work that nobody waits for.
  idle?.();
});

async function answer(request: Request): Promise<{ reply: Reply; after?: () => void }> {
  const { op, session } = request;
  if (op === 'open') {
    const { limits, tools, seed } = request;
    const base = await theEngine();
    const live = await openInterpreter(base, base.blank, limits, onTurn, { tools, seed });
    for (const [name, json] of request.globals) live.define(name, json);
    const image = live.image();
    residents.set(session, { ...resting(limits, image, image), live });
    announce(session);
    return { reply: {} };
  }
  if (op === 'restore') {
    const { image, stack } = unpackLayers(request.layers, await blankWords());
    shared.add(image);
    residents.set(session, { ...resting(request.limits, image, image), kept: stack });
    announce(session);
    const live = await wake(session);
    return { reply: { pending: live.pending(), busy: live.facts.busy, names: live.facts.names } };
  }
  if (op === 'revive') {
    const { limits, before, now, abandon } = request;
    shared.add(before).add(now);
    residents.set(session, { ...resting(limits, before, now), abandon });
    announce(session);
    return { reply: {} };
  }
  const resident = residentOf(session);
  if (op === 'close') {
    resident.live?.dispose();
    residents.delete(session);
    return { reply: {} };
  }
  if (op === 'fork') {
    refresh(session);
    shared.add(resident.before).add(resident.now);
    const { limits, before, now, kept } = resident;
    if (kept !== undefined) kept.shared = true;
    residents.set(request.as, { ...resting(limits, before, now), kept });
    announce(request.as);
    return { reply: {} };
  }
  if (op === 'snapshot') {
    refresh(session);
    const { bytes, stack } = packLayer(resident.now, await blankWords(), resident.kept, request.over);
    resident.kept = stack;
    return { reply: { bytes, below: stack.names.slice(0, -1) } };
  }
  const live = await wake(session);
  if (op === 'define') {
    for (const [name, json] of request.globals) live.define(name, json);
    resident.stale = true;
    return { reply: { names: live.facts.names }, after: () => refresh(session) };
  }
  for (const other of residents.keys()) if (other !== session) refresh(other);
  if (op === 'run') {
    refresh(session);
    if (resident.before !== resident.now) {
      if (!shared.has(resident.before)) resident.spare = resident.before;
      resident.before = resident.now;
      announce(session);
    }
    return ended(session, live.run(request.program));
  }
  return ended(session, live.settle(request.results, request.now));
}

function ended(session: number, turn: GuestTurn): { reply: Reply; after?: () => void } {
  const resident = residentOf(session);
  if (turn.forced) {
    resident.live?.dispose();
    delete resident.live;
    resident.now = resident.before;
    resident.stale = false;
    resident.abandon = true;
    announce(session);
    return { reply: { turn, names: readImage(resident.now).facts.names } };
  }
  resident.stale = true;
  const reply: Reply = { turn, names: resident.live?.facts.names ?? [] };
  return turn.state === 'waiting' ? { reply } : { reply, after: () => refresh(session) };
}

/** The session's live interpreter. */
async function wake(session: number): Promise<Interpreter> {
  const resident = residentOf(session);
  if (resident.live === undefined) {
    rest(session);
    resident.live = await openInterpreter(await theEngine(), resident.now, resident.limits, onTurn);
    if (resident.abandon === true) {
      if (resident.live.facts.busy) resident.live.abandon();
      resident.stale = true;
      resident.abandon = false;
    }
  }
  return resident.live;
}

/** Keeps the number of live interpreters down. */
function rest(except: number): void {
  const live = [...residents].filter(([session, { live }]) => live !== undefined && session !== except);
  for (const [session, resident] of live.slice(0, Math.max(0, live.length - LIVE + 1))) {
    refresh(session);
    resident.live?.dispose();
    delete resident.live;
  }
}

/** Brings the session's image up to date. */
function refresh(session: number): void {
  const resident = residents.get(session);
  if (resident?.live === undefined || !resident.stale) return;
  const { now, before, spare } = resident;
  const free = now !== before && !shared.has(now) ? now : spare;
  delete resident.spare;
  resident.now = resident.live.image(free);
  resident.stale = false;
  announce(session);
}

/** Tells the host where the session can be revived from. A message is needed only for images it does not know. */
function announce(session: number): void {
  const { before, now, spare, known, roles } = residentOf(session);
  roles[0] = idOf(before);
  roles[1] = idOf(now);
  if (known.includes(roles[0]) && known.includes(roles[1])) return;
  const images = [...new Set(spare === undefined ? [before, now] : [before, now, spare])];
  residentOf(session).known = images.map(idOf);
  post({ session, roles, images: images.map((image) => [idOf(image), image]) });
}

function idOf(image: Image): number {
  const id = ids.get(image) ?? nextId++;
  ids.set(image, id);
  return id;
}

/** A session that rests in an image. */
function resting(limits: EngineLimits, before: Image, now: Image): Resident {
  return { limits, before, now, stale: false, known: [], roles: new Int32Array(new SharedArrayBuffer(8)) };
}

function residentOf(session: number): Resident {
  const resident = residents.get(session);
  if (resident === undefined) throw new Error('The session is not in this worker.');
  return resident;
}
