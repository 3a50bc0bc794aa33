//! Reads what the user pastes while a login listens for the browser.

use tokio::sync::mpsc::unbounded_channel;

use crate::actions::PastedTexts;
use crate::cli::app::App;
use crate::ui::prompt::HiddenLines;

/// Returns `true` if a login can read what the user pastes while it listens.
pub(super) fn can_paste(app: &App) -> bool {
    app.shows_questions() && HiddenLines::can_start()
}

/// Starts to read what the user pastes. Without a terminal, reads nothing.
pub(super) fn read_pasted_texts(app: &App) -> (Option<HiddenLines>, Option<PastedTexts>) {
    if !can_paste(app) {
        return (None, None);
    }
    let (sender, texts) = unbounded_channel();
    let reader = HiddenLines::start(move |text| sender.send(text).is_ok());
    match reader {
        Ok(reader) => (Some(reader), Some(texts)),
        Err(_) => (None, None),
    }
}
