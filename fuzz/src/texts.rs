//! Any words, code and activity get an answer, and twice the same.

use std::sync::LazyLock;

use boucle_domain::id::{ActivityCode, Direction, WasteCode};
use boucle_recognise::{Asked, Outcome, Recogniser};

use crate::KNOWLEDGE;

static RECOGNISER: LazyLock<Recogniser> = LazyLock::new(|| Recogniser::new(&KNOWLEDGE, &[]));

/// Reads words, waste code and activity, one a line, the first byte giving the direction.
///
/// # Panics
/// When something does not hold.
pub fn recognise(bytes: &[u8]) {
    let Some((side, rest)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    let mut lines = text.splitn(3, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (words, code, activity) = (next(), WasteCode::new(next()), ActivityCode::new(next()));
    let asked = Asked {
        text: words,
        waste_code: Some(&code).filter(|code| !code.as_str().is_empty()),
        activity: Some(&activity).filter(|code| !code.as_str().is_empty()),
        direction: [None, Some(Direction::Output), Some(Direction::Input)][usize::from(side % 3)],
    };
    let read = RECOGNISER.recognise(&asked);
    assert!((0.0..=1.0).contains(&read.confidence));
    assert_eq!(read.key.is_some(), read.outcome == Outcome::Recognised);
    let asks = read.outcome == Outcome::Ask;
    assert_eq!(asks, !read.question.fr.is_empty());
    assert!(!asks || !read.candidates.is_empty());
    let mut confidence = 1.0;
    for candidate in &read.candidates {
        assert!(
            candidate.confidence <= confidence,
            "candidates out of order"
        );
        confidence = candidate.confidence;
    }
    assert!(
        read == RECOGNISER.recognise(&asked),
        "read twice, answered twice differently"
    );
}
