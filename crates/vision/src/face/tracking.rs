//! One face from frame to frame: its points are followed, and the whole frame is searched again now and then.
//!
//! In: frames with their times. Out: the faces of each, and the mesh of the largest. Rule: what is followed is one face
//! that was found alone; the whole frame is searched at least every [`TrackerParams::detect_every_ms`], so that a second
//! face is seen no later than that, and at once where the mesh loses the face or leaps.

use super::detector::{Face, FaceDetector, main_faces};
use super::mesh::{FaceMesh, Mesh, Region};
use crate::error::Error;
use crate::frame::RgbaView;
use idv_protocol::PxRect;

/// When the whole frame is searched again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackerParams {
    /// Most frames from search to search. In five frames of 30 a second, a face moves by less than its width.
    pub detect_every_frames: u32,
    /// Longest time from search to search in ms: half of the shortest time in which the flow decides anything.
    pub detect_every_ms: f64,
    /// Certainty of the mesh below which the face is lost; MediaPipe's own default.
    pub min_mesh_score: f32,
    /// How far a face may move from frame to frame, over its size; beyond, another one may have taken its place.
    pub max_shift_ratio: f32,
    /// How much it may grow or shrink from frame to frame, as logarithm.
    pub max_scale_ln: f32,
}

impl Default for TrackerParams {
    fn default() -> Self {
        Self {
            detect_every_frames: 5,
            detect_every_ms: 200.0,
            min_mesh_score: 0.5,
            max_shift_ratio: 0.3,
            max_scale_ln: 0.3,
        }
    }
}

/// The faces of one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tracked {
    /// Largest first, without those in the background. A face that was followed has the box of the search it was found in,
    /// moved and scaled as its mesh has been since.
    pub faces: Vec<Face>,
    /// The points of the largest, where the network is sure of them.
    pub mesh: Option<Mesh>,
    /// True when the whole frame was searched.
    pub searched: bool,
}

/// Follows a face.
#[derive(Debug, Default)]
pub struct FaceTracker {
    params: TrackerParams,
    last: Option<Last>,
}

/// The one face of the frame before.
#[derive(Debug)]
struct Last {
    face: Face,
    mesh: Mesh,
    frames: u32,
    searched_at_ms: f64,
}

impl FaceTracker {
    /// A tracker with these parameters.
    pub fn new(params: TrackerParams) -> Self {
        Self { params, last: None }
    }

    /// The faces of `frame`, taken at `at_ms` (monotonic). The detector has the frame as its input in any case, so that
    /// each frame has its leaf ([`crate::commitment`]). Fails with [`crate::ErrorKind::Inference`].
    pub fn look(
        &mut self,
        detector: &mut FaceDetector,
        mesh: &mut FaceMesh,
        frame: RgbaView<'_>,
        at_ms: f64,
    ) -> Result<Tracked, Error> {
        if let Some(last) = self.last.take()
            && last.frames + 1 < self.params.detect_every_frames
            && at_ms - last.searched_at_ms < self.params.detect_every_ms
        {
            let now = mesh.follow(frame, &last.mesh)?;
            if let Some(face) = self.moved(&last, &now) {
                detector.see(frame);
                self.last = Some(Last { face, mesh: now.clone(), frames: last.frames + 1, ..last });
                return Ok(Tracked { faces: vec![face], mesh: Some(now), searched: false });
            }
        }
        let faces = main_faces(detector.detect(frame)?);
        let found = match faces.first() {
            Some(face) => {
                Some(mesh.fit(frame, face)?).filter(|found| found.score >= self.params.min_mesh_score)
            }
            None => None,
        };
        if let ([face], Some(found)) = (faces.as_slice(), &found) {
            self.last = Some(Last { face: *face, mesh: found.clone(), frames: 0, searched_at_ms: at_ms });
        }
        Ok(Tracked { faces, mesh: found, searched: true })
    }

