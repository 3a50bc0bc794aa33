//! Generates sections of descriptions, most of which are valid, from a seed.

/// Fragments of texts: literals, placeholders that some call has, and mistakes.
pub(super) const FRAGMENTS: &[&str] = &[
    "x",
    "ä&=?",
    "{{",
    "}}",
    "{id}",
    "{name}",
    "{scopes}",
    "{permissions}",
    "{permanent}",
    "{active}",
    "{username}",
    "{password}",
    "{otp}",
    "{key}",
    "{refresh_token}",
    "{expires:days}",
    "{expires:seconds}",
    "{expires:ms}",
    "{expires:date}",
    "{expires:rfc3339}",
    "{expires:unix}",
    "{expires:unix_ms}",
    "{",
    "{nmae}",
    "",
];

/// A linear congruential generator (Knuth's MMIX constants): the same sequence on every machine.
pub(super) struct Seeded(pub(super) u64);

impl Seeded {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn fragment(&mut self, from: &[&'static str]) -> &'static str {
        // Mostly what the call has, so that enough descriptions are valid.
        if !from.is_empty() && self.below(12) > 0 {
            return from[self.below(from.len())];
        }
        FRAGMENTS[self.below(FRAGMENTS.len())]
    }

    fn text(&mut self, from: &[&'static str]) -> String {
        let count = 1 + self.below(3) / 2;
        (0..count).map(|_| self.fragment(from)).collect()
    }

    fn tree(&mut self, depth: usize, from: &[&'static str]) -> toml::Value {
        match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => toml::Value::Integer(7),
            1 => toml::Value::Boolean(true),
            5 => toml::Value::Array((0..2).map(|_| self.tree(depth - 1, from)).collect()),
            6 | 7 => self.table(depth - 1, from),
            _ => toml::Value::String(self.text(from)),
        }
    }

    fn table(&mut self, depth: usize, from: &[&'static str]) -> toml::Value {
        let names = ["a", "b", "a.b", "{x}"];
        let count = 1 + self.below(names.len());
        let members = names[..count].iter();
        toml::Value::Table(
            members
                .map(|name| ((*name).to_owned(), self.tree(depth, from)))
                .collect(),
        )
    }

    /// Returns a section with a call and a body that has, mostly, the placeholders of `from`.
    pub(super) fn section(
        &mut self,
        name: &str,
        rest: &str,
        from: &[&'static str],
    ) -> (String, String) {
        let in_url = self.text(&["x", "{id}", "y"]);
        let query = self.text(&["1", "{name}", "{scopes}"]);
        let body = self.table(2, from);
        let kind = ["json", "form"][self.below(2)];
        let mut section = toml::Table::new();
        let call = match self.below(4) {
            0 => format!("POST /k/{in_url}"),
            1 => format!("POST /k?q={query}&r=1"),
            _ => "POST /k".to_owned(),
        };
        section.insert("call".to_owned(), call.into());
        let has_headers = name != "login.password" && self.below(2) == 0;
        let header = toml::Value::from(self.text(from));
        let headers = has_headers.then(|| format!("headers = {{ x-call = {header} }}\n"));
        let headers = headers.unwrap_or_default();
        section.insert(kind.to_owned(), body);
        let text = toml::to_string(&section).unwrap();
        let text = text.replace(&format!("[{kind}"), &format!("[{name}.{kind}"));
        (
            format!("[{name}]\n{rest}{headers}{text}\n"),
            kind.to_owned(),
        )
    }
}
