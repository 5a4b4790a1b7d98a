"""Trains the reader.

In: the generator. Out: a checkpoint and the ONNX file. Rule: sample k depends on the seed and k alone, and
which samples a step uses depends on the seed and the step alone; a second process draws them ahead.

    python train.py --out DIR [--cycles STEPS:RATE[:RUN],…] [--resume FILE --step N --cycle N]

A cycle of the learning rate has STEPS steps and its peak at RATE; RUN of them are run. Each cycle begins at the
average of the one before with a fresh optimiser.
"""

import argparse
import multiprocessing
import time
from multiprocessing import shared_memory
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

import generate
import network
from camera import STRIP_HEIGHT, STRIP_WIDTH

BATCH = 32
REUSED = 2
"""How often a drawn sample is used on average."""
POOL = 12_000
"""Samples kept ready; a step draws from the newest half of what it may use."""
AHEAD = 3_000
"""Samples drawn before the first step."""
SMOOTHING = 0.01
"""Label smoothing: keeps wrong readings from being certain."""
HARD_FROM = 30_000
"""The sample from which on the degradations have their full strength."""
WEIGHT_DECAY = 1e-3
AVERAGED = 0.998
"""Decay of the average of weights that is kept as the result."""


def _draw(name, labels_name, made, used, first, seed):
    """The drawing process: writes sample k to place k modulo POOL, never over one that may still be used."""
    import cv2

    cv2.setNumThreads(1)
    strips = shared_memory.SharedMemory(name=name)
    labels = shared_memory.SharedMemory(name=labels_name)
    strip_at = np.ndarray((POOL, STRIP_HEIGHT, STRIP_WIDTH), np.uint8, strips.buf)
    label_at = np.ndarray((POOL, generate.STEPS), np.uint8, labels.buf)
    studio = generate.Studio(seed)
    index = first
    while True:
        while index - used.value >= POOL:
            time.sleep(0.02)
        hardness = min(1.0, 0.4 + 0.6 * index / HARD_FROM)
        strip_at[index % POOL], label_at[index % POOL] = generate.training_sample(studio, seed, index, hardness)
        index += 1
        made.value = index


