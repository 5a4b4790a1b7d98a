//! Whether two faces are of one person: 192 values for a face (MobileFaceNet). For the operator's server.

use super::crop::{Similarity, sample};
use super::mesh::Mesh;
use crate::error::{Error, ErrorKind};
use crate::frame::RgbaView;
use crate::inference::{Model, expect_input, output};
use idv_protocol::Point;

/// Values of an embedding.
pub const EMBEDDING_LEN: usize = 192;

/// Side of the network's input in px.
const SIDE_PX: usize = 112;

/// Where the five points of an aligned face lie in the network's input: the 112x112 template of ArcFace
/// (Deng and others 2019), which MobileFaceNet was trained with.
const TEMPLATE: [Point; 5] = [
    Point::new(38.2946, 51.6963),
    Point::new(73.5318, 51.5014),
    Point::new(56.0252, 71.7366),
    Point::new(41.5493, 92.3655),
    Point::new(70.7299, 92.2041),
];

/// A face as a unit vector. No `Debug`: it is biometric data.
#[derive(Clone, PartialEq)]
pub struct Embedding([f32; EMBEDDING_LEN]);

impl Embedding {
    /// Cosine of the angle between two faces, -1 to 1; higher is more alike.
    pub fn similarity(&self, other: &Self) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum()
    }

    /// The values as little-endian 32-bit floats, to be kept. They describe a face: biometric data.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// The embedding that was kept as [`Self::to_bytes`]; `None` for bytes of another length, and for values
    /// without a length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != EMBEDDING_LEN * size_of::<f32>() {
            return None;
        }
        let values: Vec<f32> = bytes
            .chunks_exact(size_of::<f32>())
            .filter_map(|chunk| chunk.try_into().ok().map(f32::from_le_bytes))
            .collect();
        unit(&values).ok().map(Self)
    }
}

/// Computes embeddings.
pub struct Embedder {
    model: Box<dyn Model>,
    /// The network's input: the aligned face and its mirror image, interleaved red, green and blue, -1 to 1.
    input: Vec<f32>,
}

impl Embedder {
    /// An embedder on the `face_embedding` model. Fails with [`ErrorKind::ModelUnreadable`] when the model takes
    /// another input.
    pub fn new(model: Box<dyn Model>) -> Result<Self, Error> {
        expect_input(model.as_ref(), &[2, SIDE_PX, SIDE_PX, 3])?;
        Ok(Self { model, input: vec![0.0; 2 * SIDE_PX * SIDE_PX * 3] })
    }

    /// The embedding of the face whose points in `frame` are `mesh`: of the face and its mirror image together,
    /// so that light from one side matters less. Fails with [`ErrorKind::Inference`] when the points fall
    /// together.
    pub fn embed(&mut self, frame: RgbaView<'_>, mesh: &Mesh) -> Result<Embedding, Error> {
        let to_frame = Similarity::between(&TEMPLATE, &mesh.keypoints())
            .filter(|map| map.scale() > 0.0)
            .ok_or_else(|| Error::new(ErrorKind::Inference, "the face's points fall together"))?;
        let (upright, mirrored) = self.input.split_at_mut(SIDE_PX * SIDE_PX * 3);
        sample(
            frame,
            SIDE_PX,
            to_frame.scale(),
            |x, y| to_frame.apply(x, y),
            |at, rgb| {
                let (row, column) = (at / SIDE_PX, at % SIDE_PX);
                let twin = row * SIDE_PX + SIDE_PX - 1 - column;
                for (channel, value) in rgb.into_iter().enumerate() {
                    let value = value / 127.5 - 1.0;
                    upright[at * 3 + channel] = value;
                    mirrored[twin * 3 + channel] = value;
                }
            },
        );
        let outputs = self.model.run(&self.input)?;
        let values = output(&outputs, 0, 2 * EMBEDDING_LEN)?;
        let (upright, mirrored) = values.split_at(EMBEDDING_LEN);
        let (upright, mirrored) = (unit(upright)?, unit(mirrored)?);
        let sum: Vec<f32> = upright.iter().zip(&mirrored).map(|(a, b)| a + b).collect();
        Ok(Embedding(unit(&sum)?))
    }
}

fn unit(values: &[f32]) -> Result<[f32; EMBEDDING_LEN], Error> {
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    let mut out = [0.0; EMBEDDING_LEN];
    if !length.is_normal() {
        return Err(Error::new(ErrorKind::Inference, "the embedding has no length"));
    }
    for (out, value) in out.iter_mut().zip(values) {
        *out = value / length;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::MESH_POINTS;
    use crate::inference::Tensor;
    use crate::inference::fake::FakeModel;
    use idv_protocol::Size;

    #[test]
    fn a_face_is_aligned_mirrored_and_normalised() {
        let size = Size { width: 224, height: 224 };
        // Brighter from left to right: red is half the column.
        let data: Vec<u8> = (0..224 * 224).flat_map(|i| [(i % 224) as u8 / 2, 255, 0, 255]).collect();
        let frame = RgbaView::new(&data, size).expect("fits");
        let model = FakeModel::new(&[2, SIDE_PX, SIDE_PX, 3], |input| {
            let red = |face: usize, column: usize| {
                (input[((face * SIDE_PX + 50) * SIDE_PX + column) * 3] + 1.0) * 127.5
            };
            // The face is shown at half its size, so the red of column c is about c.
            assert!((red(0, 10) - 10.0).abs() < 1.5 && (red(0, 100) - 100.0).abs() < 1.5);
            assert!((red(1, 101) - red(0, 10)).abs() < 1e-3);
            let mut values = vec![0.0; 2 * EMBEDDING_LEN];
            (values[0], values[EMBEDDING_LEN + 1]) = (7.0, 3.0);
            vec![Tensor { shape: vec![2, EMBEDDING_LEN], values }]
        });
        let mut mesh = Mesh { points: vec![[0.0; 3]; MESH_POINTS], score: 1.0 };
        let corners = [(33, 133), (362, 263), (1, 1), (61, 61), (291, 291)];
        for ((a, b), p) in corners.into_iter().zip(TEMPLATE) {
            mesh.points[a] = [p.x * 2.0, p.y * 2.0, 0.0];
            mesh.points[b] = mesh.points[a];
        }
        let mut embedder = Embedder::new(Box::new(model)).expect("shape fits");
        let embedding = embedder.embed(frame, &mesh).expect("embeds");
        assert!((embedding.similarity(&embedding) - 1.0).abs() < 1e-6);
        assert!((embedding.0[0] - embedding.0[1]).abs() < 1e-6, "both halves count the same");
        let kept = Embedding::from_bytes(&embedding.to_bytes()).expect("comes back");
        assert!((kept.similarity(&embedding) - 1.0).abs() < 1e-6);
        assert!(Embedding::from_bytes(&[0; 4]).is_none());
        assert!(Embedding::from_bytes(&[0; 4 * EMBEDDING_LEN]).is_none(), "it points nowhere");
        let nowhere = Mesh { points: vec![[9.0; 3]; MESH_POINTS], score: 1.0 };
        assert_eq!(embedder.embed(frame, &nowhere).err().expect("refused").kind(), ErrorKind::Inference);
    }
}
