import type { Sending } from './errors.js';
import type { CaptureStore, RelaySettings, RelayStart, RelayStarted } from './relay.js';

/** The parts of a Durable Object namespace that are used. */
export interface ObjectNamespace { idFromName(name: string): unknown; get(id: never): { fetch(url: string, init?: RequestInit): Promise<Response> } }

export type RelayWorkerSettings = RelaySettings & {
  /** Durable Object namespace of `RelaySession`. */
  sessions: ObjectNamespace;
  /** Durable Object namespace of `RelayAddress`. */
  addresses: ObjectNamespace;
  /** The visitor's address; the header `cf-connecting-ip` without. */
  addressOf?(request: Request): string;
};

export interface RelayWorker<Env> {
  /** The Worker's own `fetch`, for paths under `/relay/v1/`. */
  fetch(request: Request, env: Env): Promise<Response>;
  start(env: Env, start: RelayStart): Promise<RelayStarted>;
  /** Export both from the Worker's main module. */
  RelaySession: new (state: never, env: Env) => { fetch(request: Request): Promise<Response>; alarm(): Promise<void> };
  RelayAddress: new (state: never, env: Env) => { fetch(): Promise<Response>; alarm(): Promise<void> };
}

/** workerd only: the relay as a Worker, with a Durable Object for each session and one for each address. */
export function createRelayWorker<Env>(settingsOf: (env: Env) => RelayWorkerSettings): RelayWorker<Env>;

/** workerd only: captures in an R2 bucket, until the session has ended. */
export function r2Captures(bucket: { put(key: string, bytes: Uint8Array, options?: object): Promise<unknown>; get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>; delete(keys: string[]): Promise<unknown>; list(options: object): Promise<{ objects: { key: string }[]; truncated: boolean; cursor?: string }> }): CaptureStore;

/** workerd only: captures forwarded to a server of yours (PUT and GET `base/NAME`, DELETE `base/SESSION`) with a bearer token. */
export function upstreamCaptures(options: Sending & { base: string; token: string }): CaptureStore;
