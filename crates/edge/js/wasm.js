/** The module's wasm, made ready at its first use: importing the package does nothing. */
import * as glue from 'idv:edge';

let load;
let ready = false;

/** Says how this engine gets the compiled module. */
export function provide(loader) {
  load = loader;
}

/** The bindings. */
export function edge() {
  if (!ready) {
    glue.initSync({ module: load() });
    ready = true;
  }
  return glue;
}