    /// The face of `last`, where its points are `now`; `None` where they are no longer its.
    fn moved(&self, last: &Last, now: &Mesh) -> Option<Face> {
        let (before, after) = (Region::of(&last.mesh), Region::of(now));
        let scale = after.size_px / before.size_px.max(1.0);
        let follows = now.score >= self.params.min_mesh_score
            && before.centre.distance(after.centre) <= self.params.max_shift_ratio * before.size_px
            && scale.ln().abs() <= self.params.max_scale_ln;
        let rect = last.face.rect;
        let centre = last.face.centre();
        let (width, height) = (rect.width * scale, rect.height * scale);
        follows.then(|| Face {
            rect: PxRect {
                x: after.centre.x + (centre.x - before.centre.x) * scale - width / 2.0,
                y: after.centre.y + (centre.y - before.centre.y) * scale - height / 2.0,
                width,
                height,
            },
            score: last.face.score,
            keypoints: now.keypoints(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::{DETECTOR_SIDE_PX, FaceDetectorParams, MESH_POINTS, MESH_SIDE_PX};
    use crate::inference::Tensor;
    use crate::inference::fake::FakeModel;
    use idv_protocol::Size;
    use std::sync::{Arc, Mutex};

    const SIZE: Size = Size { width: 320, height: 320 };

    /// What the networks see, and how often the detector was asked.
    #[derive(Clone, Copy)]
    struct Seen {
        faces: usize,
        score: f32,
        /// Where the face's points lie in the mesh's input, from its middle.
        shift: f32,
        searches: usize,
    }

    struct Stage {
        seen: Arc<Mutex<Seen>>,
        detector: FaceDetector,
        mesh: FaceMesh,
        tracker: FaceTracker,
        at_ms: f64,
    }

    impl Stage {
        fn new() -> Self {
            let seen = Arc::new(Mutex::new(Seen { faces: 1, score: 0.9, shift: 0.0, searches: 0 }));
            let (detected, meshed) = (seen.clone(), seen.clone());
            let side = DETECTOR_SIDE_PX;
            let detector = FakeModel::new(&[1, 3, side, side], move |_| {
                let mut seen = detected.lock().expect("lock");
                seen.searches += 1;
                let mut outputs = Vec::new();
                for values in [1, 1, 4, 10] {
                    for stride in [8, 16, 32] {
                        let cells = (side / stride) * (side / stride);
                        let mut values_of = vec![0.0; cells * values];
                        for cell in [44, 48].into_iter().take(if stride == 32 { seen.faces } else { 0 }) {
                            match values {
                                1 => values_of[cell] = 0.95,
                                4 => values_of[cell * 4 + 2..cell * 4 + 4].fill(3f32.ln()),
                                _ => {}
                            }
                        }
                        outputs.push(Tensor { shape: vec![1, cells, values], values: values_of });
                    }
                }
                outputs
            });
            let mesh = FakeModel::new(&[1, 3, MESH_SIDE_PX, MESH_SIDE_PX], move |_| {
                let seen = *meshed.lock().expect("lock");
                // A ring of two thirds of the input's side, which is what the crop leaves of a face.
                let points = (0..MESH_POINTS).flat_map(|i| {
                    let angle = i as f32 / MESH_POINTS as f32 * std::f32::consts::TAU;
                    [96.0 + seen.shift + 64.0 * angle.cos(), 96.0 + 64.0 * angle.sin(), 0.0]
                });
                let mut values: Vec<f32> = points.collect();
                for (index, x) in [(33, 60.0), (133, 80.0), (362, 112.0), (263, 132.0)] {
                    values[index * 3] = x + seen.shift;
                    values[index * 3 + 1] = 96.0;
                }
                vec![
                    Tensor { shape: vec![1, 1404], values },
                    Tensor { shape: vec![1, 1], values: vec![seen.score] },
                ]
            });
            Self {
                seen,
                detector: FaceDetector::new(Box::new(detector), FaceDetectorParams::default()).expect("fits"),
                mesh: FaceMesh::new(Box::new(mesh)).expect("fits"),
                tracker: FaceTracker::default(),
                at_ms: 0.0,
            }
        }

        fn look(&mut self, after_ms: f64) -> Tracked {
            self.at_ms += after_ms;
            let data = vec![90; SIZE.width as usize * SIZE.height as usize * 4];
            let frame = RgbaView::new(&data, SIZE).expect("fits");
            let tracked =
                self.tracker.look(&mut self.detector, &mut self.mesh, frame, self.at_ms).expect("runs");
            let mut pixels = Vec::new();
            assert!(
                self.detector.take_input(&mut pixels).is_some() && !pixels.is_empty(),
                "each frame has a leaf"
            );
            tracked
        }

        fn searches(&self) -> usize {
            self.seen.lock().expect("lock").searches
        }
    }

    #[test]
    fn the_whole_frame_is_searched_in_one_frame_of_five() {
        let mut stage = Stage::new();
        let searched: Vec<bool> = (0..11).map(|_| stage.look(33.0).searched).collect();
        assert_eq!(searched.iter().filter(|searched| **searched).count(), 3);
        assert!(searched[0] && searched[5] && searched[10]);
    }

    #[test]
    fn slow_frames_are_searched_by_the_clock() {
        let mut stage = Stage::new();
        let searched: Vec<bool> = (0..4).map(|_| stage.look(110.0).searched).collect();
        assert_eq!(searched, [true, false, true, false]);
    }

    #[test]
    fn a_lost_or_leaping_face_is_searched_for_in_the_same_frame() {
        let mut stage = Stage::new();
        stage.look(33.0);
        stage.seen.lock().expect("lock").score = 0.1;
        let tracked = stage.look(33.0);
        assert!(tracked.searched && tracked.mesh.is_none() && tracked.faces.len() == 1);
        stage.seen.lock().expect("lock").score = 0.9;
        assert!(stage.look(33.0).searched, "nothing is followed until a mesh is sure");
        assert!(!stage.look(33.0).searched);
        stage.seen.lock().expect("lock").shift = 60.0;
        assert!(stage.look(33.0).searched);
        assert_eq!(stage.searches(), 4);
    }

    #[test]
    fn several_faces_are_searched_for_in_each_frame() {
        let mut stage = Stage::new();
        stage.seen.lock().expect("lock").faces = 2;
        assert!((0..3).all(|_| stage.look(33.0).faces.len() == 2));
        assert_eq!(stage.searches(), 3);
    }

    #[test]
    fn a_followed_face_moves_with_its_points() {
        let mut stage = Stage::new();
        let first = stage.look(33.0).faces[0];
        stage.seen.lock().expect("lock").shift = 8.0;
        let tracked = stage.look(33.0);
        assert!(!tracked.searched);
        let moved = tracked.faces[0].rect.x - first.rect.x;
        assert!(moved > 4.0 && moved < 16.0, "{moved}");
        assert!((tracked.faces[0].rect.width - first.rect.width).abs() < 1.0);
    }
}
