//! Which pixels of a photograph are the person: colour models of person and background, then a random walk
//! that follows the edges of the picture (Grady 2006), solved by successive over-relaxation.

use crate::raster::{Canvas, blur_plane, smoothstep};

/// What is known beforehand of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prior {
    /// Certainly the person.
    Person,
    /// Certainly not.
    Background,
    /// To be found out.
    Open,
}

/// Colours in a model: hair, skin, two of clothes and their shades; wall and things on it likewise.
const COLORS: usize = 8;

/// Rounds of refitting the colour models to the last answer.
const ROUNDS: usize = 2;

/// Sweeps of the relaxation, and its factor (the usual one for pictures of some 500 px).
const SWEEPS: usize = 140;
const RELAXATION: f32 = 1.88;

/// Pull of the colour models against the walk: low, so that edges decide.
const COLOR_PULL: f32 = 0.012;

/// Sharpness of edges: squared colour distances (channels 0 to 1) are divided by this before the exponential.
const EDGE_SCALE: f32 = 0.0022;

/// Rows over which the colour models of one zone give way to those of the next, in px.
const ZONE_BLEND_PX: f32 = 14.0;

/// The person's share of each pixel of `picture`, 0 to 1. `prior` has one entry a pixel. Colours are modelled
/// apart above and below the row `zone_y`, each from the pixels for which `near` holds: what lies behind a head
/// says little of what lies beside an arm.
pub(super) fn segment(
    picture: &Canvas,
    prior: &[Prior],
    zone_y: f32,
    near: impl Fn(usize) -> bool,
) -> Vec<f32> {
    let width = picture.width;
    let mut share: Vec<f32> = prior
        .iter()
        .map(|p| match p {
            Prior::Person => 1.0,
            Prior::Background => 0.0,
            Prior::Open => 0.5,
        })
        .collect();
    let (across, down) = edges(picture);
    let row = |index: usize| (index / width) as f32;
    for round in 0..ROUNDS {
        let models = [false, true].map(|lower| {
            let pick = |person: bool| -> Vec<[f32; 3]> {
                (0..share.len())
                    .filter(|&i| {
                        (row(i) > zone_y) == lower && near(i) && (round > 0 || prior[i] != Prior::Open)
                    })
                    .filter(|&i| if person { share[i] > 0.95 } else { share[i] < 0.05 })
                    .step_by(2)
                    .map(|i| [picture.px[i][0], picture.px[i][1], picture.px[i][2]])
                    .collect()
            };
            (Colors::fit(&pick(true)), Colors::fit(&pick(false)))
        });
        let likely: Vec<f32> = (0..share.len())
            .map(|i| {
                if prior[i] != Prior::Open {
                    return share[i];
                }
                let c = [picture.px[i][0], picture.px[i][1], picture.px[i][2]];
                let [upper, lower] = models.each_ref().map(|(person, ground)| {
                    let (a, b) = (person.density(c), ground.density(c));
                    (a + 1e-3) / (a + b + 2e-3)
                });
                upper + (lower - upper) * smoothstep(zone_y - ZONE_BLEND_PX, zone_y + ZONE_BLEND_PX, row(i))
            })
            .collect();
        relax(&mut share, prior, &likely, &across, &down, width);
    }
    connected(&mut share, prior, width);
    share
}

/// Strengths between each pixel and its right neighbour, and its lower one.
fn edges(picture: &Canvas) -> (Vec<f32>, Vec<f32>) {
    let width = picture.width;
    let strength = |a: [f32; 4], b: [f32; 4]| {
        let square: f32 = (0..3).map(|k| (a[k] - b[k]).powi(2)).sum();
        (-square / EDGE_SCALE).exp() + 1e-4
    };
    let between = |step: usize| {
        (0..picture.px.len())
            .map(|i| picture.px.get(i + step).map_or(0.0, |&next| strength(picture.px[i], next)))
            .collect()
    };
    (between(1), between(width))
}

fn relax(share: &mut [f32], prior: &[Prior], likely: &[f32], across: &[f32], down: &[f32], width: usize) {
    let height = share.len() / width;
    for _ in 0..SWEEPS {
        for y in 0..height {
            for x in 0..width {
                let i = y * width + x;
                if prior[i] != Prior::Open {
                    continue;
                }
                let (mut sum, mut weight) = (COLOR_PULL * likely[i], COLOR_PULL);
                let mut add = |neighbour: usize, strength: f32| {
                    sum += share[neighbour] * strength;
                    weight += strength;
                };
                if x > 0 {
                    add(i - 1, across[i - 1]);
                }
                if x + 1 < width {
                    add(i + 1, across[i]);
                }
                if y > 0 {
                    add(i - width, down[i - width]);
                }
                if y + 1 < height {
                    add(i + width, down[i]);
                }
                share[i] = (share[i] + RELAXATION * (sum / weight - share[i])).clamp(0.0, 1.0);
            }
        }
    }
    share.iter_mut().for_each(|v| *v = smoothstep(0.25, 0.75, *v));
}

