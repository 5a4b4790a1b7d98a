//! Masks and sunglasses drawn over real faces.

use idv_protocol::Point;
use idv_vision::face::Mesh;
use idv_vision::frame::RgbaImage;

/// Colours of masks, with their names: surgical, white, black, grey and green cloth.
pub const MASKS: [(&str, [u8; 3]); 5] = [
    ("surgical", [120, 165, 200]),
    ("white", [232, 232, 228]),
    ("black", [30, 30, 32]),
    ("grey", [120, 120, 124]),
    ("green", [60, 110, 80]),
];

/// Colours of lenses, with their names and how much of what is behind them they let through.
pub const LENSES: [(&str, [u8; 3], f32); 4] = [
    ("black", [18, 18, 20], 0.03),
    ("grey", [40, 40, 44], 0.12),
    ("brown", [48, 28, 16], 0.1),
    ("mirror", [140, 170, 190], 0.05),
];

/// The edge of a mask by MediaPipe's canonical face model: over the nose, along the jaw.
const MASK: [usize; 24] = [
    234, 117, 197, 346, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172,
    58, 132, 93,
];

/// Points along the upper and the lower lid of the right and the left eye, from left to right in the picture.
const LIDS: [[[usize; 9]; 2]; 2] = [
    [[33, 246, 161, 160, 159, 158, 157, 173, 133], [33, 7, 163, 144, 145, 153, 154, 155, 133]],
    [[362, 398, 384, 385, 386, 387, 388, 466, 263], [362, 382, 381, 380, 374, 373, 390, 249, 263]],
];

/// `image` of an upright face with the upper lids of `mesh` lowered until `open` of the openings is left, 0 to 1; the skin
/// under the brows is drawn down with them.
pub fn eyes_closed_to(image: &RgbaImage, mesh: &Mesh, open: f32) -> RgbaImage {
    let eyes = mesh.eyes();
    let apart = eyes[0].distance(eyes[1]);
    let view = image.view().expect("fits");
    painted(image, |p, _| {
        LIDS.iter().find_map(|[upper, lower]| {
            let (up, low) = (height_at(mesh, upper, p.x)?, height_at(mesh, lower, p.x)?);
            let (top, lid) = (up - 0.22 * apart, low - open * (low - up));
            let from = if p.y <= top || p.y >= low {
                return None;
            } else if p.y < lid {
                top + (p.y - top) * (up - top) / (lid - top)
            } else {
                up + (p.y - lid) * (low - up) / (low - lid).max(f32::EPSILON)
            };
            Some(view.sample(p.x, from))
        })
    })
}

/// Height of the line through `points` at `x`; `None` beside it.
fn height_at(mesh: &Mesh, points: &[usize], x: f32) -> Option<f32> {
    points.windows(2).find_map(|pair| {
        let (a, b) = (mesh.point(pair[0]), mesh.point(pair[1]));
        (a.x..b.x).contains(&x).then(|| a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x))
    })
}

/// `image` with a mask of this colour, folded as cloth is, over the face of `mesh`.
pub fn masked(image: &RgbaImage, mesh: &Mesh, colour: [u8; 3]) -> RgbaImage {
    let edge = MASK.map(|point| mesh.point(point));
    let fold = 40.0 / mesh.eyes()[0].distance(mesh.eyes()[1]);
    painted(image, |p, _| {
        let shade = 0.9 + 0.1 * (p.y * fold).sin();
        inside(p, &edge).then(|| colour.map(|value| f32::from(value) * shade))
    })
}

/// `image` with sunglasses of this colour over the eyes of `mesh`; `through` is what shines through.
pub fn shaded(image: &RgbaImage, mesh: &Mesh, colour: [u8; 3], through: f32) -> RgbaImage {
    let eyes = mesh.eyes();
    let apart = eyes[0].distance(eyes[1]);
    let along = ((eyes[1].x - eyes[0].x) / apart, (eyes[1].y - eyes[0].y) / apart);
    painted(image, |p, rgb| {
        let on_lens = eyes.iter().any(|eye| {
            let (dx, dy) = (p.x - eye.x, p.y - eye.y);
            let (u, v) = (dx * along.0 + dy * along.1, dy * along.0 - dx * along.1);
            (u / (0.44 * apart)).powi(4) + ((v - 0.06 * apart) / (0.34 * apart)).powi(4) < 1.0
        });
        on_lens.then(|| [0, 1, 2].map(|i| f32::from(colour[i]) + through * f32::from(rgb[i])))
    })
}

/// `image` with the pixels that `paint` gives a colour.
fn painted(image: &RgbaImage, paint: impl Fn(Point, [u8; 3]) -> Option<[f32; 3]>) -> RgbaImage {
    let mut data = image.data.clone();
    for (i, pixel) in data.chunks_exact_mut(4).enumerate() {
        let (x, y) = (i % image.size.width as usize, i / image.size.width as usize);
        let at = Point::new(x as f32 + 0.5, y as f32 + 0.5);
        if let Some(rgb) = paint(at, [pixel[0], pixel[1], pixel[2]]) {
            for (to, value) in pixel.iter_mut().zip(rgb) {
                *to = value.clamp(0.0, 255.0) as u8;
            }
        }
    }
    RgbaImage { data, size: image.size }
}

/// True when `p` lies within the polygon.
fn inside(p: Point, polygon: &[Point]) -> bool {
    let mut inside = false;
    for (i, a) in polygon.iter().enumerate() {
        let b = polygon[(i + 1) % polygon.len()];
        if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
    }
    inside
}
