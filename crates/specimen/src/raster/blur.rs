//! Gaussian blur: exact kernels when small, three running means when large.

use super::Canvas;

/// Deviation in px above which three running means replace the kernel; below, their steps would show.
const KERNEL_LIMIT_PX: f32 = 2.0;

/// Blurs `canvas` with a Gaussian of `sigma_px`; below 0.1 px nothing is done. Edges are repeated.
/// `scratch` is memory for one pass, reused from call to call.
pub fn blur(canvas: &mut Canvas, sigma_px: f32, scratch: &mut Vec<[f32; 4]>) {
    if sigma_px < 0.1 {
        return;
    }
    scratch.resize(canvas.px.len(), [0.0; 4]);
    let (width, height) = (canvas.width, canvas.height);
    if sigma_px <= KERNEL_LIMIT_PX {
        let kernel = kernel(sigma_px);
        for y in 0..height {
            convolve_row(&canvas.px[y * width..][..width], &mut scratch[y * width..][..width], &kernel);
        }
        convolve_columns(scratch, &mut canvas.px, width, height, &kernel);
    } else {
        for radius in box_radii(sigma_px) {
            for y in 0..height {
                mean_row(&canvas.px[y * width..][..width], &mut scratch[y * width..][..width], radius);
            }
            mean_columns(scratch, &mut canvas.px, width, height, radius);
        }
    }
}

/// Blurs one plane of `width` columns with a Gaussian of `sigma_px`. Edges are repeated.
pub fn blur_plane(plane: &mut [f32], width: usize, sigma_px: f32) {
    let mut canvas = Canvas {
        width,
        height: plane.len() / width.max(1),
        px: plane.iter().map(|&v| [v, 0.0, 0.0, 0.0]).collect(),
    };
    blur(&mut canvas, sigma_px, &mut Vec::new());
    plane.iter_mut().zip(&canvas.px).for_each(|(to, from)| *to = from[0]);
}

/// Half of a symmetric kernel, middle first.
fn kernel(sigma: f32) -> Vec<f32> {
    let radius = (sigma * 3.0).ceil() as i32;
    let raw: Vec<f32> = (0..=radius).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).collect();
    let sum = raw[0] + 2.0 * raw[1..].iter().sum::<f32>();
    raw.iter().map(|v| v / sum).collect()
}

/// Radii of three running means that together have the variance of a Gaussian of `sigma`.
fn box_radii(sigma: f32) -> [usize; 3] {
    let ideal = ((12.0 * sigma * sigma / 3.0 + 1.0).sqrt() - 1.0) / 2.0;
    let low = ideal.floor();
    let variance = |radius: f32| ((2.0 * radius + 1.0).powi(2) - 1.0) / 12.0;
    let wanted = sigma * sigma;
    let mut radii = [low as usize; 3];
    for wide in 1..=3 {
        let reached = |wide: usize| variance(low + 1.0) * wide as f32 + variance(low) * (3 - wide) as f32;
        if (reached(wide) - wanted).abs() < (reached(wide - 1) - wanted).abs() {
            radii[wide - 1] = low as usize + 1;
        }
    }
    radii
}

#[inline]
fn add(sum: &mut [f32; 4], px: [f32; 4], weight: f32) {
    for k in 0..4 {
        sum[k] += px[k] * weight;
    }
}

fn convolve_row(from: &[[f32; 4]], to: &mut [[f32; 4]], kernel: &[f32]) {
    let last = from.len() - 1;
    for (x, out) in to.iter_mut().enumerate() {
        let mut sum = [0.0; 4];
        add(&mut sum, from[x], kernel[0]);
        for (i, &weight) in kernel.iter().enumerate().skip(1) {
            add(&mut sum, from[x.saturating_sub(i)], weight);
            add(&mut sum, from[(x + i).min(last)], weight);
        }
        *out = sum;
    }
}

fn convolve_columns(from: &[[f32; 4]], to: &mut [[f32; 4]], width: usize, height: usize, kernel: &[f32]) {
    for y in 0..height {
        let row = |v: usize| &from[v * width..][..width];
        let out = &mut to[y * width..][..width];
        for (px, &source) in out.iter_mut().zip(row(y)) {
            *px = source.map(|v| v * kernel[0]);
        }
        for (i, &weight) in kernel.iter().enumerate().skip(1) {
            let (above, below) = (row(y.saturating_sub(i)), row((y + i).min(height - 1)));
            for ((px, &a), &b) in out.iter_mut().zip(above).zip(below) {
                for k in 0..4 {
                    px[k] += (a[k] + b[k]) * weight;
                }
            }
        }
    }
}

fn mean_row(from: &[[f32; 4]], to: &mut [[f32; 4]], radius: usize) {
    let last = from.len() - 1;
    let share = 1.0 / (2 * radius + 1) as f32;
    let mut sum = [0.0; 4];
    add(&mut sum, from[0], radius as f32 + 1.0);
    for i in 1..=radius {
        add(&mut sum, from[i.min(last)], 1.0);
    }
    for (x, out) in to.iter_mut().enumerate() {
        *out = sum.map(|v| v * share);
        add(&mut sum, from[(x + radius + 1).min(last)], 1.0);
        add(&mut sum, from[x.saturating_sub(radius)], -1.0);
    }
}

fn mean_columns(from: &[[f32; 4]], to: &mut [[f32; 4]], width: usize, height: usize, radius: usize) {
    let share = 1.0 / (2 * radius + 1) as f32;
    let row = |v: usize| &from[v.min(height - 1) * width..][..width];
    let mut sums: Vec<[f32; 4]> = row(0).iter().map(|px| px.map(|v| v * (radius as f32 + 1.0))).collect();
    for i in 1..=radius {
        sums.iter_mut().zip(row(i)).for_each(|(sum, &px)| add(sum, px, 1.0));
    }
    for y in 0..height {
        let (enter, leave) = (row(y + radius + 1), row(y.saturating_sub(radius)));
        let out = &mut to[y * width..][..width];
        for (((px, sum), &new), &old) in out.iter_mut().zip(&mut sums).zip(enter).zip(leave) {
            *px = sum.map(|v| v * share);
            for k in 0..4 {
                sum[k] += new[k] - old[k];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blur_has_the_deviation_it_was_asked_for() {
        for sigma in [0.6, 1.5, 3.0, 7.5] {
            let mut canvas = Canvas::clear(121, 121);
            canvas.px[60 * 121 + 60] = [1.0; 4];
            blur(&mut canvas, sigma, &mut Vec::new());
            let (mut sum, mut variance) = (0.0, 0.0);
            for (index, px) in canvas.px.iter().enumerate() {
                let x = (index % 121) as f32 - 60.0;
                sum += px[1];
                variance += px[1] * x * x;
            }
            assert!((sum - 1.0).abs() < 1e-3, "energy {sum}");
            assert!((variance.sqrt() - sigma).abs() < 0.12 * sigma + 0.03, "{} for {sigma}", variance.sqrt());
        }
    }

    #[test]
    fn blur_keeps_an_even_surface_to_its_edges() {
        for sigma in [1.0, 6.0] {
            let mut canvas = Canvas::opaque(40, 30, |_, _| [0.3, 0.6, 0.9]);
            blur(&mut canvas, sigma, &mut Vec::new());
            assert!(canvas.px.iter().all(|px| (px[0] - 0.3).abs() < 1e-4 && (px[2] - 0.9).abs() < 1e-4));
        }
    }
}
