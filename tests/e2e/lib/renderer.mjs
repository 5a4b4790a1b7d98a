/** Renders the recording that answers a challenge, as soon as the challenge is known. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Progress is told in steps of this share. */
const PROGRESS_STEP_RATIO = 0.1;

/** Runs the configured command once for each answer that is needed. */
export class AnswerRenderer {
  #command;
  #folder;
  #note;
  #answers = new Map();
  #running = new Set();

  /** `command` is argv with `{actions}` and `{out}` in it; without `{actions}` one answer fits all challenges. */
  constructor(command, folder, note) {
    this.#command = command;
    this.#folder = folder;
    this.#note = note;
  }

  /** Starts to render the answer to these actions, unless it is there. Resolves to the file. */
  prepare(actions) {
    const key = this.#command.some((part) => part.includes('{actions}')) ? actions.join(',') : 'any';
    let answer = this.#answers.get(key);
    if (!answer) {
      answer = this.#render(key, actions);
      // Whoever waits for the file sees the failure; nobody else has to.
      answer.catch(() => undefined);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  /** Ends what still runs. */
  stop() {
    for (const child of this.#running) child.kill();
  }

  #render(key, actions) {
    const out = join(this.#folder, `answer-${key.replaceAll(/[,:]/g, '-')}.mjpeg`);
    const [program, ...rest] = this.#command.map((part) => part.replaceAll('{actions}', actions.join(',')).replaceAll('{out}', out));
    this.#note({ event: 'render', answer: key, progress: 0 });
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    let told = 0;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const progress = Number(/^progress ([\d.]+)$/.exec(line.trim())?.[1] ?? NaN);
      if (progress >= told + PROGRESS_STEP_RATIO) this.#note({ event: 'render', answer: key, progress: (told = progress) });
    });
    let complaint = '';
    child.stderr.on('data', (data) => (complaint = (complaint + data).slice(-2000)));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        this.#running.delete(child);
        if (code !== 0) return reject(new Error(`${program} ended with ${code}: ${complaint.trim()}`));
        this.#note({ event: 'render', answer: key, progress: 1 });
        resolve(out);
      });
    });
  }
}
