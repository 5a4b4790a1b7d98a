//! Pictures of any colour and depth as RGBA, shrunk where they are larger than a frame.

use crate::frame::RgbaImage;
use idv_protocol::Size;
use image::DynamicImage;

/// The picture as RGBA whose longer side is at most `max_side_px`, each px the mean of the area that it covers, on white
/// where the picture is transparent. Needs no memory of the picture's own size besides the result.
pub(super) fn to_rgba(picture: &DynamicImage, max_side_px: u32) -> RgbaImage {
    let (from_w, from_h) = (picture.width(), picture.height());
    let scale = (f64::from(from_w.max(from_h)) / f64::from(max_side_px.max(1))).max(1.0);
    let target = |from: u32| ((f64::from(from) / scale).round() as u32).max(1);
    let size = Size { width: target(from_w), height: target(from_h) };
    let (width, height) = (size.width as usize, size.height as usize);
    let (across, down) = (f64::from(from_w) / width as f64, f64::from(from_h) / height as f64);

    let mut data = Vec::with_capacity(width * height * 4);
    let mut wide = vec![[0f32; 3]; from_w as usize];
    let mut line = vec![[0f32; 3]; width];
    let mut sums = vec![[0f32; 3]; width];
    let mut done = 0;
    for y in 0..from_h {
        read_row(picture, y as usize, &mut wide);
        shrink_row(&wide, across, &mut line);
        let (mut from, to) = (f64::from(y), f64::from(y) + 1.0);
        // A row of the picture is part of one row of the result, or ends one and begins the next.
        while done < height {
            let end = if done + 1 == height { f64::from(from_h) } else { (done + 1) as f64 * down };
            let share = ((to.min(end) - from) / down) as f32;
            for (sum, value) in sums.iter_mut().zip(&line) {
                for c in 0..3 {
                    sum[c] += share * value[c];
                }
            }
            if end > to {
                break;
            }
            for sum in &mut sums {
                data.extend(sum.map(|value| value.round().clamp(0.0, 255.0) as u8));
                data.push(255);
                *sum = [0.0; 3];
            }
            done += 1;
            from = end;
            if from >= to {
                break;
            }
        }
    }
    data.resize(width * height * 4, 255);
    RgbaImage { data, size }
}

/// The mean colour of each of the spans of `across` px that make up `wide`.
fn shrink_row(wide: &[[f32; 3]], across: f64, line: &mut [[f32; 3]]) {
    for (x, out) in line.iter_mut().enumerate() {
        let (from, to) = (x as f64 * across, ((x + 1) as f64 * across).min(wide.len() as f64));
        let mut sum = [0f32; 3];
        let first = from as usize;
        for (i, colour) in wide.iter().enumerate().take(to.ceil() as usize).skip(first) {
            let share = (to.min((i + 1) as f64) - from.max(i as f64)) as f32;
            for c in 0..3 {
                sum[c] += share * colour[c];
            }
        }
        *out = sum.map(|value| value / (to - from) as f32);
    }
}

/// Row `y` of the picture in red, green and blue from 0 to 255.
fn read_row(picture: &DynamicImage, y: usize, row: &mut [[f32; 3]]) {
    let colour = picture.color();
    let channels = usize::from(colour.channel_count());
    let sample_bytes = usize::from(colour.bytes_per_pixel()) / channels.max(1);
    let stride = row.len() * channels * sample_bytes;
    let bytes = picture.as_bytes().get(y * stride..(y + 1) * stride).unwrap_or_default();
    for (out, pixel) in row.iter_mut().zip(bytes.chunks_exact((channels * sample_bytes).max(1))) {
        let sample = |channel: usize| match pixel.get(channel * sample_bytes..) {
            Some(&[a, b, ..]) if sample_bytes == 2 => f32::from(u16::from_ne_bytes([a, b])) / 257.0,
            Some(&[a, ..]) => f32::from(a),
            _ => 0.0,
        };
        let (rgb, alpha) = match channels {
            1 => ([sample(0); 3], 255.0),
            2 => ([sample(0); 3], sample(1)),
            3 => ([sample(0), sample(1), sample(2)], 255.0),
            _ => ([sample(0), sample(1), sample(2)], sample(3)),
        };
        let opaque = alpha / 255.0;
        *out = rgb.map(|value| value * opaque + 255.0 * (1.0 - opaque));
    }
}
