//! Codes of a territory's own: what stands in its sheets where a reference code is asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use boucle_domain::id::normalised;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::own_code::{OwnCode, OwnList};
use boucle_domain::validate::{is_read_without_own_codes, reference_code};

use super::App;
use super::error::{Result, ServiceError, Violation};
use crate::auth::Access;
use crate::clock::now;

/// What a caller decides.
#[derive(Clone, Debug, Default)]
pub struct OwnCodesRequest {
    /// The codes, as far as they could be read.
    pub codes: Vec<OwnCode>,
    /// What could not be read of them, each under the path of its field.
    pub violations: Vec<Violation>,
}

/// What is kept after codes were added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedCodes {
    /// The codes, with reference codes as their list writes them.
    pub codes: Vec<OwnCode>,
    /// How many were not kept before.
    pub added: usize,
}

impl App {
    /// Keeps codes, all or none. Kept before with the same days and meaning, one stays as it was.
    ///
    /// # Errors
    /// A violation of each field of each code that refuses it.
    pub async fn add_own_codes(&self, access: &Access, ask: OwnCodesRequest) -> Result<AddedCodes> {
        let kept = self.store.own_codes(&access.scope).await?;
        let knowledge = Arc::clone(&self.knowledge);
        let judged = tokio::task::spawn_blocking(move || judged(ask, kept, &knowledge));
        let codes = judged.await.map_err(ServiceError::internal)??;
        let added = self
            .store
            .add_own_codes(&access.scope, &codes, now())
            .await?;
        Ok(AddedCodes { codes, added })
    }

    /// Forgets a code, whatever its days; answers what was kept.
    pub async fn remove_own_code(
        &self,
        access: &Access,
        list: OwnList,
        code: &str,
    ) -> Result<Vec<OwnCode>> {
        let name = normalised(code);
        Ok(self
            .store
            .remove_own_code(&access.scope, list, &name)
            .await?)
    }

    /// The codes of the territory, those of wastes first, by name and first day.
    pub async fn own_codes(&self, access: &Access) -> Result<Vec<OwnCode>> {
        self.store.revision(&access.scope).await?;
        Ok(self.store.own_codes(&access.scope).await?)
    }
}

/// Holds codes against the reference lists, against each other and against those kept.
fn judged(ask: OwnCodesRequest, kept: Vec<OwnCode>, knowledge: &Knowledge) -> Result<Vec<OwnCode>> {
    let OwnCodesRequest {
        mut codes,
        mut violations,
    } = ask;
    let mut held = kept.len();
    let mut by_name: BTreeMap<(OwnList, String), Vec<OwnCode>> = BTreeMap::new();
    for own in kept {
        let name = (own.list, own.name());
        by_name.entry(name).or_default().push(own);
    }
    for (at, own) in codes.iter_mut().enumerate() {
        let path = |field: &str| format!("codes[{at}].{field}");
        written(own, &path, &mut violations);
        named(own, knowledge, &path, &mut violations);
        own.stands_for = meaning(own, knowledge, &path, &mut violations);
        let before = by_name.entry((own.list, own.name())).or_default();
        if before.iter().any(|before| before.says_the_same(own)) {
            continue;
        }
        if let Some(other) = before.iter().find(|before| before.meets(own)) {
            violations.push(contradicted(other, path("code")));
        }
        before.push(own.clone());
        held += 1;
    }
    if held > OwnCode::MOST {
        let most = OwnCode::MOST;
        violations.push(Violation::new(
            "codes",
            format!("un territoire garde {most} codes au plus, il en aurait {held}"),
            format!("a territory keeps {most} codes at most, it would have {held}"),
        ));
    }
    match violations.is_empty() {
        true => Ok(codes),
        false => Err(ServiceError::Fields(violations)),
    }
}

/// Texts and days of a code.
fn written(own: &OwnCode, path: &impl Fn(&str) -> String, violations: &mut Vec<Violation>) {
    for (field, text, longest, needed) in [
        ("code", &own.code, OwnCode::LONGEST_CODE, true),
        ("label", &own.label, OwnCode::LONGEST_TEXT, false),
        ("source", &own.source, OwnCode::LONGEST_TEXT, true),
    ] {
        let letters = !needed || text.chars().any(char::is_alphanumeric);
        let plain = !text.chars().any(char::is_control);
        if letters && plain && text.chars().count() <= longest {
            continue;
        }
        let (fr, en) = match needed {
            true => (
                format!("écrire de 1 à {longest} caractères, dont une lettre ou un chiffre"),
                format!("write 1 to {longest} characters, with a letter or a digit among them"),
            ),
            false => (
                format!("écrire {longest} caractères au plus, sur une ligne"),
                format!("write {longest} characters at most, on one line"),
            ),
        };
        violations.push(Violation::new(path(field), fr, en));
    }
    if own.validity.is_empty() {
        violations.push(Violation::new(
            path("valid_to"),
            "la fin vient avant le début",
            "the end comes before the beginning",
        ));
    }
}

/// A text that the reference list reads by itself would never be read as an own code.
fn named(
    own: &OwnCode,
    knowledge: &Knowledge,
    path: &impl Fn(&str) -> String,
    violations: &mut Vec<Violation>,
) {
    if is_read_without_own_codes(knowledge, own.list, &own.code) {
        violations.push(Violation::new(
            path("code"),
            "se lit déjà comme un code de la liste de référence, qui passe avant",
            "is read as a code of the reference list already, which goes before",
        ));
    }
}

/// What a code stands for as the reference list writes it; what is in no list is told.
fn meaning(
    own: &OwnCode,
    knowledge: &Knowledge,
    path: &impl Fn(&str) -> String,
    violations: &mut Vec<Violation>,
) -> Vec<String> {
    let number = own.stands_for.len();
    if number == 0 || number > OwnCode::MOST_CODES {
        let most = OwnCode::MOST_CODES;
        violations.push(Violation::new(
            path("stands_for"),
            format!("écrire de 1 à {most} codes de la liste de référence"),
            format!("write 1 to {most} codes of the reference list"),
        ));
        return Vec::new();
    }
    let mut meaning: Vec<String> = Vec::new();
    for text in &own.stands_for {
        let starred = text.contains('*');
        let found = reference_code(knowledge, own.list, text);
        match found.filter(|code| !starred || code.ends_with('*')) {
            Some(code) if meaning.contains(&code) => {}
            Some(code) => meaning.push(code),
            None => violations.push(Violation::new(
                path("stands_for"),
                format!("« {text} » n'est pas un code de la liste de référence"),
                format!("“{text}” is no code of the reference list"),
            )),
        }
    }
    meaning.sort();
    meaning
}

/// A code that has another meaning on a day of the one asked for.
fn contradicted(other: &OwnCode, field: String) -> Violation {
    let (code, meaning) = (&other.code, other.stands_for.join(" ; "));
    Violation::new(
        field,
        format!(
            "« {code} » désigne déjà {meaning} à ces dates : retirer d'abord ce code, ou donner d'autres dates"
        ),
        format!(
            "“{code}” stands for {meaning} on those days already: remove that code first, or give other days"
        ),
    )
}
