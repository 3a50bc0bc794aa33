//! Text from anywhere on its way to a terminal.

use brainmaps::domain::{sanitize_line, sanitize_text};
use brainmaps::host::Terminal;
use brainmaps::ui::{
    ColorWhen, Column, KeyValues, Line, Options, Shell, Span, StreamStyle, Table, TestShell,
};

/// No text steers a terminal, hides what stands beside it, or leaves a style switched on; JSON keeps its value.
pub(crate) fn terminal(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    calm(&sanitize_text(&text), true);
    let line = sanitize_line(&text);
    calm(&line, true);
    assert!(!line.contains('\n'));
    assert_eq!(sanitize_line(&line), line, "once is enough");
    for (utf8, colour) in [(true, true), (true, false), (false, true), (false, false)] {
        for width in [1, 20, 80] {
            let look = StreamStyle {
                terminal: true,
                width,
                colour,
                utf8,
            };
            rendered(&text, &look);
        }
        streamed(&text, utf8);
    }
}

fn rendered(text: &str, look: &StreamStyle) {
    let spans = [
        Span::plain,
        Span::bold,
        Span::dim,
        Span::good,
        Span::warn,
        Span::bad,
    ];
    let line: Line = spans.iter().map(|style| style(text.to_owned())).collect();
    calm(&line.paint(look), look.utf8);
    let mut table = Table::new([Column::fixed("id"), Column::flexible("name")]);
    table.add_row([Span::plain(text), Span::bad(text)]);
    table.add_row([Span::plain("1"), Span::plain("")]);
    calm(&table.render(look), look.utf8);
    let facts = KeyValues::default()
        .with("name", Span::good(text))
        .with("x", text);
    calm(&facts.render(look), look.utf8);
}

fn streamed(text: &str, utf8: bool) {
    let terminal = Terminal {
        stdout: true,
        stderr: true,
        utf8,
        ..Terminal::absent()
    };
    let options = Options {
        verbose: 2,
        color: ColorWhen::Never,
        ..Options::default()
    };
    let TestShell {
        shell,
        stdout,
        stderr,
    } = Shell::with_test_buffers(terminal, options);
    shell.error(text);
    shell.hint(text);
    shell.diagnostic(text);
    calm(&stderr.text(), utf8);
    shell
        .document(&serde_json::json!({ "text": text }))
        .unwrap();
    let document = stdout.text();
    calm(&document, utf8);
    let read: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(read["text"], text);
}

/// Nothing but text, line feeds and our own styles, each of which ends.
fn calm(text: &str, utf8: bool) {
    let mut plain = String::with_capacity(text.len());
    let mut is_styled = false;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let (codes, more) = after.split_once('m').expect("a style");
        assert!(
            codes.chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{text:?}"
        );
        is_styled = codes != "0";
        rest = more;
    }
    plain.push_str(rest);
    assert!(!is_styled, "{text:?}");
    assert!(
        plain.chars().all(|c| c == '\n' || !c.is_control()),
        "{text:?}"
    );
    assert_eq!(sanitize_text(&plain), plain, "{text:?}");
    assert!(utf8 || plain.is_ascii(), "{text:?}");
}
