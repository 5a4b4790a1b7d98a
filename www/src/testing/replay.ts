/**
 * The frames of a recorded step through the package's own worker, as its page would hand them over.
 *
 * In: how the step was begun, its frames, where the package lies. Out: what was decided at each.
 */
import type { Decision, ReplayStep } from './recorder.js';

/** `assets.json` of the package, as far as it is needed here. */
interface Assets {
  vision_wasm: { file: string; bytes: number };
  models: { name: string; file: string; sha256: string; bytes: number; pad?: { channels: string; range: number[]; crops: number[]; liveClass: number } }[];
}

/** What a passive network takes, as the worker reads it. */
const spec = ({ liveClass, ...rest }: NonNullable<Assets['models'][number]['pad']>) => ({ ...rest, live_class: liveClass });

interface Answer {
  type: string;
  code?: string;
  message?: string;
  captures?: number;
  meta?: { kind: string };
  status?: { hint: string; captured: boolean; phase: string; actions_done: number; report: unknown };
}

/** `idv_vision::replay::Played`. */
export interface Played {
  decisions: Decision[];
  report: unknown;
  captures: string[];
}

/** Replays `step`; `frame(index)` fetches a frame's bytes. */
export async function replay(base: string, step: ReplayStep, times_ms: number[], frame: (index: number) => Promise<Blob>): Promise<Played> {
  const assets = (await (await fetch(new URL('assets.json', base))).json()) as Assets;
  const address = (file: string) => new URL(file, base).href;
  const worker = new Worker(address('worker.js'), { type: 'module' });
  const waiting: { type: string; resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  const played: Played = { decisions: [], report: null, captures: [] };
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data.type === 'capture' && data.meta) played.captures.push(data.meta.kind);
    if (data.type === 'failed') for (const { reject } of waiting.splice(0)) reject(new Error(`${data.code}: ${data.message}`));
    const index = waiting.findIndex(({ type }) => type === data.type);
    if (index >= 0) waiting.splice(index, 1)[0]?.resolve(data);
  };
  const answer = (type: string) => new Promise<Answer>((resolve, reject) => waiting.push({ type, resolve, reject }));
  try {
    const ready = answer('ready');
    const models = assets.models.map(({ pad, ...model }) => ({ ...model, url: address(model.file), ...(pad && { pad: spec(pad) }) }));
    worker.postMessage({ type: 'init', wasm_url: address(assets.vision_wasm.file), wasm_bytes: assets.vision_wasm.bytes, models });
    await ready;
    worker.postMessage(step.step === 'document' ? { type: 'begin_document', task: step.task } : { type: 'begin_face', attempt: step.attempt, challenge: step.challenge });
    for (const [index, at_ms] of times_ms.entries()) {
      // No colour management: the engine natively reads the bytes as they are.
      const bitmap = await createImageBitmap(await frame(index), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
      const done = answer(step.step);
      worker.postMessage({ type: 'frame', seq: index + 1, at_ms, bitmap }, [bitmap]);
      const { status, captures } = await done;
      if (!status) continue;
      const { hint, captured, phase, actions_done } = status;
      played.decisions.push(step.step === 'document' ? { of: 'document', hint, captured } : { of: 'face', hint, phase, actions_done });
      played.report ??= status.report ?? null;
      const last = step.step === 'document' ? captured : played.report !== null;
      if (!last) continue;
      // Its pictures follow the answer.
      const wanted = played.captures.length + (captures ?? 0);
      for (let tries = 0; played.captures.length < wanted && tries < 100; tries += 1) await new Promise((later) => setTimeout(later, 20));
      break;
    }
  } finally {
    worker.terminate();
  }
  return played;
}

declare global {
  /** What a test calls. */
  var idvReplay: typeof replay | undefined;
}

globalThis.idvReplay = replay;
