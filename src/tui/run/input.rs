//! Reads terminal input on a thread of its own, since crossterm's reads block.

use std::io;
use std::thread;

use crossterm::event::{self, Event as Input, MouseEventKind};
use tokio::sync::mpsc::UnboundedSender;

use crate::tui::msg::Msg;

/// Sends every input until the receiver is dropped. If the terminal cannot be read any more, sends [`Msg::Stop`].
pub(super) fn spawn_reader(send: UnboundedSender<Msg>) -> io::Result<()> {
    let read = move || {
        while let Ok(input) = event::read() {
            if !is_ignored(&input) && send.send(Msg::Input(input)).is_err() {
                return;
            }
        }
        // A dropped receiver means that the loop has ended already.
        let _ended = send.send(Msg::Stop);
    };
    // The thread ends with the process: a blocking read cannot be cancelled.
    thread::Builder::new()
        .name("input".to_owned())
        .spawn(read)
        .map(drop)
}

/// Mouse movements change nothing, and there are many of them.
fn is_ignored(input: &Input) -> bool {
    matches!(input, Input::Mouse(event) if matches!(
        event.kind,
        MouseEventKind::Moved | MouseEventKind::Drag(_) | MouseEventKind::Up(_)
    ))
}
