//! Files that go to the service and come from it.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use boucle_proto::v1;
use boucle_proto::v1::annotate_declarations_request::Part as AnnotatePart;
use boucle_proto::v1::check_declarations_request::Part as CheckPart;
use boucle_proto::v1::import_declarations_request::Part as ImportPart;
use tokio_stream::StreamExt;
use tonic::{Status, Streaming};

use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::output::Data;
use crate::text::Language;

/// Bytes of a chunk sent.
const CHUNK: usize = 1 << 20;
/// Largest file sent, as the service would refuse it anyway.
const LARGEST: u64 = 64 << 20;

/// A sheet in memory, with the files that accompany it.
pub struct Sheet {
    /// Its name, for people.
    pub name: String,
    bytes: Vec<u8>,
    with: Vec<Sheet>,
}

/// Files that are read together with the sheet.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct With {
    /// File to read together with it, such as IREP's establishments beside their flows; repeatable
    #[arg(long = "with", value_name = "FILE")]
    paths: Vec<PathBuf>,
}

impl Sheet {
    /// Reads a sheet, and the files that accompany it.
    ///
    /// # Errors
    /// What the system says, or that they are too large.
    pub fn read(path: &Path, with: &With, language: Language) -> Result<Sheet> {
        let mut left = LARGEST;
        let mut sheet = Sheet::alone(path, &mut left, language)?;
        for path in &with.paths {
            sheet.with.push(Sheet::alone(path, &mut left, language)?);
        }
        Ok(sheet)
    }

    /// Reads one file; `left`: bytes that may still be sent.
    fn alone(path: &Path, left: &mut u64, language: Language) -> Result<Sheet> {
        let unreadable = |error: io::Error| Failure::unreadable(language, path, &error);
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        *left = left.checked_sub(size).ok_or_else(|| {
            Failure::told(
                language,
                format!(
                    "{} : fichier trop grand, 64 Mio au plus en tout",
                    path.display()
                ),
                format!("{}: file too large, 64 MiB at most in all", path.display()),
            )
        })?;
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        Ok(Sheet {
            name: name.to_string_lossy().into_owned(),
            bytes,
            with: Vec::new(),
        })
    }

    /// The parts that follow the header: the bytes, then each file that accompanies it, by its name.
    fn parts<P>(
        &self,
        chunk: impl Fn(Vec<u8>) -> P,
        accompanying: impl Fn(v1::AccompanyingFile) -> P,
    ) -> Vec<P> {
        let mut parts: Vec<P> = self.chunks().map(&chunk).collect();
        for file in &self.with {
            parts.push(accompanying(v1::AccompanyingFile {
                file_name: file.name.clone(),
            }));
            parts.extend(file.chunks().map(&chunk));
        }
        parts
    }

    fn chunks(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        self.bytes.chunks(CHUNK).map(<[u8]>::to_vec)
    }

    /// Sends the sheet to be written, or compared only.
    ///
    /// # Errors
    /// What the service answers. A sheet with findings of severity error is no error here.
    pub async fn import(
        &self,
        client: &Client,
        header: v1::ImportHeader,
    ) -> Result<v1::ImportReport> {
        let part = |part| v1::ImportDeclarationsRequest { part: Some(part) };
        let header = v1::ImportHeader {
            territory: client.territory.clone(),
            file_name: self.name.clone(),
            ..header
        };
        let mut messages = vec![part(ImportPart::Header(header))];
        let parts = self.parts(ImportPart::Chunk, ImportPart::Accompanying);
        messages.extend(parts.into_iter().map(part));
        let mut declarations = client.declarations();
        let sent = declarations.import_declarations(tokio_stream::iter(messages));
        Ok(sent.await?.into_inner())
    }

    /// Sends the sheet to be looked at.
    ///
    /// # Errors
    /// What the service answers.
    pub async fn check(
        &self,
        client: &Client,
        header: v1::CheckHeader,
    ) -> Result<v1::ImportReport> {
        let part = |part| v1::CheckDeclarationsRequest { part: Some(part) };
        let header = v1::CheckHeader {
            file_name: self.name.clone(),
            ..header
        };
        let mut messages = vec![part(CheckPart::Header(header))];
        let parts = self.parts(CheckPart::Chunk, CheckPart::Accompanying);
        messages.extend(parts.into_iter().map(part));
        let mut declarations = client.declarations();
        let sent = declarations.check_declarations(tokio_stream::iter(messages));
        Ok(sent.await?.into_inner())
    }
}

impl Sheet {
    /// Sends the sheet to be given back with what was found as comments on its cells.
    ///
    /// # Errors
    /// What the service answers.
    pub async fn annotate(
        &self,
        client: &Client,
        header: v1::CheckHeader,
        language: Language,
    ) -> Result<Vec<u8>> {
        let part = |part| v1::AnnotateDeclarationsRequest { part: Some(part) };
        let header = v1::AnnotateHeader {
            check: Some(v1::CheckHeader {
                file_name: self.name.clone(),
                ..header
            }),
            language: language.wire().into(),
        };
        let mut messages = vec![part(AnnotatePart::Header(header))];
        let parts = self.parts(AnnotatePart::Chunk, AnnotatePart::Accompanying);
        messages.extend(parts.into_iter().map(part));
        let mut declarations = client.declarations();
        let sent = declarations.annotate_declarations(tokio_stream::iter(messages));
        Ok(whole(sent.await?.into_inner(), |chunk| chunk.data).await?)
    }
}

/// Puts the chunks of an answer together.
///
/// # Errors
/// What the service answers in between.
pub async fn whole<T>(
    mut stream: Streaming<T>,
    data: impl Fn(T) -> Vec<u8>,
) -> std::result::Result<Vec<u8>, Status> {
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&data(chunk?));
    }
    Ok(bytes)
}

/// Where a file is written.
#[derive(Clone, Debug, clap::Args)]
pub struct Destination {
    /// File to write; `-` for standard output
    #[arg(short, long = "file", value_name = "FILE")]
    pub output: PathBuf,
    /// Overwrite the file if it is there
    #[arg(long)]
    pub force: bool,
}

impl Destination {
    /// Fails if the file is there and may not be overwritten.
    ///
    /// # Errors
    /// That the file is there.
    pub fn free(&self, language: Language) -> Result<()> {
        if !self.force && !self.is_standard() && self.output.exists() {
            return Err(self.taken(language));
        }
        Ok(())
    }

    /// Writes a file.
    ///
    /// # Errors
    /// What the system says, or that the file is there.
    pub fn write(&self, bytes: &[u8], language: Language) -> Result<()> {
        if self.is_standard() {
            let mut data = Data::open();
            data.bytes(bytes)?;
            return data.close();
        }
        let mut options = OpenOptions::new();
        options.write(true);
        match self.force {
            true => options.create(true).truncate(true),
            false => options.create_new(true),
        };
        let mut file = options
            .open(&self.output)
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => self.taken(language),
                _ => Failure::unwritable(language, &self.output, &error),
            })?;
        file.write_all(bytes)
            .map_err(|error| Failure::unwritable(language, &self.output, &error))
    }

    fn is_standard(&self) -> bool {
        self.output.as_os_str() == "-"
    }

    fn taken(&self, language: Language) -> Failure {
        let path = self.output.display();
        Failure::told(
            language,
            format!("{path} existe déjà : choisir un autre nom, ou --force pour le remplacer"),
            format!("{path} is there already: choose another name, or --force to replace it"),
        )
    }
}
