//! The labelled photos of `IDV_DATA`, decoded and shrunk to what the engine takes.

use idv_protocol::{Point, Quad, Size};
use idv_vision::frame::{MAX_SIDE_PX, RgbaImage};
use std::path::{Path, PathBuf};

/// A photo and the corners of its document.
pub struct Photo {
    pub file: String,
    pub image: RgbaImage,
    /// Where the document is; `None` where there is none.
    pub quad: Option<Quad>,
}

/// A record of `labels.json`.
#[derive(serde::Deserialize)]
struct Label {
    file: String,
    quad: Option<[[f32; 2]; 4]>,
}

/// The folder of a kind of test data, or `None` after saying that the test is skipped.
pub fn data_folder(name: &str) -> Option<PathBuf> {
    match std::env::var_os("IDV_DATA") {
        Some(root) => Some(Path::new(&root).join(name)),
        None => {
            println!("skipped: IDV_DATA is not set");
            None
        }
    }
}

/// The labelled photos of a folder.
pub fn load(folder: &Path) -> Vec<Photo> {
    let labels: Vec<Label> =
        serde_json::from_slice(&std::fs::read(folder.join("labels.json")).expect("labels.json"))
            .expect("labels");
    labels
        .into_iter()
        .map(|label| {
            let bytes = std::fs::read(folder.join(&label.file)).expect("photo");
            let image = if label.file.ends_with(".tif") { decode_tiff(&bytes) } else { decode(&bytes) };
            let mut quad = label.quad.map(|corners| Quad(corners.map(|[x, y]| Point::new(x, y))));
            let mut image = image;
            while image.size.width.max(image.size.height) > MAX_SIDE_PX {
                image = halve(&image);
                quad = quad.map(|quad| quad.scaled(0.5));
            }
            Photo { file: label.file, image, quad }
        })
        .collect()
}

fn decode(bytes: &[u8]) -> RgbaImage {
    let picture = image::load_from_memory(bytes).expect("JPEG or PNG").into_rgba8();
    let size = Size { width: picture.width(), height: picture.height() };
    RgbaImage { data: picture.into_raw(), size }
}

/// Half the size, by averaging.
fn halve(image: &RgbaImage) -> RgbaImage {
    let size = Size { width: image.size.width / 2, height: image.size.height / 2 };
    let stride = image.size.width as usize * 4;
    let mut data = Vec::new();
    for y in 0..size.height as usize {
        for x in 0..size.width as usize {
            let first = 2 * y * stride + 8 * x;
            for c in 0..4 {
                let sum: u32 =
                    [0, 4, stride, stride + 4].iter().map(|o| u32::from(image.data[first + o + c])).sum();
                data.push((sum / 4) as u8);
            }
        }
    }
    RgbaImage { data, size }
}

/// A TIFF as MIDV-500 has them: little endian, YCbCr 4:2:0 of video range, PackBits.
fn decode_tiff(bytes: &[u8]) -> RgbaImage {
    let u16_at = |i: usize| u16::from_le_bytes([bytes[i], bytes[i + 1]]) as usize;
    let u32_at = |i: usize| u32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]) as usize;
    assert_eq!(&bytes[..4], b"II*\0");
    let directory = u32_at(4);
    let entry = |tag: usize| -> Vec<usize> {
        let at = (0..u16_at(directory))
            .map(|i| directory + 2 + 12 * i)
            .find(|&at| u16_at(at) == tag)
            .expect("tag");
        let (wide, count) = (u16_at(at + 2) == 4, u32_at(at + 4));
        let width = if wide { 4 } else { 2 };
        let first = if count * width > 4 { u32_at(at + 8) } else { at + 8 };
        (0..count).map(|i| if wide { u32_at(first + 4 * i) } else { u16_at(first + 2 * i) }).collect()
    };
    let (width, height, rows) = (entry(256)[0], entry(257)[0], entry(278)[0]);
    assert_eq!((entry(259)[0], entry(262)[0], entry(530)), (32773, 6, vec![2, 2]));
    let mut data = vec![255u8; width * height * 4];
    for (strip, (&from, &length)) in entry(273).iter().zip(&entry(279)).enumerate() {
        let units = unpack_bits(&bytes[from..from + length]);
        for (k, unit) in units.chunks_exact(6).enumerate() {
            let (x, y) = (k % width.div_ceil(2) * 2, strip * rows + k / width.div_ceil(2) * 2);
            let (cb, cr) = (f32::from(unit[4]) - 128.0, f32::from(unit[5]) - 128.0);
            for (i, (dx, dy)) in [(0, 0), (1, 0), (0, 1), (1, 1)].into_iter().enumerate() {
                if x + dx < width && y + dy < height {
                    let luma = (f32::from(unit[i]) - 16.0) * 1.164;
                    let rgb = [luma + 1.596 * cr, luma - 0.392 * cb - 0.813 * cr, luma + 2.017 * cb];
                    let at = ((y + dy) * width + x + dx) * 4;
                    data[at..at + 3].copy_from_slice(&rgb.map(|v| v.clamp(0.0, 255.0) as u8));
                }
            }
        }
    }
    RgbaImage { data, size: Size { width: width as u32, height: height as u32 } }
}

fn unpack_bits(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut i) = (Vec::new(), 0);
    while i + 1 < bytes.len() {
        let count = bytes[i] as i8;
        if count >= 0 {
            let end = (i + 2 + count as usize).min(bytes.len());
            out.extend_from_slice(&bytes[i + 1..end]);
            i = end;
        } else {
            if count != -128 {
                out.extend(std::iter::repeat_n(bytes[i + 1], (1 - isize::from(count)) as usize));
            }
            i += 2;
        }
    }
    out
}
