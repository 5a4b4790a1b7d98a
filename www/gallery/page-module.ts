/** The scripted page module in the shape of wasm-bindgen's glue: for tests of the package without the Rust side. */
import type { VerificationConfig } from 'idv:page';
import { FakeVerification } from './fake.js';

export default function init(): Promise<void> {
  return Promise.resolve();
}

export class Verification extends FakeVerification {
  constructor(config: VerificationConfig) {
    super(config.locale, null);
  }
}