class Samples:
    """Batches by step number."""

    def __init__(self, seed, first_step):
        self.seed = seed
        self.strips = shared_memory.SharedMemory(create=True, size=POOL * STRIP_HEIGHT * STRIP_WIDTH)
        self.labels = shared_memory.SharedMemory(create=True, size=POOL * generate.STEPS)
        self.strip_at = np.ndarray((POOL, STRIP_HEIGHT, STRIP_WIDTH), np.uint8, self.strips.buf)
        self.label_at = np.ndarray((POOL, generate.STEPS), np.uint8, self.labels.buf)
        low, _ = self._window(first_step)
        self.made = multiprocessing.Value("q", low)
        self.used = multiprocessing.Value("q", low)
        arguments = (self.strips.name, self.labels.name, self.made, self.used, low, seed)
        self.process = multiprocessing.Process(target=_draw, args=arguments, daemon=True)
        self.process.start()

    def _window(self, step):
        high = AHEAD + step * BATCH // REUSED
        return max(0, high - POOL // 2), high

    def batch(self, step):
        """Strips [BATCH, 1, 32, 768] and step labels [BATCH, 192]."""
        low, high = self._window(step)
        self.used.value = low
        while self.made.value < high:
            if not self.process.is_alive():
                raise RuntimeError("the drawing process ended")
            time.sleep(0.02)
        rng = np.random.default_rng([self.seed, 1, step])
        chosen = rng.integers(low, high, BATCH) % POOL
        strips = self.strip_at[chosen].astype(np.float32) / 255
        labels = self.label_at[chosen].astype(np.int64)
        # A second look at a sample is not the same look: another shift, other noise.
        rows, steps = int(rng.integers(-1, 2)), int(rng.integers(-2, 3))
        strips = np.roll(strips, (rows, steps * generate.STEP), (1, 2))
        labels = np.roll(labels, steps, 1)
        wrapped = slice(0, steps) if steps > 0 else slice(generate.STEPS + steps, generate.STEPS)
        if steps:
            labels[:, wrapped] = generate.IGNORED
        strips += rng.standard_normal(strips.shape, np.float32) * np.float32(rng.uniform(0, 0.03))
        return torch.from_numpy(np.clip(strips, 0, 1)[:, None]), torch.from_numpy(labels)

    def close(self):
        """Ends the drawing process and frees the pool."""
        self.process.terminate()
        self.process.join()
        del self.strip_at, self.label_at
        for memory in (self.strips, self.labels):
            memory.close()
            memory.unlink()


def _rate(step, steps, peak):
    """One cycle: a short rise, then a cosine down to a hundredth."""
    rise = max(1, min(300, steps // 10))
    if step < rise:
        return peak * (0.1 + 0.9 * step / rise)
    part = (step - rise) / max(1, steps - rise)
    return peak * (0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * part)))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--cycles", default="5000:3e-3:2500,3900:2e-3:2500,1700:1e-3")
    arguments.add_argument("--resume", type=Path, help="checkpoint to begin a cycle at")
    arguments.add_argument("--step", type=int, default=0, help="its step")
    arguments.add_argument("--cycle", type=int, default=0, help="how many cycles it has finished")
    arguments.add_argument("--threads", type=int, default=1)
    arguments = arguments.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(generate.TRAIN_SEED)

    reader = network.Reader().to(memory_format=torch.channels_last)
    step, done = arguments.step, arguments.cycle
    if arguments.resume:
        reader.load_state_dict(torch.load(arguments.resume, weights_only=True)["average"])
    samples = Samples(generate.TRAIN_SEED, step)
    start, first, running = time.perf_counter(), step, None
    for number, cycle in enumerate(arguments.cycles.split(",")):
        if number < done:
            continue
        fields = cycle.split(":")
        steps, peak, run = int(fields[0]), float(fields[1]), int(fields[-1]) if len(fields) > 2 else int(fields[0])
        optimiser = torch.optim.AdamW(reader.parameters(), lr=peak, weight_decay=WEIGHT_DECAY)
        average = torch.optim.swa_utils.AveragedModel(
            reader, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGED), use_buffers=True
        )
        reader.train()
        for inner in range(run):
            for group in optimiser.param_groups:
                group["lr"] = _rate(inner, steps, peak)
            strips, labels = samples.batch(step)
            logits = reader(strips.contiguous(memory_format=torch.channels_last))
            loss = functional.cross_entropy(
                logits.reshape(-1, logits.shape[-1]), labels.reshape(-1),
                ignore_index=generate.IGNORED, label_smoothing=SMOOTHING,
            )
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 2.0)
            optimiser.step()
            average.update_parameters(reader)
            step += 1
            running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
            if step % 100 == 0:
                kept = labels != generate.IGNORED
                right = ((logits.argmax(2) == labels) & (labels > 0) & kept).sum() / ((labels > 0) & kept).sum()
                seconds = time.perf_counter() - start
                print(
                    f"step {step} loss {running:.4f} batch characters {right:.4f} "
                    f"rate {optimiser.param_groups[0]['lr']:.1e} {(step - first) * BATCH / seconds:.0f} lines/s",
                    flush=True,
                )
            if step % 500 == 0:
                torch.save({"average": average.module.state_dict()}, arguments.out / "latest.pt")
        reader.load_state_dict(average.module.state_dict())
        torch.save({"average": reader.state_dict()}, arguments.out / f"cycle{number + 1}.pt")
        network.write_onnx(reader, arguments.out / "mrz_reader.onnx")
        print(f"cycle {number + 1} written", flush=True)
    samples.close()


if __name__ == "__main__":
    main()
