//! Who is linked to whom, in a few lines.

use super::View;
use crate::failure::Result;
use crate::output::Data;
use crate::text::Language;

/// Keystone sites told.
const KEYSTONES: usize = 3;

/// Writes how the linked sites hold together.
pub fn write(view: &View, language: Language, data: &mut Data) -> Result<()> {
    let network = &view.network;
    if network.linked_sites == 0 {
        return Ok(());
    }
    data.line("")?;
    let (sites, groups, largest) = (network.linked_sites, network.groups, network.largest_group);
    data.line(&match language {
        Language::Fr => format!(
            "Réseau : {sites} établissements reliés, {groups} groupe(s), le plus grand de {largest}"
        ),
        Language::En => {
            format!("Network: {sites} linked sites, {groups} group(s), the largest of {largest}")
        }
    })?;
    for keystone in network.keystones.iter().take(KEYSTONES) {
        let gain = keystone.gain.map(|gain| {
            let gain = language.euros(gain.milli_euros);
            match language {
                Language::Fr => format!(", {gain}/an en dépendent"),
                Language::En => format!(", {gain}/yr depend on it"),
            }
        });
        let splits = match keystone.splits {
            true => language.pick(
                ", son départ coupe un groupe",
                ", its departure splits a group",
            ),
            false => "",
        };
        let links = language.pick("lien(s)", "link(s)");
        data.line(&format!(
            "- {}: {} {links}{}{splits}",
            view.directory.site(&keystone.site),
            keystone.links,
            gain.unwrap_or_default(),
        ))?;
    }
    Ok(())
}
