//! A passport page as it is held before the camera, with one fault at a time.

use crate::canvas::{Canvas, Random};
use crate::scene::{HEIGHT, Scene, WIDTH, draw_card, finish};
use idv_protocol::{DocumentKind, Point, Quad};

/// A passport page held level in the middle of a plain table.
#[derive(Clone, Copy)]
pub struct Held {
    /// Width of the page in px.
    pub width_px: f32,
    /// Corner of the page's place, in px from where the page is in the middle.
    pub shift: (f32, f32),
    /// Turn about the upright axis in degrees.
    pub yaw_deg: f32,
    /// Radius of the blur in px; 0 for none.
    pub blur_px: usize,
    /// Factor on the light.
    pub light: f32,
    /// Radius of a reflection in px; 0 for none.
    pub glare_px: f32,
}

impl Default for Held {
    fn default() -> Self {
        Self { width_px: 850.0, shift: (0.0, 0.0), yaw_deg: 0.0, blur_px: 0, light: 1.0, glare_px: 0.0 }
    }
}

impl Held {
    /// Draws the page; the same page each time.
    pub fn draw(&self) -> Scene {
        let mut random = Random::new(5);
        let kind = DocumentKind::Id3;
        let (mm_wide, mm_high) = kind.size_mm();
        let (sin, cos) = self.yaw_deg.to_radians().sin_cos();
        let focal = WIDTH as f32 * idv_vision::document::NOMINAL_FOCAL_RATIO;
        let depth = focal * mm_wide / self.width_px;
        let quad = Quad([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(u, v)| {
            let (x, far) = (u * mm_wide * cos, depth + u * mm_wide * sin);
            Point::new(
                WIDTH as f32 / 2.0 + focal * x / far + self.shift.0,
                HEIGHT as f32 / 2.0 + focal * v * mm_high / far + self.shift.1,
            )
        }));
        let mut canvas = Canvas::new(WIDTH, HEIGHT, [96.0, 74.0, 58.0]);
        draw_card(&mut canvas, &mut random, &quad, kind, [206.0, 204.0, 196.0]);
        canvas.map(|_, _, colour| colour.map(|value| value * self.light));
        if self.glare_px > 0.0 {
            let middle = Point::new(WIDTH as f32 / 2.0 + 60.0, HEIGHT as f32 / 2.0);
            canvas.ellipse(middle, [self.glare_px, self.glare_px], 0.0, |_| [255.0; 3]);
        }
        finish(&mut canvas, &mut random, 1.5, self.blur_px);
        Scene { image: canvas.finish(), quad, kind }
    }
}
