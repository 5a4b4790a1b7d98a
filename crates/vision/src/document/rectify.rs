//! The document as if seen from straight ahead.

use super::geometry::Homography;
use crate::error::{Error, ErrorKind};
use crate::frame::{MAX_SIDE_PX, MIN_SIDE_PX, RgbaImage, RgbaView};
use idv_protocol::{DocumentKind, Quad, Size};

/// Cuts `quad`, in px of `frame`, out of the frame as a picture `width_px` wide with the proportions of `kind`,
/// bilinearly sampled. The quad's first corner becomes the top left one: a document that stands upright in the
/// frame comes out squeezed unless its corners are rotated first. Fails with [`ErrorKind::BadFrame`] for a quad
/// that is not convex and for a width outside [`MIN_SIDE_PX`]..=[`MAX_SIDE_PX`].
pub fn rectify(
    frame: RgbaView<'_>,
    quad: &Quad,
    kind: DocumentKind,
    width_px: u32,
) -> Result<RgbaImage, Error> {
    if !(MIN_SIDE_PX..=MAX_SIDE_PX).contains(&width_px) {
        return Err(Error::new(ErrorKind::BadFrame, format!("a picture {width_px} px wide cannot be made")));
    }
    let finite = quad.0.iter().all(|p| p.x.is_finite() && p.y.is_finite());
    let plane = Homography::from_unit_square(quad).filter(|_| finite && quad.is_convex());
    let plane = plane.ok_or_else(|| Error::new(ErrorKind::BadFrame, "the corners make no convex quad"))?;
    let (mm_wide, mm_high) = kind.size_mm();
    let height_px = ((width_px as f32 * mm_high / mm_wide).round() as u32).max(1);
    let mut data = Vec::with_capacity(width_px as usize * height_px as usize * 4);
    for y in 0..height_px {
        for x in 0..width_px {
            let p = plane.apply((x as f32 + 0.5) / width_px as f32, (y as f32 + 0.5) / height_px as f32);
            let [r, g, b] = frame.sample(p.x, p.y);
            data.extend_from_slice(&[r.round() as u8, g.round() as u8, b.round() as u8, 255]);
        }
    }
    Ok(RgbaImage { data, size: Size { width: width_px, height: height_px } })
}

/// The quad with one of its long sides on top, as [`rectify`] takes it.
pub fn lying(quad: &Quad) -> Quad {
    let [a, b, c, d] = quad.0;
    let (across, along) = (a.distance(b) + c.distance(d), b.distance(c) + d.distance(a));
    if across >= along { *quad } else { begun_at(quad, 1) }
}

/// The quad begun at its corner `first`, 0 to 3: two corners on it is upside down.
pub fn begun_at(quad: &Quad, first: usize) -> Quad {
    let mut corners = quad.0;
    corners.rotate_left(first % 4);
    Quad(corners)
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::Point;

    /// A frame whose red runs with x and green with y.
    fn ramps() -> Vec<u8> {
        (0..100 * 200).flat_map(|i| [(i % 200) as u8, (i / 200) as u8, 7, 255]).collect()
    }

    #[test]
    fn cuts_out_what_lies_between_the_corners() {
        let data = ramps();
        let frame = RgbaView::new(&data, Size { width: 200, height: 100 }).unwrap();
        let quad =
            Quad([(20.0, 10.0), (148.0, 10.0), (148.0, 90.0), (20.0, 90.0)].map(|(x, y)| Point::new(x, y)));
        let cut = rectify(frame, &quad, DocumentKind::Id1, 128).unwrap();
        assert_eq!(cut.size, Size { width: 128, height: 81 });
        let view = cut.view().unwrap();
        for (x, y) in [(0, 0), (127, 0), (0, 80), (127, 80), (64, 40)] {
            let [r, g, _] = view.rgb(x, y);
            assert!(f32::from(r).mul_add(1.0, -(20.0 + x as f32)).abs() <= 1.0, "{x} {y}: {r}");
            assert!((f32::from(g) - (10.0 + y as f32 * 80.0 / 81.0)).abs() <= 1.0, "{x} {y}: {g}");
        }
    }

    #[test]
    fn refuses_corners_that_make_no_quad() {
        let data = ramps();
        let frame = RgbaView::new(&data, Size { width: 200, height: 100 }).unwrap();
        let crossed =
            Quad([(0.0, 0.0), (50.0, 50.0), (50.0, 0.0), (0.0, 50.0)].map(|(x, y)| Point::new(x, y)));
        let broken = Quad([Point::new(f32::NAN, 0.0); 4]);
        for quad in [crossed, broken, Quad::default()] {
            let error = rectify(frame, &quad, DocumentKind::Id3, 300).err().expect("refused");
            assert_eq!(error.kind(), ErrorKind::BadFrame);
        }
    }
}
