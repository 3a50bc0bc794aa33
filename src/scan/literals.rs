//! Searches all literals at once: unencoded and in UTF-16 in the whole text, in base64 in long runs of its characters.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use super::encoding::{LAYERS, Layer};

/// How many layers of base64 are decoded.
const MAX_DEPTH: usize = 2;

/// What a literal announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// A key with a documented form.
    Key,
    Jwt,
    /// The value of this variable or header.
    Context(usize),
    Stored,
}

/// A literal in the form in which it is searched.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    /// The literal without the encodings.
    pub(super) plain: Vec<u8>,
    /// The encodings, the outermost first.
    pub(super) layers: Vec<Layer>,
    pub(super) target: Target,
}

/// An automaton, and the literal of each of its patterns.
type Automaton = (AhoCorasick, Vec<Literal>);

pub(super) struct Literals {
    plain: Automaton,
    /// The same literals, also in UTF-16.
    wide: Automaton,
    encoded: Automaton,
}

impl Literals {
    /// # Errors
    /// If there are too many literals.
    pub(super) fn new(targets: Vec<(String, Target)>) -> Result<Self, String> {
        let mut plain_literals = Vec::new();
        let mut wide_literals = Vec::new();
        let mut encoded_literals = Vec::new();
        for (text, target) in targets {
            let plain = Literal {
                plain: text.into_bytes(),
                layers: Vec::new(),
                target,
            };
            let wide = plain.within(Layer::Utf16);
            encoded_literals.extend(plain.in_base64(MAX_DEPTH));
            encoded_literals.extend(wide.in_base64(1));
            wide_literals.extend([plain.clone(), wide]);
            plain_literals.push(plain);
        }
        Ok(Self {
            plain: build_automaton(plain_literals, MatchKind::LeftmostFirst)?,
            wide: build_automaton(wide_literals, MatchKind::LeftmostFirst)?,
            encoded: build_automaton(encoded_literals, MatchKind::Standard)?,
        })
    }

    /// Returns each literal that begins in `text` at or after `from`, with its position.
    pub(super) fn find_direct<'a>(
        &'a self,
        text: &'a [u8],
        from: usize,
    ) -> impl Iterator<Item = (usize, &'a Literal)> {
        // Only UTF-16 and binary data have zero bytes; with fewer literals the search is faster.
        let has_zero = memchr::memchr(0, text).is_some();
        let (automaton, literals) = if has_zero { &self.wide } else { &self.plain };
        let found = automaton.find_iter(aho_corasick::Input::new(text).range(from..));
        found.map(|it| (it.start(), &literals[it.pattern().as_usize()]))
    }

    /// Returns each base64 form of a literal in `run`.
    pub(super) fn find_encoded<'a>(
        &'a self,
        run: &'a [u8],
    ) -> impl Iterator<Item = (usize, &'a Literal)> {
        let (automaton, literals) = &self.encoded;
        let found = automaton.find_overlapping_iter(run);
        found.map(|it| (it.start(), &literals[it.pattern().as_usize()]))
    }
}

impl Literal {
    /// Returns the bytes that are searched.
    fn bytes(&self) -> Vec<u8> {
        let layers = self.layers.iter().rev();
        layers.fold(self.plain.clone(), |bytes, layer| layer.encode(&bytes))
    }

    /// Returns this literal inside a further encoding.
    fn within(&self, layer: Layer) -> Self {
        let mut literal = self.clone();
        literal.layers.insert(0, layer);
        literal
    }

    /// Returns the forms of this literal in up to `depth` layers of base64.
    fn in_base64(&self, depth: usize) -> Vec<Self> {
        let layers = LAYERS.into_iter().filter(|layer| *layer != Layer::Utf16);
        let outer: Vec<Self> = layers.map(|layer| self.within(layer)).collect();
        let deeper = |literal: &Self| match depth {
            1 => Vec::new(),
            _ => literal.in_base64(depth - 1),
        };
        let inner: Vec<Self> = outer.iter().flat_map(deeper).collect();
        outer.into_iter().chain(inner).collect()
    }

    /// Returns `true` if `text` has the literal, with the encodings after the first `decoded`, at `at`.
    pub(super) fn is_at(&self, decoded: usize, text: &[u8], at: usize) -> bool {
        let rest = Self {
            layers: self.layers[decoded..].to_vec(),
            ..self.clone()
        };
        text.get(at..)
            .is_some_and(|text| text.starts_with(&rest.bytes()))
    }
}

fn build_automaton(literals: Vec<Literal>, kind: MatchKind) -> Result<Automaton, String> {
    let automaton = AhoCorasickBuilder::new()
        .match_kind(kind)
        .kind(Some(AhoCorasickKind::DFA))
        .build(literals.iter().map(Literal::bytes))
        .map_err(|error| error.to_string())?;
    Ok((automaton, literals))
}
