//! What a flow is: resource or donor, waste code, hazard, properties.

use super::context::nearest;
use super::field::Field;
use super::reader::Reader;
use crate::diagnostic::Code;
use crate::flow::Identity;
use crate::id::{Direction, DonorKey, ResourceKey};
use crate::knowledge::Kind;
use crate::text::Text;

impl Reader<'_> {
    /// Output or input.
    pub(super) fn direction(&mut self) -> Option<Direction> {
        self.word(Field::Direction).map(|code| match code {
            "output" => Direction::Output,
            _ => Direction::Input,
        })
    }

    /// What the flow is known as: the key, else the name if exactly one resource bears it.
    pub(super) fn identity(&mut self, direction: Direction) -> Identity {
        let text = self.get(Field::Resource);
        if text.is_empty() {
            return self.identity_by_name(direction);
        }
        // A choice of the list reads `key — label`.
        let key = text.split([' ', '|', '\u{a0}']).next().unwrap_or(text);
        if key
            .get(..4)
            .is_some_and(|head| head.eq_ignore_ascii_case("DON:"))
        {
            return self.donor(key, direction);
        }
        let key = key.strip_prefix("RES:").unwrap_or(key).to_lowercase();
        let key = ResourceKey::new(key);
        match self.context.knowledge.resource(&key) {
            Some(resource) => {
                let kind = resource.kind;
                self.resource_as_output(&key, kind, direction);
                Identity::Resource(key)
            }
            None => self.labelled_or_unknown(text, direction),
        }
    }

    fn donor(&mut self, written: &str, direction: Direction) -> Identity {
        let key = DonorKey::new(format!("DON:{}", written[4..].to_lowercase()));
        if self.context.knowledge.donor(&key).is_none() {
            let known = self
                .context
                .knowledge
                .donors()
                .iter()
                .map(|donor| donor.key.as_str());
            let near = nearest(key.as_str(), known).join(", ");
            self.unknown_key(&near);
            return Identity::Unrecognised;
        }
        if direction == Direction::Input {
            self.push(
                Code::E1304,
                Field::Resource,
                Text::new(
                    "une clé DON: désigne ce dont on se défait, or ce flux est entrant",
                    "a DON: key names what one gets rid of, but this flow is an input",
                ),
                Text::new(
                    "écrivez la clé du besoin : mat.…, en.…, water.…",
                    "write the key of the need: mat.…, en.…, water.…",
                ),
            );
            return Identity::Unrecognised;
        }
        Identity::Donor(key)
    }

    /// A key of the taxonomy on an output only leads somewhere if a rule starts from it.
    fn resource_as_output(&mut self, key: &ResourceKey, kind: Kind, direction: Direction) {
        let leads_nowhere = direction == Direction::Output
            && kind == Kind::Material
            && self
                .context
                .knowledge
                .rules_of_resource(key)
                .next()
                .is_none();
        if leads_nowhere {
            self.push(
                Code::W2301,
                Field::Resource,
                Text::new(
                    "cette clé nomme un besoin ; aucune règle ne part d'elle pour un sortant",
                    "this key names a need; no rule starts from it for an output",
                ),
                Text::new(
                    "choisissez la clé DON: de ce que c'est",
                    "choose the DON: key of what it is",
                ),
            );
        }
    }

    /// The resource cell holds words instead of a key.
    fn labelled_or_unknown(&mut self, text: &str, direction: Direction) -> Identity {
        let found = self.recognised(text, direction);
        match &found[..] {
            [identity] => identity.clone(),
            [] => {
                let known = self
                    .context
                    .knowledge
                    .resources()
                    .iter()
                    .map(|resource| resource.key.as_str());
                let near = nearest(&text.to_lowercase(), known).join(", ");
                self.unknown_key(&near);
                Identity::Unrecognised
            }
            several => {
                let list = several.iter().map(shown).collect::<Vec<_>>().join(", ");
                self.several_resources(Field::Resource, &list);
                Identity::Unrecognised
            }
        }
    }

    fn unknown_key(&mut self, near: &str) {
        let fix = if near.is_empty() {
            Text::new(
                "prenez une clé de la liste du modèle, ou laissez vide : la désignation sera proposée en question",
                "take a key of the template's list, or leave it empty: a question will be asked on the name",
            )
        } else {
            Text::new(
                format!("clés proches : {near}"),
                format!("near keys: {near}"),
            )
        };
        self.push(
            Code::E1303,
            Field::Resource,
            Text::new(
                "cette clé n'est pas au catalogue",
                "this key is not in the catalogue",
            ),
            fix,
        );
    }

    fn several_resources(&mut self, field: Field, list: &str) {
        self.push(
            Code::W2304,
            field,
            Text::new(
                format!("plusieurs ressources portent ce nom : {list}"),
                format!("several resources have this name: {list}"),
            ),
            Text::new(
                "écrivez la bonne clé dans « Ressource (clé) »",
                "write the right key in \"Resource (key)\"",
            ),
        );
    }

    fn identity_by_name(&mut self, direction: Direction) -> Identity {
        let name = self.get(Field::Name);
        if name.is_empty() {
            return Identity::Unrecognised;
        }
        let found = self.recognised(name, direction);
        match &found[..] {
            [identity] => {
                let key = shown(identity);
                self.push(
                    Code::I3302,
                    Field::Name,
                    Text::new(
                        format!("reconnu par son nom : {key}"),
                        format!("recognised by its name: {key}"),
                    ),
                    Text::new(
                        "si ce n'est pas cela, écrivez la clé dans « Ressource (clé) »",
                        "if it is something else, write the key in \"Resource (key)\"",
                    ),
                );
                identity.clone()
            }
            [] => {
                self.push(
                    Code::I3301,
                    Field::Name,
                    Text::new(
                        "ce nom ne désigne aucune ressource du catalogue ; une question sera posée, pas une proposition",
                        "no resource of the catalogue has this name; a question will be asked, not a proposal made",
                    ),
                    Text::new("choisissez une clé de la liste", "choose a key of the list"),
                );
                Identity::Unrecognised
            }
            several => {
                let list = several.iter().map(shown).collect::<Vec<_>>().join(", ");
                self.several_resources(Field::Name, &list);
                Identity::Unrecognised
            }
        }
    }

    /// Everything that bears a name; a flow that enters is never a donor.
    fn recognised(&self, name: &str, direction: Direction) -> Vec<Identity> {
        self.context.knowledge.recognise_label(name, direction)
    }
}

/// How an identity is named to people.
fn shown(identity: &Identity) -> String {
    match identity {
        Identity::Donor(key) => key.to_string(),
        Identity::Resource(key) => key.to_string(),
        Identity::Unrecognised => String::new(),
    }
}
