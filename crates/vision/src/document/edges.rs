//! Edge pixels of a shrunk frame: thin, with sub-pixel place, direction and a weight that does not depend on
//! how strong the edges around are.

use super::Shapes;
use crate::frame::{PLANE_SCALE, Planes};
use idv_protocol::Size;

/// Weakest step that counts, in grey levels: a white card on a white table shows some 3 levels at its shadow
/// side, and the noise of a webcam is below 1 level after shrinking and smoothing.
const MIN_STEP_LEVELS: f32 = 1.6;

/// Gradient that a step of one grey level leaves at its steepest point: smoothing with sigma 1 px, central
/// difference over 2 px (the share of a Gaussian within 1 sigma), in plane steps.
const GRADIENT_PER_LEVEL: f32 = 0.68 * PLANE_SCALE as f32;

/// Step, in grey levels, at which an edge without others around it has half the full weight.
const HALF_WEIGHT_LEVELS: f32 = 3.0;

/// Side of the blocks in which the mean gradient is taken, in px of the shrunk frame; with its neighbours a
/// block sees some three lines of small print.
const BLOCK_PX: usize = 12;

/// One edge pixel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// Place in px of the shrunk frame; the centre of the first pixel is 0.5, 0.5.
    pub x: f32,
    /// Place in px of the shrunk frame.
    pub y: f32,
    /// Direction of the gradient, of length 1.
    pub nx: f32,
    /// Direction of the gradient, of length 1.
    pub ny: f32,
    /// Gradient in relation to those around it, 0 to 1.
    pub weight: f32,
}

/// The edges of one frame and the buffers they are found with.
#[derive(Clone, Default)]
pub(super) struct EdgeMap {
    /// The edge pixels, row by row.
    pub edges: Vec<Edge>,
    /// Size of the shrunk frame in px.
    pub size: Size,
    /// Proportions that are expected in it.
    pub shapes: Shapes,
    /// Index into `edges` plus 1 for each pixel; 0 where there is no edge.
    index: Vec<u32>,
    smooth: [Vec<i16>; 3],
    row: Vec<i16>,
    gx: Vec<i16>,
    gy: Vec<i16>,
    magnitude: Vec<u16>,
    blocks: Vec<f32>,
    local: Vec<f32>,
}

impl EdgeMap {
    /// Finds the edges of `planes`, in the channel that is steepest at each pixel. Reuses its memory.
    pub fn fill_from(&mut self, planes: &Planes) {
        self.size = planes.size;
        let (w, h) = (self.size.width as usize, self.size.height as usize);
        self.edges.clear();
        self.index.clear();
        self.index.resize(w * h, 0);
        if w < 8 || h < 8 {
            return;
        }
        for (channel, smooth) in planes.channels.iter().zip(&mut self.smooth) {
            smooth_into(channel, smooth, &mut self.row, w, h);
        }
        self.fill_gradients(w, h);
        self.fill_local_means(w, h);
        self.collect(w, h);
    }

    /// The edge at pixel (`x`, `y`), if there is one; outside there is none.
    #[inline]
    pub fn at(&self, x: i32, y: i32) -> Option<&Edge> {
        if x < 0 || y < 0 || x >= self.size.width as i32 || y >= self.size.height as i32 {
            return None;
        }
        let place = y as usize * self.size.width as usize + x as usize;
        self.edges.get((*self.index.get(place)? as usize).checked_sub(1)?)
    }

    /// Index into `edges` of the edge at pixel (`x`, `y`).
    #[inline]
    pub fn index_at(&self, x: i32, y: i32) -> Option<usize> {
        if x < 0 || y < 0 || x >= self.size.width as i32 || y >= self.size.height as i32 {
            return None;
        }
        let place = y as usize * self.size.width as usize + x as usize;
        (*self.index.get(place)? as usize).checked_sub(1)
    }

    /// Smoothed luma, red difference and blue difference at a pixel, clamped to the frame, in plane steps.
    #[inline]
    pub fn colour_at(&self, x: f32, y: f32) -> [f32; 3] {
        let (w, h) = (self.size.width as i32, self.size.height as i32);
        let place = (y as i32).clamp(0, h - 1) as usize * w as usize + (x as i32).clamp(0, w - 1) as usize;
        [0, 1, 2].map(|c| f32::from(self.smooth[c].get(place).copied().unwrap_or(0)))
    }

    fn fill_gradients(&mut self, w: usize, h: usize) {
        for buffer in [&mut self.gx, &mut self.gy] {
            buffer.clear();
            buffer.resize(w * h, 0);
        }
        self.magnitude.clear();
        self.magnitude.resize(w * h, 0);
        for y in 1..h - 1 {
            let inner = y * w + 1..y * w + w - 1;
            let n = inner.len();
            for smooth in &self.smooth {
                let left = &smooth[inner.start - 1..][..n];
                let right = &smooth[inner.start + 1..][..n];
                let up = &smooth[inner.start - w..][..n];
                let down = &smooth[inner.start + w..][..n];
                let gx = &mut self.gx[inner.clone()][..n];
                let gy = &mut self.gy[inner.clone()][..n];
                for i in 0..n {
                    let (dx, dy) = (right[i] - left[i], down[i] - up[i]);
                    let (ox, oy) = (gx[i], gy[i]);
                    let new = i32::from(dx) * i32::from(dx) + i32::from(dy) * i32::from(dy);
                    let old = i32::from(ox) * i32::from(ox) + i32::from(oy) * i32::from(oy);
                    let steeper = new > old;
                    gx[i] = if steeper { dx } else { ox };
                    gy[i] = if steeper { dy } else { oy };
                }
            }
            let gx = &self.gx[inner.clone()][..n];
            let gy = &self.gy[inner.clone()][..n];
            let magnitude = &mut self.magnitude[inner][..n];
            for i in 0..n {
                let (x, y) = (f32::from(gx[i]), f32::from(gy[i]));
                magnitude[i] = (x * x + y * y).sqrt() as u16;
            }
        }
    }

