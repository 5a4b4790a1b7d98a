//! Lists of actions on the command line.

use clap::Args;
use idv_protocol::{Action, ActionKind};

/// What is asked for.
#[derive(Args)]
pub struct Asked {
    /// Actions in order, such as `turn_left,blink:2`, from the person's own point of view; the number says how often.
    /// Given again for each list that may be drawn.
    #[arg(long, required = true, value_parser = list)]
    actions: Vec<List>,
    /// Time within which an action that is asked for must be seen, in ms.
    #[arg(long, default_value_t = 6000)]
    window_ms: u32,
}

/// One list that may be drawn.
#[derive(Clone, Debug)]
struct List(Vec<(ActionKind, u32)>);

impl Asked {
    /// The lists.
    pub fn draws(&self) -> Vec<Vec<Action>> {
        let action = |(kind, times): &(ActionKind, u32)| Action {
            kind: *kind,
            times: *times,
            window_ms: self.window_ms,
        };
        self.actions.iter().map(|list| list.0.iter().map(action).collect()).collect()
    }
}

fn list(text: &str) -> Result<List, String> {
    text.split(',').map(action).collect::<Result<_, _>>().map(List)
}

fn action(text: &str) -> Result<(ActionKind, u32), String> {
    let (name, times) = text.split_once(':').unwrap_or((text, "1"));
    let times = times.parse().map_err(|_| format!("'{times}' is no number"))?;
    let kind = ActionKind::ALL.into_iter().find(|kind| kind.code() == name);
    let known = || ActionKind::ALL.map(ActionKind::code).join(", ");
    let kind = kind.ok_or_else(|| format!("'{name}' is none of {}", known()))?;
    Ok((kind, times))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_actions_is_read() {
        let asked = Asked { actions: vec![list("turn_left,blink:2").expect("a list")], window_ms: 5000 };
        let read: Vec<_> = asked.draws()[0].iter().map(|a| (a.kind, a.times, a.window_ms)).collect();
        assert_eq!(read, [(ActionKind::TurnLeft, 1, 5000), (ActionKind::Blink, 2, 5000)]);
        assert!(list("turn_left,jump").is_err() && list("blink:x").is_err());
    }
}
