//! Thin lines: a whole polyline is covered once, so that crossings and joints of one stroke stay even.

use super::{Canvas, Ink, segment};

/// A pen with its scratch memory, for many strokes on one canvas.
pub struct Stroke {
    width: usize,
    height: usize,
    coverage: Vec<f32>,
    touched: Vec<usize>,
}

impl Stroke {
    /// A pen for canvases of the size of `canvas`.
    pub fn new(canvas: &Canvas) -> Self {
        let (width, height) = (canvas.width, canvas.height);
        Self { width, height, coverage: vec![0.0; width * height], touched: Vec::new() }
    }

    /// Draws the line through `points` (px) of `line_px` width; `ink` gives the ink along it, from 0 at the
    /// first point to 1 at the last.
    pub fn draw(&mut self, canvas: &mut Canvas, points: &[[f32; 2]], line_px: f32, ink: impl Fn(f32) -> Ink) {
        // A line below one pixel is drawn one pixel wide and fainter.
        let (reach, strength) = (line_px.max(1.0) / 2.0 + 0.5, line_px.min(1.0));
        let steps = points.len().saturating_sub(1).max(1) as f32;
        for (index, pair) in points.windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            let from = |v: f32| (v - reach).floor().max(0.0) as usize;
            let to = |v: f32, end: usize| ((v + reach).ceil().max(0.0) as usize).min(end);
            for y in from(a[1].min(b[1]))..to(a[1].max(b[1]), self.height) {
                for x in from(a[0].min(b[0]))..to(a[0].max(b[0]), self.width) {
                    let (distance, _) = segment([x as f32 + 0.5, y as f32 + 0.5], a, b);
                    let share = (reach - distance).clamp(0.0, 1.0) * strength;
                    let at = y * self.width + x;
                    if share > self.coverage[at] {
                        if self.coverage[at] == 0.0 {
                            self.touched.push(at);
                        }
                        self.coverage[at] = share;
                    }
                }
            }
            // Flushed in stretches, so that the ink may change along the stroke.
            if index % 64 == 63 || index + 2 == points.len() {
                self.flush(canvas, ink(index as f32 / steps));
            }
        }
    }

    fn flush(&mut self, canvas: &mut Canvas, ink: Ink) {
        for at in self.touched.drain(..) {
            canvas.lay((at % self.width) as i32, (at / self.width) as i32, ink, self.coverage[at]);
            self.coverage[at] = 0.0;
        }
    }
}
