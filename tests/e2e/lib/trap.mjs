/**
 * A vision worker that traps once: the page's first worker ends at a frame, the ones after it are as they were built.
 *
 * In: the page, before it is opened. Out: notes of every worker and of the trap. The package knows nothing of this:
 * the script is changed on its way to the browser.
 */

/** Where the worker's script is. */
const SCRIPT = '**/worker.js';

/** Name of the channel on which the worker says that it traps. */
const CHANNEL = 'idv-e2e-trap';

/** A module whose only export, `trap`, is the instruction `unreachable`. */
const TRAP = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 0x74, 0x72, 0x61, 0x70, 0, 0, 10, 5, 1, 3, 0, 0, 0x0b];

/** Runs in the worker, before its own script: the engine's `frame` traps at the given one, as if its code did. */
function trapAtFrame(frame, channel, trap) {
  const { instantiate, Instance, Module } = WebAssembly;
  let seen = 0;
  WebAssembly.instantiate = async (module, imports) => {
    const real = await instantiate(module, imports);
    if (!(real instanceof Instance) || !real.exports.visionworker_frame) return real;
    const exports = {
      ...real.exports,
      visionworker_frame(...parameters) {
        seen += 1;
        if (seen < frame) return real.exports.visionworker_frame(...parameters);
        new BroadcastChannel(channel).postMessage(seen);
        return new Instance(new Module(Uint8Array.from(trap))).exports.trap();
      },
    };
    return Object.create(Instance.prototype, { exports: { value: exports } });
  };
}

/** Lets the first worker of `page` trap at its `frame`-th frame; `note` is told of each worker and of the trap. */
export async function trapOnce(page, frame, note) {
  let workers = 0;
  await page.route(SCRIPT, async (route) => {
    workers += 1;
    note({ event: 'worker', number: workers });
    if (workers > 1) return route.fallback();
    const response = await route.fetch();
    const body = `(${trapAtFrame})(${frame}, ${JSON.stringify(CHANNEL)}, ${JSON.stringify(TRAP)});\n${await response.text()}`;
    return route.fulfill({ response, body, headers: { ...response.headers(), 'cache-control': 'no-store' } });
  });
  await page.exposeBinding('idvTrapped', (_, seen) => note({ event: 'trap', frame: seen }));
  await page.addInitScript((channel) => {
    new BroadcastChannel(channel).onmessage = ({ data }) => globalThis.idvTrapped(data);
  }, CHANNEL);
}
