//! What the readers of packed XML share: the parts of an archive, and attributes.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::BytesStart;

/// A fault of the packed file; what it was matters to nobody but us.
#[derive(Debug)]
pub(crate) struct Broken;

impl From<zip::result::ZipError> for Broken {
    fn from(_: zip::result::ZipError) -> Broken {
        Broken
    }
}

impl From<quick_xml::Error> for Broken {
    fn from(_: quick_xml::Error) -> Broken {
        Broken
    }
}

impl From<std::io::Error> for Broken {
    fn from(_: std::io::Error) -> Broken {
        Broken
    }
}

/// An XML reader over a part of an archive.
pub(crate) fn reader<R: Read>(part: R) -> Reader<BufReader<R>> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    reader
}

/// The text of an attribute, by its local name.
pub(crate) fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| {
            attribute
                .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                .ok()
                .map(|value| value.into_owned())
        })
}
