//! The noise of a sensor, which a drawn, replayed or injected picture lacks.
//!
//! In: frame after frame. Out: how much the even regions of a frame differ from their neighbours and from the frame
//! before. Rule: a scene that moves only adds to it, so that little noise is never the mark of an honest movement.

use super::RgbaView;
use idv_protocol::Size;
use idv_protocol::seal::FrameNoise;

/// Fields across and down a frame in which noise is looked for: enough for some to lie on a wall or a forehead.
const FIELDS: (usize, usize) = (14, 10);

/// Side of a field in the camera's own px: large enough for a deviation of some 144 samples, whose own error is 6 %.
const FIELD_PX: usize = 12;

/// Samples of a field.
const SAMPLES: usize = FIELD_PX * FIELD_PX;

/// Largest deviation from a field's own slope, in levels, up to which it counts as even: three times that of a small
/// sensor in a dim room (2.5 levels).
const EVEN_LEVELS: f32 = 7.5;

/// Means between which a sensor's noise is not cut off by black or white, in levels.
const UNCLIPPED_LEVELS: std::ops::RangeInclusive<f32> = 20.0..=235.0;

/// Fewest even fields of a frame; their median is not that of one odd place.
const MIN_FIELDS: usize = 8;

/// Parts of a level that a sample has: the weights of BT.601 add up to them.
const PARTS: f32 = 256.0;

/// Measures noise from frame to frame. The memory is that of two sets of fields and is used again.
#[derive(Clone, Debug, Default)]
pub struct NoiseMeter {
    size: Size,
    /// Samples of the frame before, field after field; empty at the beginning.
    before: Vec<u16>,
    now: Vec<u16>,
    /// Deviations of the even fields.
    spatial: Vec<f32>,
    temporal: Vec<f32>,
}

impl NoiseMeter {
    /// Forgets the frame before.
    pub fn clear(&mut self) {
        self.before.clear();
    }

    /// The noise of `frame`, in levels of 255. `None` for the first frame of its size, and where too little of it is
    /// even.
    pub fn measure(&mut self, frame: RgbaView<'_>) -> Option<FrameNoise> {
        if frame.size() != self.size {
            self.size = frame.size();
            self.before.clear();
        }
        let Self { before, now, spatial, temporal, .. } = self;
        sample(frame, now);
        spatial.clear();
        temporal.clear();
        for (field, earlier) in now.chunks_exact(SAMPLES).zip(before.chunks_exact(SAMPLES)) {
            let Some(deviation) = even_deviation(field) else { continue };
            spatial.push(deviation);
            temporal.push(difference(field, earlier));
        }
        std::mem::swap(before, now);
        if spatial.len() < MIN_FIELDS {
            return None;
        }
        Some(FrameNoise { temporal: median(temporal), spatial: median(spatial) })
    }
}

/// Luma of each field's samples in parts of a level. Empty where the frame is smaller than the fields.
fn sample(frame: RgbaView<'_>, out: &mut Vec<u16>) {
    out.clear();
    let (width, height) = (frame.size().width as usize, frame.size().height as usize);
    let (Some(free_x), Some(free_y)) = (width.checked_sub(FIELD_PX), height.checked_sub(FIELD_PX)) else {
        return;
    };
    for row in 0..FIELDS.1 {
        let top = free_y * row / (FIELDS.1 - 1);
        for column in 0..FIELDS.0 {
            let left = free_x * column / (FIELDS.0 - 1);
            for y in top..top + FIELD_PX {
                for x in left..left + FIELD_PX {
                    let [r, g, b] = frame.rgb(x, y).map(u16::from);
                    out.push(77 * r + 150 * g + 29 * b);
                }
            }
        }
    }
}

