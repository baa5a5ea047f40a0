//! One way to ask each library which keys a text names.

use std::cell::RefCell;
use std::collections::BTreeMap;

use bm25::{Document, SearchEngine, SearchEngineBuilder};
use boucle_domain::id::{Direction, normalised};
use boucle_recognise::evaluation::Row;
use boucle_recognise::{Asked, Recogniser, Recognition};
use tantivy::collector::TopDocs;
use tantivy::query::BooleanQuery;
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer,
    WhitespaceTokenizer,
};
use tantivy::{Index, Searcher, TantivyDocument, Term};

use crate::names::Name;

/// Ranks keys.
pub trait Ranker {
    /// The first three keys of a text, most likely first; of its row the direction and the codes.
    fn keys(&self, row: &Row, text: &str) -> Vec<String>;
}

/// The recogniser: its candidates, whatever it answers.
pub struct Own<'r> {
    pub recogniser: &'r Recogniser,
    /// With the waste code and the activity, which the libraries have no place for.
    pub with_codes: bool,
}

impl Own<'_> {
    /// What the recogniser answers.
    pub fn read(&self, row: &Row, text: &str) -> Recognition {
        self.recogniser.recognise(&Asked {
            text,
            waste_code: row.waste_code.as_ref().filter(|_| self.with_codes),
            activity: row.activity.as_ref().filter(|_| self.with_codes),
            direction: row.direction,
        })
    }
}

impl Ranker for Own<'_> {
    fn keys(&self, row: &Row, text: &str) -> Vec<String> {
        let read = self.read(row, text);
        first_three(read.candidates.iter().map(|one| one.key.key()))
    }
}

/// How a text becomes words.
#[derive(Clone, Copy)]
pub enum Words<'r> {
    /// The recogniser's stems, measures and stop words left out.
    Ours(&'r Recogniser),
    /// Tantivy's tokens, lower case, without accents.
    Plain,
    /// The same, cut by Snowball's French stemmer.
    Snowball,
}

impl<'r> Words<'r> {
    fn cutter(self) -> Cutter<'r> {
        let plain = || TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser);
        let folding = AsciiFoldingFilter;
        let analyser = match self {
            Words::Ours(recogniser) => return Cutter::Ours(recogniser),
            Words::Plain => plain().filter(folding).build(),
            Words::Snowball => plain()
                .filter(Stemmer::new(Language::French))
                .filter(folding)
                .build(),
        };
        Cutter::Analyser(RefCell::new(analyser))
    }
}

/// Cuts texts; an analyser of tantivy keeps its buffers from one text to the next.
enum Cutter<'r> {
    Ours(&'r Recogniser),
    Analyser(RefCell<TextAnalyzer>),
}

impl Cutter<'_> {
    fn words(&self, text: &str) -> Vec<String> {
        match self {
            // The recogniser makes another word of what is denied, `sans:amiante`.
            Cutter::Ours(recogniser) => {
                let form = recogniser.form(text);
                form.split(' ').map(str::to_owned).collect()
            }
            Cutter::Analyser(analyser) => {
                let mut words = Vec::new();
                let mut analyser = analyser.borrow_mut();
                analyser
                    .token_stream(text)
                    .process(&mut |token| words.push(token.text.clone()));
                words
            }
        }
    }
}

/// What makes a document.
#[derive(Clone, Copy, PartialEq)]
pub enum Unit {
    /// All names of a key together.
    Key,
    /// Each name; a key is as good as its best one.
    Name,
}

/// BM25 of tantivy, an index in memory for each direction.
pub struct Tantivy<'r> {
    cutter: Cutter<'r>,
    output: TantivySide,
    input: TantivySide,
}

struct TantivySide {
    searcher: Searcher,
    field: tantivy::schema::Field,
    keys: Vec<String>,
}

