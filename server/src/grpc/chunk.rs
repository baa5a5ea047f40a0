//! Files and long texts, cut into messages and put together again.

use std::pin::Pin;

use tokio_stream::{Stream, StreamExt};
use tonic::{Status, Streaming};

use super::Call;
use crate::app::error::ServiceError;

/// Bytes of a file received, at most.
pub const LARGEST_FILE: usize = 64 << 20;

/// Bytes of a chunk sent.
const CHUNK: usize = 64 << 10;

/// Messages of one answer.
pub type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A part of a file as it comes in.
pub enum Part<H> {
    /// What to do with the file; first, and once.
    Header(H),
    /// Bytes, in order.
    Chunk(Vec<u8>),
    /// The name of a further file, whose bytes follow.
    Accompanying(String),
}

/// Files that came in: the first is the one the header speaks of.
pub struct Received<H> {
    /// What to do with them.
    pub header: H,
    /// Bytes of the file.
    pub bytes: Vec<u8>,
    /// Name and bytes of each that accompanies it.
    pub accompanying: Vec<(String, Vec<u8>)>,
}

/// Puts a file together, its header first, and those that accompany it.
///
/// # Errors
/// A violation if the header is missing, late or repeated; `TooLarge`.
pub async fn receive<M, H>(
    call: &Call,
    mut stream: Streaming<M>,
    part: impl Fn(M) -> Option<Part<H>>,
) -> Result<Received<H>, Status> {
    let out_of_order = || {
        call.refuse(ServiceError::field(
            "part",
            "envoyer l'en-tête d'abord et une seule fois, puis les octets du fichier",
            "send the header first and once, then the bytes of the file",
        ))
    };
    let header = match stream.message().await?.and_then(&part) {
        Some(Part::Header(header)) => header,
        _ => return Err(out_of_order()),
    };
    let mut received = Received {
        header,
        bytes: Vec::new(),
        accompanying: Vec::new(),
    };
    let too_large = || {
        call.refuse(ServiceError::TooLarge {
            limit: LARGEST_FILE,
        })
    };
    let mut size = 0;
    while let Some(message) = stream.message().await? {
        let chunk = match part(message) {
            Some(Part::Chunk(chunk)) => chunk,
            Some(Part::Accompanying(name)) => {
                // A name costs as well, so that names without bytes cannot grow for ever.
                size += name.len() + 1;
                received.accompanying.push((name, Vec::new()));
                if size > LARGEST_FILE
                    || received.accompanying.len() >= boucle_import::limits::FILES
                {
                    return Err(too_large());
                }
                continue;
            }
            _ => return Err(out_of_order()),
        };
        size += chunk.len();
        if size > LARGEST_FILE {
            return Err(too_large());
        }
        match received.accompanying.last_mut() {
            Some((_, bytes)) => bytes.extend_from_slice(&chunk),
            None => received.bytes.extend_from_slice(&chunk),
        }
    }
    Ok(received)
}

/// Cuts bytes into messages. An empty text is one empty message, so that there is an answer.
pub fn send<T: Send + 'static>(
    bytes: Vec<u8>,
    message: impl Fn(Vec<u8>) -> T + Send + 'static,
) -> Answers<T> {
    let mut at = 0;
    let mut first = true;
    let cut = std::iter::from_fn(move || {
        if at >= bytes.len() && !first {
            return None;
        }
        first = false;
        let end = (at + CHUNK).min(bytes.len());
        let chunk = bytes[at..end].to_vec();
        at = end;
        Some(Ok(message(chunk)))
    });
    Box::pin(tokio_stream::iter(cut))
}

/// Bytes in chunks, each told whether it is the last.
pub fn cut(bytes: &[u8]) -> impl Iterator<Item = (Vec<u8>, bool)> + '_ {
    let count = bytes.len().div_ceil(CHUNK).max(1);
    (0..count).map(move |at| {
        let chunk = bytes[at * CHUNK..((at + 1) * CHUNK).min(bytes.len())].to_vec();
        (chunk, at + 1 == count)
    })
}

/// A stream as an answer.
pub fn answers<T>(stream: impl Stream<Item = Result<T, Status>> + Send + 'static) -> Answers<T> {
    Box::pin(stream.fuse())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_cut_in_order_and_the_last_chunk_is_told() {
        let bytes: Vec<u8> = (0..CHUNK * 2 + 1).map(|at| at as u8).collect();
        let chunks: Vec<_> = cut(&bytes).collect();
        assert_eq!(
            chunks.iter().map(|(_, last)| *last).collect::<Vec<_>>(),
            [false, false, true]
        );
        assert_eq!(
            chunks
                .iter()
                .flat_map(|(chunk, _)| chunk.clone())
                .collect::<Vec<u8>>(),
            bytes
        );
        assert_eq!(cut(&[]).collect::<Vec<_>>(), [(Vec::new(), true)]);
    }
}
