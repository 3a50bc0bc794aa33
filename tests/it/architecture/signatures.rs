//! A function takes and returns values with names: its signature has no tuple patterns, and no tuples of three or more.
//! What is always passed together is one value.

use super::source::{expect_none, sources};

/// Returns the names of the functions of `code` whose signature is faulty.
fn functions_with(code: &str, is_faulty: fn(&str) -> bool) -> Vec<&str> {
    let starts = code.match_indices("fn ").filter(|(at, _)| {
        let before = code[..*at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    });
    let signatures = starts.map(|(at, word)| &code[at + word.len()..]);
    let found = signatures.filter(|text| is_faulty(signature(text)));
    found.map(name).collect()
}

/// Returns the signature at the start of `text`.
fn signature(text: &str) -> &str {
    // A semicolon inside a line belongs to an array type.
    let end = text.find('{').unwrap_or(text.len());
    let end = text[..end].find(";\n").unwrap_or(end);
    &text[..end]
}

fn name(signature: &str) -> &str {
    let end = signature.find(|c: char| !c.is_alphanumeric() && c != '_');
    &signature[..end.unwrap_or(signature.len())]
}

/// Whether the parameters include a context and a profile, which a `ProfileSession` holds together.
fn has_context_and_target(signature: &str) -> bool {
    let has = |name: &str| {
        let mut ends = signature
            .match_indices(name)
            .map(|(at, name)| &signature[at + name.len()..]);
        ends.any(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    has(": &Context") && has(": &Target")
}

/// Returns whether the signature has a tuple pattern, or a tuple of three or more.
fn has_tuple(signature: &str) -> bool {
    let signature: Vec<char> = signature.chars().collect();
    let opened = |at: &usize| signature[*at] == '(';
    (0..signature.len()).filter(opened).any(|at| {
        let (members, close) = members(&signature[at..]);
        let before = signature[..at].iter().rev().find(|c| !c.is_whitespace());
        // A call of `Fn`, or the parameters of the function, follow a name or its generics.
        let is_list = before.is_none_or(|c| c.is_alphanumeric() || "_>!".contains(*c));
        let is_arrow = signature[..at].iter().rev().filter(|c| !c.is_whitespace());
        let is_arrow = is_arrow.take(2).eq(['>', '-'].iter());
        let next = signature[at + close + 1..].iter();
        let is_pattern = next.clone().next() == Some(&':');
        (!is_list || is_arrow) && (members >= 3 || is_pattern)
    })
}

/// Returns the number of members of the list at the start of `text`, and the index of its closing parenthesis.
fn members(text: &[char]) -> (usize, usize) {
    let (mut depth, mut commas, mut is_empty) = (0, 0, true);
    for (at, c) in text.iter().enumerate() {
        let is_arrow = *c == '>' && at > 0 && text[at - 1] == '-';
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' if depth == 1 => return (commas + usize::from(!is_empty), at),
            ')' | ']' => depth -= 1,
            '>' if !is_arrow => depth -= 1,
            ',' if depth == 1 => {
                commas += 1;
                is_empty = true;
                continue;
            }
            _ => {}
        }
        is_empty = is_empty && (at == 0 || c.is_whitespace());
    }
    (0, text.len() - 1)
}

/// Fails with `hint` if a signature of the sources is faulty.
fn expect_no_function_with(is_faulty: fn(&str) -> bool, hint: &str) {
    let found: Vec<String> = sources()
        .flat_map(|source| {
            let names = functions_with(&source.code, is_faulty).into_iter();
            names.map(move |name| format!("{}: {name}", source.path))
        })
        .collect();
    expect_none(&found, hint);
}

#[test]
fn signatures_have_no_unnamed_tuples() {
    expect_no_function_with(
        has_tuple,
        "pass the values one by one, or in a struct that names what they are together",
    );
}

#[test]
fn a_profile_is_passed_with_its_context() {
    let code = "fn f(context: &Context, target: &Target) { g(); }";
    assert_eq!(functions_with(code, has_context_and_target), ["f"]);
    expect_no_function_with(has_context_and_target, "pass a `ProfileSession`");
}

#[test]
fn tuples_of_a_signature_are_found() {
    for (signature, is_fault) in [
        ("f(a: A, b: B, c: C) -> D", false),
        ("f<T: Fn(A, B, C)>(a: T) -> (A, B)", false),
        ("f(a: impl Fn(A, B, C) -> D, b: fn(A, B, C))", false),
        ("f(a: &[(A, B)])", false),
        ("f((a, b): (A, B))", true),
        ("f(a: A, (b, c): &(B, C))", true),
        ("f(\n    a: (A, B, C),\n)", true),
        ("f(a: Vec<(A, B<X, Y>, C)>)", true),
        ("f() -> Option<(A, B, C)>", true),
        ("f() -> (A, B, C)", true),
        ("f(a: [u8; 2], (b, c): (B, C))", true),
    ] {
        let code = format!("async fn {signature} {{ g((a, b, c)); }}");
        assert_eq!(
            functions_with(&code, has_tuple) == ["f"],
            is_fault,
            "{code}"
        );
    }
}