impl<'r> Tantivy<'r> {
    pub fn new(names: &[Name], words: Words<'r>, unit: Unit) -> tantivy::Result<Tantivy<'r>> {
        let cutter = words.cutter();
        let side = |direction| TantivySide::new(&documents(names, direction, unit), &cutter);
        let (output, input) = (side(Direction::Output)?, side(Direction::Input)?);
        Ok(Tantivy {
            cutter,
            output,
            input,
        })
    }
}

impl TantivySide {
    fn new(documents: &[(String, String)], cutter: &Cutter<'_>) -> tantivy::Result<TantivySide> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs);
        let field = schema.add_text_field(
            "names",
            TextOptions::default().set_indexing_options(indexing),
        );
        let index = Index::create_in_ram(schema.build());
        // The same words go into the index and into the questions.
        index
            .tokenizers()
            .register("whitespace", WhitespaceTokenizer::default());
        let mut writer = index.writer_with_num_threads(1, 100_000_000)?;
        for (_, text) in documents {
            let mut document = TantivyDocument::default();
            document.add_text(field, cutter.words(text).join(" "));
            writer.add_document(document)?;
        }
        writer.commit()?;
        let searcher = index.reader()?.searcher();
        // Documents are numbered in the order they came only within one segment.
        assert_eq!(
            searcher.segment_readers().len(),
            1,
            "one thread, one commit"
        );
        Ok(TantivySide {
            searcher,
            field,
            keys: documents.iter().map(|(key, _)| key.clone()).collect(),
        })
    }

    fn scored(&self, words: &[String]) -> Vec<(&str, f32)> {
        let term = |word: &String| Term::from_field_text(self.field, word);
        let query = BooleanQuery::new_multiterms_query(words.iter().map(term).collect());
        let top = TopDocs::with_limit(60).order_by_score();
        let found = self.searcher.search(&query, &top).unwrap_or_default();
        let scored = found.into_iter().filter_map(|(score, address)| {
            let key = self.keys.get(address.doc_id as usize)?;
            Some((key.as_str(), score))
        });
        scored.collect()
    }
}

impl Tantivy<'_> {
    /// Keys with their BM25, best first.
    pub fn scored(&self, row: &Row, text: &str) -> Vec<(&str, f32)> {
        let words = self.cutter.words(text);
        match row.direction {
            Some(Direction::Input) => self.input.scored(&words),
            _ => self.output.scored(&words),
        }
    }
}

impl Ranker for Tantivy<'_> {
    fn keys(&self, row: &Row, text: &str) -> Vec<String> {
        first_three(self.scored(row, text).into_iter().map(|(key, _)| key))
    }
}

type Bm25Side<'r> = SearchEngine<u32, u32, OurWords<'r>>;

struct OurWords<'r>(&'r Recogniser);

impl bm25::Tokenizer for OurWords<'_> {
    fn tokenize(&self, text: &str) -> Vec<String> {
        Cutter::Ours(self.0).words(text)
    }
}

/// BM25 of the crate `bm25`, over our stems.
pub struct Bm25<'r> {
    output: (Bm25Side<'r>, Vec<String>),
    input: (Bm25Side<'r>, Vec<String>),
}

impl<'r> Bm25<'r> {
    pub fn new(names: &[Name], recogniser: &'r Recogniser) -> Bm25<'r> {
        let side = |direction| {
            let (keys, texts): (Vec<String>, Vec<String>) =
                documents(names, direction, Unit::Key).into_iter().unzip();
            let documents = (0_u32..)
                .zip(texts)
                .map(|(at, text)| Document::new(at, text));
            let words = OurWords(recogniser);
            let engine =
                SearchEngineBuilder::<u32, u32, OurWords<'r>>::with_tokenizer_and_documents(
                    words, documents,
                )
                .build();
            (engine, keys)
        };
        Bm25 {
            output: side(Direction::Output),
            input: side(Direction::Input),
        }
    }
}

impl Ranker for Bm25<'_> {
    fn keys(&self, row: &Row, text: &str) -> Vec<String> {
        let (engine, keys) = match row.direction {
            Some(Direction::Input) => &self.input,
            _ => &self.output,
        };
        let found = engine.search(text, 3);
        let keys = found
            .iter()
            .filter_map(|one| keys.get(one.document.id as usize));
        first_three(keys.map(String::as_str))
    }
}

