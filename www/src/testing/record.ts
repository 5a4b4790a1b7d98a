/** To be run in a page before its own scripts: records into `idvRecorder`. */
import { Recorder } from './recorder.js';

globalThis.idvRecorder = new Recorder();
globalThis.idvRecorder.install();
