//! A printed photograph bent about the vertical axis, so that its sides lie behind its middle as those of a face.

use super::super::answer::Answers;
use super::super::print::{answering, paper, sway};
use super::super::{Scratch, Settings, Take, Truth};
use crate::camera::{Exposure, NEUTRAL_TINT, Pinhole, Pose, Sensor, px_scale};
use crate::error::Error;
use crate::person::Subject;
use crate::person::raster::{Corner, triangle};
use crate::random::{Drift, stream};
use crate::raster::Canvas;
use crate::scene::room;
use image::RgbImage;
use rand::Rng;
use std::ops::Range;

/// Radius of the bend in mm: from that of a head to a gentle curve.
const RADIUS_MM: Range<f32> = 70.0..110.0;

/// Columns and rows of the paper's mesh.
const GRID: [usize; 2] = [32, 4];

/// Transparent edge of the paper's picture, so that it ends softly, in px.
const EDGE_PX: usize = 2;

/// The take.
pub(super) struct Bent {
    answers: Answers,
    picture: Canvas,
    /// The paper with its edge, in mm.
    size_mm: [f32; 2],
    radius_mm: f32,
    pinhole: Pinhole,
    distance_mm: f32,
    sway: [Drift; 5],
    room: Canvas,
    sensor: Sensor,
}

impl Bent {
    /// A print of `subject`, moved as `answers` says.
    pub(super) fn new(settings: &Settings, subject: &Subject, answers: Answers) -> Result<Self, Error> {
        let (width, height) = settings.canvas()?;
        let (paper, px_per_mm, size_mm) = paper(settings, subject)?;
        let pinhole = Pinhole::new(width as f32, height as f32);
        let (columns, rows) = ((size_mm.0 * px_per_mm) as usize, (size_mm.1 * px_per_mm) as usize);
        let whole = [0.0, 0.0, paper.width as f32, paper.height as f32];
        let mut picture = Canvas::clear(columns + 2 * EDGE_PX, rows + 2 * EDGE_PX);
        picture.lay_canvas(&paper.resampled(whole, columns, rows), EDGE_PX as i32, EDGE_PX as i32);
        let mut rng = stream(settings.seed, "bend of the print");
        Ok(Self {
            answers,
            size_mm: [picture.width as f32 / px_per_mm, picture.height as f32 / px_per_mm],
            picture,
            radius_mm: rng.random_range(RADIUS_MM),
            pinhole,
            distance_mm: pinhole.focal_px / px_per_mm,
            sway: sway(settings.seed),
            room: room(settings.seed, width, height),
            sensor: Sensor::new(settings.seed, width, height),
        })
    }

    fn pose(&self, at_ms: f64) -> Pose {
        let answer = self.answers.at(self.answers.phase_ms(at_ms));
        answering(&answer, &self.sway, at_ms, self.distance_mm)
    }

    fn corner(&self, pose: &Pose, column: usize, row: usize) -> Corner {
        let (u, v) = (column as f32 / GRID[0] as f32, row as f32 / GRID[1] as f32);
        let angle = (u - 0.5) * self.size_mm[0] / self.radius_mm;
        let (sin, cos) = angle.sin_cos();
        let on_paper = [self.radius_mm * sin, (v - 0.5) * self.size_mm[1], self.radius_mm * (1.0 - cos)];
        let at = pose.place(on_paper);
        let point = self.pinhole.project(at);
        // Light comes from the window at the left, more of it to what faces it.
        let facing_deg = pose.yaw_deg + angle.to_degrees();
        let light = (1.04 - 0.006 * facing_deg + 0.003 * pose.pitch_deg).clamp(0.6, 1.25);
        let uv = [u * self.picture.width as f32, v * self.picture.height as f32];
        Corner { at: [point.x, point.y], z: at[2], uv, light, id: row * (GRID[0] + 1) + column }
    }
}

impl Take for Bent {
    fn frame(&self, at_ms: f64, scratch: &mut Scratch) -> RgbImage {
        scratch.frame.clone_from(&self.room);
        scratch.depth.clear();
        scratch.depth.resize(scratch.frame.px.len(), f32::MAX);
        let pose = self.pose(at_ms);
        for row in 0..GRID[1] {
            for column in 0..GRID[0] {
                let [a, b, c, d] = [(0, 0), (1, 0), (1, 1), (0, 1)]
                    .map(|(right, down)| self.corner(&pose, column + right, row + down));
                for corners in [[a, b, c], [a, c, d]] {
                    triangle(&mut scratch.frame, &mut scratch.depth, &self.picture, corners);
                }
            }
        }
        let exposure = Exposure {
            defocus_px: 0.3 * px_scale(scratch.frame.width),
            gain: 1.0,
            tint: NEUTRAL_TINT,
            index: (at_ms * 1000.0).round() as u64,
        };
        self.sensor.expose(&mut scratch.frame, &exposure, &mut scratch.blur)
    }

    fn truth(&self, at_ms: f64) -> Truth {
        let quad = self.pinhole.quad(&self.pose(at_ms), self.size_mm[0], self.size_mm[1]);
        Truth { quad: Some(quad), pose: None, defocus_px: 0.0 }
    }
}
