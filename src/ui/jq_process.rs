//! Evaluates a jq expression in another process of this program: an expression that uses up the stack or the memory ends
//! that process, and the document with its secret stays in this one.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::thread;

use zeroize::Zeroizing;

use super::jq_run::STACK_SIZE;
use super::{FilterError, JqFilter, StreamStyle};
use crate::host::{
    disable_core_dumps_and_ptrace, end_with_parent, limit_memory, start_own_program,
};

/// The first argument of that process. It is followed by a style and the expression; the document is its stdin.
const ARGUMENT: &str = "--evaluate-jq";

/// The styles in which results differ, by their names in the second argument.
const STYLES: [(&str, bool, bool); 3] = [
    ("pipe", false, true),
    ("terminal", true, true),
    ("ascii-terminal", true, false),
];

/// What a part of the output is: its first byte, which is followed by the length of the rest.
const RESULT: u8 = b'r';
const FAILED: u8 = b'f';
const COMPLETE: u8 = b'c';

/// The memory of that process, in bytes, so that the system does not end another one.
const MEMORY_LIMIT: u64 = 512 * 1024 * 1024;

const ENDED: &str = "the evaluation used up its stack or memory";

impl JqFilter {
    /// As [`JqFilter::for_each_result`], in another process.
    pub(super) fn for_each_result_elsewhere(
        &self,
        document: &[u8],
        stream: &StreamStyle,
        mut push: impl FnMut(String) -> bool,
    ) -> Result<(), FilterError> {
        let arguments = [ARGUMENT, style_name(stream), self.expression()];
        let process = start_own_program(&arguments.map(OsStr::new));
        let mut process = process.map_err(|error| cannot_evaluate(&error))?;
        if let Some(mut input) = process.stdin.take() {
            // Fails if the process has ended, which its output shows.
            let _ = input.write_all(document);
        }
        let mut output = process.stdout.take();
        let result = loop {
            match output.as_mut().map(read_part) {
                Some(Ok((RESULT, text))) => {
                    if !push(text) {
                        // The receiver is closed.
                        break Ok(());
                    }
                }
                Some(Ok((COMPLETE, _))) => break Ok(()),
                Some(Ok((FAILED, message))) => break Err(FilterError::Jq(message)),
                _ => break Err(FilterError::Jq(ENDED.to_owned())),
            }
        };
        // Fails if the process has ended. Its status adds nothing to the result.
        let _ = process.kill();
        let _ = process.wait();
        result
    }
}

/// Evaluates an expression if this process was started for that, and returns its exit status.
pub fn run_jq_process(arguments: &[OsString]) -> Option<u8> {
    let [_, first, style, expression] = arguments else {
        return None;
    };
    if first != ARGUMENT {
        return None;
    }
    disable_core_dumps_and_ptrace();
    end_with_parent();
    limit_memory(MEMORY_LIMIT);
    let style = style_named(&style.to_string_lossy());
    let expression = expression.to_string_lossy().into_owned();
    let thread = thread::Builder::new().stack_size(STACK_SIZE);
    let evaluation = thread.spawn(move || evaluate(&style, &expression));
    let done = evaluation.ok().and_then(|thread| thread.join().ok());
    Some(u8::from(!matches!(done, Some(Ok(())))))
}

fn evaluate(style: &StreamStyle, expression: &str) -> io::Result<()> {
    let mut document = Zeroizing::new(Vec::new());
    io::stdin().read_to_end(&mut document)?;
    let mut output = io::stdout();
    let evaluated = JqFilter::compile(expression).and_then(|filter| {
        filter.for_each_result(&document, style, |result| {
            write_part(&mut output, RESULT, &result).is_ok()
        })
    });
    match evaluated {
        Ok(()) => write_part(&mut output, COMPLETE, ""),
        Err(FilterError::Jq(message)) => write_part(&mut output, FAILED, &message),
        Err(error) => write_part(&mut output, FAILED, &error.to_string()),
    }
}

fn write_part(output: &mut impl Write, kind: u8, text: &str) -> io::Result<()> {
    output.write_all(&[kind])?;
    output.write_all(&(text.len() as u64).to_le_bytes())?;
    output.write_all(text.as_bytes())?;
    output.flush()
}

fn read_part(output: &mut impl Read) -> io::Result<(u8, String)> {
    let (mut kind, mut length) = ([0], [0; 8]);
    output.read_exact(&mut kind)?;
    output.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut text = String::new();
    let read = output.take(length).read_to_string(&mut text)?;
    if read as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((kind[0], text))
}

fn style_name(stream: &StreamStyle) -> &'static str {
    let is_same = |(_, terminal, utf8): &&(&str, bool, bool)| {
        *terminal == stream.terminal && (*utf8 == stream.utf8 || !terminal)
    };
    let found = STYLES.iter().find(is_same);
    found.map_or(STYLES[0].0, |(name, ..)| name)
}

fn style_named(name: &str) -> StreamStyle {
    let found = STYLES.iter().find(|(it, ..)| *it == name);
    let (_, terminal, utf8) = *found.unwrap_or(&STYLES[0]);
    StreamStyle {
        terminal,
        utf8,
        ..StreamStyle::PLAIN
    }
}

fn cannot_evaluate(error: &io::Error) -> FilterError {
    FilterError::Jq(format!("cannot start the evaluation: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_written_and_a_cut_one_is_an_error() {
        let mut written = Vec::new();
        for (kind, text) in [(RESULT, "a\nb\0c"), (RESULT, ""), (COMPLETE, "")] {
            write_part(&mut written, kind, text).unwrap();
        }
        let mut output = &*written;
        assert_eq!(
            read_part(&mut output).unwrap(),
            (RESULT, "a\nb\0c".to_owned())
        );
        assert_eq!(read_part(&mut output).unwrap(), (RESULT, String::new()));
        assert_eq!(read_part(&mut output).unwrap(), (COMPLETE, String::new()));
        assert!(read_part(&mut output).is_err());
        for end in 0..14 {
            assert!(read_part(&mut &written[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn style_of_the_results_is_that_of_the_stream() {
        for (terminal, utf8) in [(false, true), (true, true), (true, false)] {
            let stream = StreamStyle {
                terminal,
                utf8,
                ..StreamStyle::PLAIN
            };
            assert_eq!(style_named(style_name(&stream)), stream);
        }
    }
}
