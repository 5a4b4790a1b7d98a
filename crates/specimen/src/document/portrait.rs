//! Cuts a portrait out of a photograph.

use crate::raster::Canvas;
use idv_protocol::PxRect;
use image::RgbImage;
use image::imageops::{FilterType, crop_imm, resize};

/// Height of the picture in heights of the face: with the hair, the head fills 70 to 80 % of it
/// (Doc 9303-3, 3.9.1).
const FACES_HIGH: f32 = 1.95;

/// Middle of the face from the top of the picture, in parts of its height.
const FACE_MIDDLE_RATIO: f32 = 0.53;

/// Height of the cut portrait in px: 45 mm at 12 px per mm.
const HEIGHT_PX: u32 = 540;

/// The part of `photo` around `face` (px) with `aspect` = width over height, enlarged to a portrait of
/// 540 px. Where it would reach out of the photo it is moved inside.
pub fn crop(photo: &RgbImage, face: PxRect, aspect: f32) -> Canvas {
    let (photo_width, photo_height) = (photo.width() as f32, photo.height() as f32);
    let height = (face.height * FACES_HIGH).min(photo_height).min(photo_width / aspect);
    let width = height * aspect;
    let x = (face.x + face.width / 2.0 - width / 2.0).clamp(0.0, photo_width - width);
    let y = (face.y + face.height / 2.0 - height * FACE_MIDDLE_RATIO).clamp(0.0, photo_height - height);
    let cut = crop_imm(photo, x as u32, y as u32, (width as u32).max(1), (height as u32).max(1)).to_image();
    let to_width = (HEIGHT_PX as f32 * aspect).round() as u32;
    Canvas::from_image(&resize(&cut, to_width, HEIGHT_PX, FilterType::CatmullRom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_at_the_edge_still_gives_a_whole_portrait() {
        let photo = RgbImage::from_pixel(200, 150, image::Rgb([120, 90, 80]));
        let face = PxRect { x: 170.0, y: 0.0, width: 60.0, height: 80.0 };
        let cut = crop(&photo, face, 35.0 / 45.0);
        assert_eq!((cut.width, cut.height), (420, 540));
    }
}
