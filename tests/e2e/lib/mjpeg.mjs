/** Recordings for Chromium's file camera: JPEG after JPEG. */

/** The frames of a recording; each begins with the start-of-image marker and an application segment. */
export function jpegsOf(bytes) {
  const starts = [];
  for (let i = bytes.indexOf('ffd8ffe0', 0, 'hex'); i >= 0; i = bytes.indexOf('ffd8ffe0', i + 4, 'hex')) starts.push(i);
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
}