/// Keeps only what hangs together with the certain parts: islands of person and holes in it are dropped.
fn connected(share: &mut [f32], prior: &[Prior], width: usize) {
    let height = share.len() / width;
    for (kind, person) in [(Prior::Person, true), (Prior::Background, false)] {
        let on_side = |v: f32| if person { v > 0.5 } else { v <= 0.5 };
        let mut reached: Vec<bool> = prior.iter().map(|p| *p == kind).collect();
        let mut open: Vec<usize> = (0..reached.len()).filter(|&i| reached[i]).collect();
        while let Some(i) = open.pop() {
            let (x, y) = (i % width, i / width);
            let mut visit = |n: usize| {
                if !reached[n] && on_side(share[n]) {
                    reached[n] = true;
                    open.push(n);
                }
            };
            if x > 0 {
                visit(i - 1);
            }
            if x + 1 < width {
                visit(i + 1);
            }
            if y > 0 {
                visit(i - width);
            }
            if y + 1 < height {
                visit(i + width);
            }
        }
        for (v, reached) in share.iter_mut().zip(reached) {
            if on_side(*v) && !reached {
                *v = if person { 0.0 } else { 1.0 };
            }
        }
    }
}

/// A mixture of colours with equal weights, each with its own spread.
struct Colors {
    means: Vec<[f32; 3]>,
    spreads: Vec<[f32; 3]>,
    weights: Vec<f32>,
}

impl Colors {
    /// Fits by k-means from evenly drawn samples.
    fn fit(samples: &[[f32; 3]]) -> Self {
        let mut means: Vec<[f32; 3]> =
            (0..COLORS).filter_map(|k| samples.get(k * samples.len() / COLORS).copied()).collect();
        let mut nearest = vec![0; samples.len()];
        for _ in 0..8 {
            for (at, c) in nearest.iter_mut().zip(samples) {
                let distance = |m: &[f32; 3]| (0..3).map(|k| (m[k] - c[k]).powi(2)).sum::<f32>();
                *at = (0..means.len())
                    .min_by(|&a, &b| distance(&means[a]).total_cmp(&distance(&means[b])))
                    .unwrap_or(0);
            }
            for (index, mean) in means.iter_mut().enumerate() {
                let (mut sum, mut count) = ([0.0; 3], 0.0);
                for (_, c) in nearest.iter().zip(samples).filter(|(at, _)| **at == index) {
                    (0..3).for_each(|k| sum[k] += c[k]);
                    count += 1.0;
                }
                if count > 0.0 {
                    *mean = sum.map(|v| v / count);
                }
            }
        }
        let (mut spreads, mut weights) = (vec![[4e-4; 3]; means.len()], vec![0.0; means.len()]);
        for (&at, c) in nearest.iter().zip(samples) {
            weights[at] += 1.0;
            (0..3).for_each(|k| spreads[at][k] += (c[k] - means[at][k]).powi(2));
        }
        for (spread, weight) in spreads.iter_mut().zip(&mut weights) {
            *spread = spread.map(|v| v / f32::max(*weight, 1.0) + 4e-4);
            *weight /= samples.len().max(1) as f32;
        }
        Self { means, spreads, weights }
    }

    fn density(&self, c: [f32; 3]) -> f32 {
        self.means
            .iter()
            .zip(&self.spreads)
            .zip(&self.weights)
            .map(|((mean, spread), weight)| {
                let square: f32 = (0..3).map(|k| (c[k] - mean[k]).powi(2) / spread[k]).sum();
                let volume = (spread[0] * spread[1] * spread[2]).sqrt();
                weight * (-0.5 * square).exp() / volume.max(1e-6) * 1e-4
            })
            .sum()
    }
}

/// Softens the outline `share` to follow hair and cloth: a guided filter (He 2013) on the luma of `picture`.
pub(super) fn feathered(picture: &Canvas, share: &[f32], radius_px: f32) -> Vec<f32> {
    let width = picture.width;
    let luma: Vec<f32> = picture.px.iter().map(|p| 0.30 * p[0] + 0.59 * p[1] + 0.11 * p[2]).collect();
    let mean = |values: Vec<f32>| {
        let mut plane = values;
        blur_plane(&mut plane, width, radius_px);
        plane
    };
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).collect::<Vec<f32>>();
    let (mean_luma, mean_share) = (mean(luma.clone()), mean(share.to_vec()));
    let (both, square) = (mean(product(&luma, share)), mean(product(&luma, &luma)));
    let slope: Vec<f32> = (0..luma.len())
        .map(|i| {
            let covariance = both[i] - mean_luma[i] * mean_share[i];
            let variance = square[i] - mean_luma[i] * mean_luma[i];
            covariance / (variance.max(0.0) + 4e-4)
        })
        .collect();
    let offset: Vec<f32> = (0..luma.len()).map(|i| mean_share[i] - slope[i] * mean_luma[i]).collect();
    let (slope, offset) = (mean(slope), mean(offset));
    (0..luma.len()).map(|i| smoothstep(0.08, 0.92, slope[i] * luma[i] + offset[i])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_on_a_slanting_ground_is_cut_out() {
        let inside = |x: f32, y: f32| (x - 40.0).hypot(y - 40.0) < 24.0;
        let picture = Canvas::opaque(80, 80, |x, y| {
            if inside(x, y) { [0.5, 0.3, 0.15] } else { [0.6 + x * 0.002, 0.6, 0.65] }
        });
        let prior: Vec<Prior> = (0..80 * 80)
            .map(|i| {
                let r = ((i % 80) as f32 - 40.0).hypot((i / 80) as f32 - 40.0);
                if r < 10.0 {
                    Prior::Person
                } else if r > 36.0 {
                    Prior::Background
                } else {
                    Prior::Open
                }
            })
            .collect();
        let share = segment(&picture, &prior, 80.0, |_| true);
        let wrong = (0..80 * 80)
            .filter(|&i| inside((i % 80) as f32 + 0.5, (i / 80) as f32 + 0.5) != (share[i] > 0.5))
            .count();
        assert!(wrong < 20, "{wrong} pixels");
    }
}
