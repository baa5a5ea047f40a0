//! The models of a run as files, for another solver to check.

use std::io;
use std::path::{Path, PathBuf};

use boucle_proto::v1;
use tokio_stream::StreamExt;

use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::findings::{finished, written};
use crate::text::Language;

/// Writes one `.mps` per component of each plan, and `objectives.csv` with the objective found for
/// each; gives the number of models.
///
/// # Errors
/// What the service answers, or what the system says of the folder.
pub async fn write(client: &Client, run: &str, folder: &Path, language: Language) -> Result<usize> {
    let unwritable = |path: &Path, error: io::Error| Failure::unwritable(language, path, &error);
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
    let ask = v1::StreamModelsRequest {
        territory: client.territory.clone(),
        run: run.to_owned(),
    };
    let mut chunks = client.runs().stream_models(ask).await?.into_inner();
    let mut objectives = Vec::new();
    let mut text = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        text.extend_from_slice(&chunk.mps);
        if chunk.last {
            let path = file_of(folder, &chunk.name);
            std::fs::write(&path, &text).map_err(|error| unwritable(&path, error))?;
            objectives.push((chunk.name, chunk.objective_euros));
            text.clear();
        }
    }
    // Components are solved in parallel and sent as they are done.
    objectives.sort_by(|one, other| one.0.cmp(&other.0));
    let mut rows = csv::Writer::from_writer(Vec::new());
    written(rows.write_record(["name", "objective_eur"]))?;
    for (name, objective) in &objectives {
        written(rows.write_record([name.as_str(), &format!("{objective:?}")]))?;
    }
    let path = folder.join("objectives.csv");
    std::fs::write(&path, finished(rows)?).map_err(|error| unwritable(&path, error))?;
    Ok(objectives.len())
}

/// The file of a model. Its name comes from a service: only what is plain in it is used.
fn file_of(folder: &Path, name: &str) -> PathBuf {
    let plain =
        |character: &char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let name: String = name.chars().filter(plain).collect();
    folder.join(format!("{name}.mps"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_never_written_outside_the_folder() {
        let folder = Path::new("models");
        assert_eq!(file_of(folder, "firm-0001"), folder.join("firm-0001.mps"));
        assert_eq!(file_of(folder, "../../firm"), folder.join("firm.mps"));
    }
}
