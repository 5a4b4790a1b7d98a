/** Gets the page module: its wasm is small, instantiated once, and shared by all flows of the page. */
import init, { Verification } from 'idv:page';
import type { Assets } from './assets.js';
import { IdvError } from './errors.js';

let loading: Promise<unknown> | undefined;

/** Downloads and instantiates the page module; a failed try is forgotten, so that the next one starts anew. */
export async function loadPageModule(url: string): Promise<void> {
  loading ??= instantiate(url);
  try {
    await loading;
  } catch (cause) {
    loading = undefined;
    throw cause;
  }
}

async function instantiate(url: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'same-origin' });
  } catch (cause) {
    throw new IdvError('network_lost', `${url} cannot be reached`, true, { cause });
  }
  if (!response.ok) throw new IdvError('engine_load_failed', `${url} answered ${response.status}`, true);
  // The server's MIME type does not matter: static hosts often do not know wasm.
  const wasm = new Response(response.body, { headers: { 'content-type': 'application/wasm' } });
  try {
    return await init({ module_or_path: wasm });
  } catch (cause) {
    const type = response.headers.get('content-type') ?? 'no content type';
    const message = `${url} (${type}) is not the module of this version, or the page's CSP lacks 'wasm-unsafe-eval'`;
    throw new IdvError('engine_load_failed', message, true, { cause });
  }
}

/** What a flow needs to begin. */
export interface ConnectOptions {
  url: string;
  relayUrl: string;
  locale: string;
  assets: Assets;
  parentOrigin: string | undefined;
}

/** Loads the page module and makes one `Verification`. */
export async function connect({ url, relayUrl, locale, assets, parentOrigin }: ConnectOptions): Promise<Verification> {
  await loadPageModule(assets.pageWasm);
  return new Verification({
    startUrl: url,
    relayUrl,
    locale,
    assets: assets.engine,
    workerUrl: assets.workerUrl,
    ...(parentOrigin === undefined ? {} : { parentOrigin }),
  });
}