/// The ratio of token sets, as RapidFuzz for Python defines it, over rapidfuzz's ratio: the crate
/// has no token functions of its own. Ties go to the ratio of all tokens.
pub struct TokenSet {
    output: Vec<(String, Vec<String>)>,
    input: Vec<(String, Vec<String>)>,
}

impl TokenSet {
    pub fn new(names: &[Name]) -> TokenSet {
        let side = |direction| {
            let documents = documents(names, direction, Unit::Name).into_iter();
            documents.map(|(key, text)| (key, tokens(&text))).collect()
        };
        TokenSet {
            output: side(Direction::Output),
            input: side(Direction::Input),
        }
    }
}

impl Ranker for TokenSet {
    fn keys(&self, row: &Row, text: &str) -> Vec<String> {
        let side = match row.direction {
            Some(Direction::Input) => &self.input,
            _ => &self.output,
        };
        let asked = tokens(text);
        let mut found: Vec<((f64, f64), &str)> = side
            .iter()
            .map(|(key, name)| (token_set(&asked, name), key.as_str()))
            .collect();
        let order = |a: &(f64, f64), b: &(f64, f64)| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1));
        found.sort_by(|a, b| order(&a.0, &b.0));
        first_three(found.into_iter().map(|(_, key)| key))
    }
}

fn tokens(text: &str) -> Vec<String> {
    let folded = normalised(text);
    let mut tokens: Vec<String> = folded.split('-').map(str::to_owned).collect();
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

fn token_set(a: &[String], b: &[String]) -> (f64, f64) {
    let part = |of: &[String], other: &[String], both: bool| {
        let kept = of.iter().filter(|token| other.contains(token) == both);
        kept.map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    let (both, only_a, only_b) = (part(a, b, true), part(a, b, false), part(b, a, false));
    let whole_a = format!("{both} {only_a}");
    let whole_b = format!("{both} {only_b}");
    let (whole_a, whole_b) = (whole_a.trim(), whole_b.trim());
    let ratio = |a: &str, b: &str| rapidfuzz::fuzz::ratio(a.bytes(), b.bytes());
    let all = ratio(whole_a, whole_b);
    if both.is_empty() {
        return (all, all);
    }
    if only_a.is_empty() || only_b.is_empty() {
        return (1.0, all);
    }
    let shared = ratio(&both, whole_a).max(ratio(&both, whole_b));
    (shared.max(all), all)
}

fn documents(names: &[Name], direction: Direction, unit: Unit) -> Vec<(String, String)> {
    let names = names.iter().filter(|name| name.is_on(direction));
    if unit == Unit::Name {
        return names
            .map(|name| (name.key.clone(), name.text.clone()))
            .collect();
    }
    let mut documents: BTreeMap<&str, String> = BTreeMap::new();
    for name in names {
        let text = documents.entry(&name.key).or_default();
        text.push_str(&name.text);
        text.push_str(" ; ");
    }
    let documents = documents.into_iter();
    documents
        .map(|(key, text)| (key.to_owned(), text))
        .collect()
}

/// The first three of the keys, each once.
pub fn first_three<'a>(keys: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut first: Vec<String> = Vec::new();
    for key in keys {
        if first.len() < 3 && !first.iter().any(|known| known == key) {
            first.push(key.to_owned());
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_tokens_within_the_other_is_as_good_as_it() {
        let ratio = |a, b| token_set(&tokens(a), &tokens(b));
        assert_eq!(ratio("boues de soude", "soude").0, 1.0);
        assert!(ratio("boues de soude", "soude").1 < 1.0);
        assert!(ratio("lessive de potasse", "soude").0 < 0.5);
    }
}
