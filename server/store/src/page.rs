//! Reading long lists piece by piece.

/// Rows of the longest page.
pub const MAX_PAGE: u32 = 1_000;

/// Which rows of a list to read. `K` is the key of the list, by which it is sorted.
///
/// Rows that come or go while a caller turns the pages never make another row appear twice or
/// not at all: a page starts after a key, not at a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<K> {
    /// Start after this key; `None` starts at the beginning.
    pub after: Option<K>,
    /// Rows at most, brought within 1 and [`MAX_PAGE`].
    pub limit: u32,
}

impl<K> Page<K> {
    /// The first page.
    pub fn first(limit: u32) -> Page<K> {
        Page { after: None, limit }
    }

    /// The page that follows `key`.
    pub fn after(key: K, limit: u32) -> Page<K> {
        Page {
            after: Some(key),
            limit,
        }
    }

    /// Rows to answer with.
    pub(crate) fn rows(&self) -> usize {
        self.limit.clamp(1, MAX_PAGE) as usize
    }

    /// Rows to ask for: one more, which tells whether another page follows.
    pub(crate) fn fetch(&self) -> i64 {
        i64::from(self.limit.clamp(1, MAX_PAGE)) + 1
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows<T> {
    /// The rows, in the order of their keys.
    pub items: Vec<T>,
    /// Whether another page follows.
    pub more: bool,
}

impl<T> Rows<T> {
    /// The page made of what [`Page::fetch`] brought.
    pub(crate) fn of<K>(mut items: Vec<T>, page: &Page<K>) -> Rows<T> {
        let more = items.len() > page.rows();
        items.truncate(page.rows());
        Rows { items, more }
    }
}