/// Deviation of a field from its own slope in levels; `None` where it is not even, or too dark or bright.
fn even_deviation(field: &[u16]) -> Option<f32> {
    let centre = (FIELD_PX as f32 - 1.0) / 2.0;
    let at = |index: usize| ((index % FIELD_PX) as f32 - centre, (index / FIELD_PX) as f32 - centre);
    let (mut sum, mut along_x, mut along_y, mut spread) = (0.0, 0.0, 0.0, 0.0);
    for (index, sample) in field.iter().enumerate() {
        let (x, y) = at(index);
        let level = f32::from(*sample) / PARTS;
        sum += level;
        along_x += x * level;
        along_y += y * level;
        spread += x * x;
    }
    let mean = sum / SAMPLES as f32;
    let (slope_x, slope_y) = (along_x / spread, along_y / spread);
    if !UNCLIPPED_LEVELS.contains(&mean) {
        return None;
    }
    let squares: f32 = field
        .iter()
        .enumerate()
        .map(|(index, sample)| {
            let (x, y) = at(index);
            let rest = f32::from(*sample) / PARTS - mean - slope_x * x - slope_y * y;
            rest * rest
        })
        .sum();
    let deviation = (squares / SAMPLES as f32).sqrt();
    (deviation <= EVEN_LEVELS).then_some(deviation)
}

/// Deviation of the differences of two fields over the root of 2, in levels; a change of light as a whole is left out.
fn difference(field: &[u16], earlier: &[u16]) -> f32 {
    let differences = || field.iter().zip(earlier).map(|(a, b)| (f32::from(*a) - f32::from(*b)) / PARTS);
    let mean = differences().sum::<f32>() / SAMPLES as f32;
    let squares: f32 = differences().map(|difference| (difference - mean).powi(2)).sum();
    (squares / SAMPLES as f32 / 2.0).sqrt()
}

fn median(values: &mut [f32]) -> f32 {
    values.sort_unstable_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 320, height: 240 };

    /// A slope of light whose every pixel is off by up to `noise` levels, another one in each frame.
    fn frame(noise: i32, index: u32) -> Vec<u8> {
        let mut state = index.wrapping_mul(2_654_435_761) | 1;
        let mut bytes = Vec::new();
        for pixel in 0..SIZE.width * SIZE.height {
            // Xorshift, by Marsaglia (2003).
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let off = (state >> 16) as i32 % (2 * noise + 1) - noise;
            let level = (60 + (pixel % SIZE.width / 4) as i32 + off) as u8;
            bytes.extend([level, level, level, 255]);
        }
        bytes
    }

    fn measured(meter: &mut NoiseMeter, bytes: &[u8]) -> Option<FrameNoise> {
        meter.measure(RgbaView::new(bytes, SIZE).expect("a frame"))
    }

    #[test]
    fn the_noise_of_a_sensor_is_found_and_its_absence_too() {
        let mut meter = NoiseMeter::default();
        assert_eq!(measured(&mut meter, &frame(3, 0)), None, "there is nothing before it");
        let noisy = measured(&mut meter, &frame(3, 1)).expect("even fields");
        // Levels from -3 to 3, each as likely: a deviation of 2.
        assert!((noisy.temporal - 2.0).abs() < 0.2 && (noisy.spatial - 2.0).abs() < 0.2, "{noisy:?}");
        meter.clear();
        measured(&mut meter, &frame(0, 0));
        let drawn = measured(&mut meter, &frame(0, 1)).expect("even fields");
        assert!(drawn.temporal == 0.0 && drawn.spatial < 0.4, "{drawn:?}");
    }

    #[test]
    fn a_still_with_the_noise_of_its_photograph_has_none_from_frame_to_frame() {
        let mut meter = NoiseMeter::default();
        let still = frame(3, 7);
        measured(&mut meter, &still);
        let noise = measured(&mut meter, &still).expect("even fields");
        assert!(noise.temporal == 0.0 && noise.spatial > 1.5, "{noise:?}");
    }

    #[test]
    fn black_frames_and_texture_say_nothing() {
        let mut meter = NoiseMeter::default();
        let black = vec![0; (SIZE.width * SIZE.height * 4) as usize];
        measured(&mut meter, &black);
        assert_eq!(measured(&mut meter, &black), None);
        let coarse = frame(60, 1);
        measured(&mut meter, &coarse);
        assert_eq!(measured(&mut meter, &coarse), None);
    }
}
