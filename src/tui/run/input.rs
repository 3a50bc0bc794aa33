//! Keys, mouse and pastes, read beside everything else.

use std::io;
use std::thread;

use crossterm::event::{self, Event as Input, MouseEventKind};
use tokio::sync::mpsc::UnboundedSender;

use crate::tui::msg::Msg;

/// Reads what the user does until nobody wants to know any more, or nothing can be read: then the user is gone.
pub(super) fn spawn_reader(send: UnboundedSender<Msg>) -> io::Result<()> {
    let read = move || {
        while let Ok(input) = event::read() {
            if !is_ignored(&input) && send.send(Msg::Input(input)).is_err() {
                return;
            }
        }
        // Where nobody listens any more, nothing is left to stop.
        let _ended = send.send(Msg::Stop);
    };
    // It ends with the process: there is no way to take a read back.
    thread::Builder::new()
        .name("input".to_owned())
        .spawn(read)
        .map(drop)
}

/// A mouse that only moves changes nothing, and there is much of it.
fn is_ignored(input: &Input) -> bool {
    matches!(input, Input::Mouse(event) if matches!(
        event.kind,
        MouseEventKind::Moved | MouseEventKind::Drag(_) | MouseEventKind::Up(_)
    ))
}