    /// Mean gradient around each block, over the block and its eight neighbours.
    fn fill_local_means(&mut self, w: usize, h: usize) {
        let (bw, bh) = (w.div_ceil(BLOCK_PX), h.div_ceil(BLOCK_PX));
        self.blocks.clear();
        self.blocks.resize(bw * bh, 0.0);
        for (y, row) in self.magnitude.chunks_exact(w).enumerate() {
            let out = &mut self.blocks[y / BLOCK_PX * bw..][..bw];
            for (block, pixels) in out.iter_mut().zip(row.chunks(BLOCK_PX)) {
                *block += pixels.iter().map(|&m| u32::from(m)).sum::<u32>() as f32;
            }
        }
        self.local.clear();
        self.local.resize(bw * bh, 0.0);
        for by in 0..bh {
            for bx in 0..bw {
                let (x0, x1) = (bx.saturating_sub(1), (bx + 2).min(bw));
                let (y0, y1) = (by.saturating_sub(1), (by + 2).min(bh));
                let sum: f32 =
                    (y0..y1).map(|y| self.blocks[y * bw + x0..y * bw + x1].iter().sum::<f32>()).sum();
                let pixels =
                    ((x1 * BLOCK_PX).min(w) - x0 * BLOCK_PX) * ((y1 * BLOCK_PX).min(h) - y0 * BLOCK_PX);
                self.local[by * bw + bx] = sum / pixels as f32;
            }
        }
    }

    /// Keeps the pixels that are steepest along their own gradient.
    fn collect(&mut self, w: usize, h: usize) {
        let bw = w.div_ceil(BLOCK_PX);
        let floor = (MIN_STEP_LEVELS * GRADIENT_PER_LEVEL) as u16;
        for y in 2..h - 2 {
            for x in 2..w - 2 {
                let i = y * w + x;
                let m = self.magnitude[i];
                if m < floor {
                    continue;
                }
                let (gx, gy) = (i32::from(self.gx[i]), i32::from(self.gy[i]));
                let (ax, ay) = (gx.abs(), gy.abs());
                let diagonal = if 2 * ax.min(ay) > ax.max(ay) { 1 } else { 0 };
                let (sx, sy) = if ax >= ay {
                    (1, diagonal * gx.signum() * gy.signum())
                } else {
                    (diagonal * gx.signum() * gy.signum(), 1)
                };
                let step = (sy * w as i32 + sx) as isize;
                let before = self.magnitude[i.wrapping_add_signed(-step)];
                let after = self.magnitude[i.wrapping_add_signed(step)];
                if m < before || m <= after {
                    continue;
                }
                let (mf, b, a) = (f32::from(m), f32::from(before), f32::from(after));
                let offset = (0.5 * (b - a) / (b - 2.0 * mf + a).min(-1.0)).clamp(-0.5, 0.5);
                let length = (gx as f32).hypot(gy as f32).max(1.0);
                let (nx, ny) = (gx as f32 / length, gy as f32 / length);
                let along = offset * (sx as f32 * nx + sy as f32 * ny);
                let local = self.local[y / BLOCK_PX * bw + x / BLOCK_PX];
                self.edges.push(Edge {
                    x: x as f32 + 0.5 + along * nx,
                    y: y as f32 + 0.5 + along * ny,
                    nx,
                    ny,
                    weight: mf / (mf + local + HALF_WEIGHT_LEVELS * GRADIENT_PER_LEVEL),
                });
                self.index[i] = self.edges.len() as u32;
            }
        }
    }
}

/// Smooths with the binomial 1 4 6 4 1 in both directions (sigma 1 px); the outer two pixels are clamped.
fn smooth_into(from: &[i16], to: &mut Vec<i16>, row: &mut Vec<i16>, w: usize, h: usize) {
    to.clear();
    to.resize(w * h, 0);
    row.clear();
    row.resize(w + 4, 0);
    for y in 0..h {
        let at = |dy: isize| {
            let v = (y as isize + dy).clamp(0, h as isize - 1) as usize;
            &from[v * w..][..w]
        };
        let (a, b, c, d, e) = (at(-2), at(-1), at(0), at(1), at(2));
        let column = &mut row[2..][..w];
        for i in 0..w {
            let sum = i32::from(a[i])
                + i32::from(e[i])
                + 4 * (i32::from(b[i]) + i32::from(d[i]))
                + 6 * i32::from(c[i]);
            column[i] = ((sum + 8) >> 4) as i16;
        }
        let (first, last) = (row[2], row[w + 1]);
        row[..2].fill(first);
        row[w + 2..].fill(last);
        let out = &mut to[y * w..][..w];
        for i in 0..w {
            let sum = i32::from(row[i])
                + i32::from(row[i + 4])
                + 4 * (i32::from(row[i + 1]) + i32::from(row[i + 3]))
                + 6 * i32::from(row[i + 2]);
            out[i] = ((sum + 8) >> 4) as i16;
        }
    }
}
