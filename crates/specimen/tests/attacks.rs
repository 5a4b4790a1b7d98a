//! Attack recordings: the same for the same seed, and each does what its name says.

mod support;

use idv_protocol::{Action, ActionKind};
use idv_specimen::assets::Assets;
use idv_specimen::person::Subject;
use idv_specimen::recording::{AttackKind, FRONT_MS, Recording, Settings, attack};
use idv_vision::face::{head_pose, nose_offset};
use support::{FaceReader, assets, need, subject};

/// The middle of the hold of a turn that is asked for first, in ms.
const TURNED_MS: f64 = FRONT_MS + 950.0;

fn stranger(assets: &Assets) -> Subject {
    need(Subject::find(need(assets.picture("obama.jpg")), assets.models_dir()))
}

fn made(kinds: &[AttackKind], settings: Settings) -> Vec<(AttackKind, Recording)> {
    let assets = assets();
    let (shown, attacker) = (subject(&assets), stranger(&assets));
    let draw =
        [ActionKind::TurnLeft, ActionKind::Blink].map(|kind| Action { kind, times: 2, window_ms: 6000 });
    let one = |kind| (kind, need(attack(&settings, kind, &shown, &attacker, &[draw])));
    kinds.iter().copied().map(one).collect()
}

#[test]
fn the_same_seed_gives_the_same_attack_and_another_seed_another() {
    let kinds = [AttackKind::PrintBent, AttackKind::CutOut, AttackKind::MonitorAnswer];
    let small = |seed| made(&kinds, Settings::new(seed).sized(320, 180));
    for (((kind, one), (_, same)), (_, other)) in small(1).iter().zip(&small(1)).zip(&small(2)) {
        let frame = one.frame_at(TURNED_MS);
        assert!(frame == same.frame_at(TURNED_MS), "{kind:?} is not repeated");
        assert!(frame != other.frame_at(TURNED_MS), "{kind:?} does not differ by seed");
        assert!(frame != one.frame_at(0.0), "{kind:?} does not move");
    }
}

#[test]
fn a_film_that_answers_turns_the_head_and_a_print_only_its_paper() {
    let mut reader = FaceReader::new(&assets());
    for (kind, recording) in
        made(&[AttackKind::PhoneAnswer, AttackKind::MonitorAnswer, AttackKind::Mask], Settings::new(3))
    {
        let mesh = reader.read(&recording.frame_at(TURNED_MS));
        assert!(head_pose(&mesh).yaw_deg > 20.0, "{kind:?}: {:?}", head_pose(&mesh));
    }
    for (kind, recording) in made(&[AttackKind::PrintMoved, AttackKind::PhoneOther], Settings::new(3)) {
        let offset = nose_offset(&reader.read(&recording.frame_at(TURNED_MS)));
        assert!(offset < 0.2, "{kind:?}: {offset}");
    }
}

#[test]
fn an_injected_file_shows_each_frame_twice_and_a_camera_never_does() {
    let twice = |recording: &Recording| recording.frame_at(3002.0) == recording.frame_at(3036.0);
    for (kind, recording) in
        made(&[AttackKind::InjectedAnswer, AttackKind::PhoneAnswer], Settings::new(4).sized(320, 180))
    {
        assert_eq!(twice(&recording), kind == AttackKind::InjectedAnswer, "{kind:?}");
    }
}
