//! What firms give off and need: drawn from the rules of the catalogue, so that many of them meet.

use super::declared::standing;
use boucle_domain::id::{DonorKey, ResourceKey, WasteCode};
use boucle_domain::knowledge::{DonorUnit, Kind, Knowledge, Rule};
use boucle_domain::units::Unit;

use crate::random::Random;

/// The rules of goods counted in tonnes, each drawn by how well documented it is.
pub struct Pathways<'k> {
    knowledge: &'k Knowledge,
    rules: Vec<&'k Rule>,
    weights: Vec<f64>,
}

impl<'k> Pathways<'k> {
    /// The pathways of a catalogue.
    pub fn new(knowledge: &'k Knowledge) -> Pathways<'k> {
        let rules: Vec<&Rule> = knowledge
            .rules()
            .iter()
            .filter(|rule| {
                !rule.donors.is_empty()
                    && rule.donor_unit == DonorUnit::Unit(Unit::Tonne)
                    && rule.need_unit == Unit::Tonne
                    && knowledge
                        .resource(&rule.need)
                        .is_some_and(|need| need.kind == Kind::Material && need.unit == Unit::Tonne)
            })
            .collect();
        let mut total = 0.0;
        let weights = rules
            .iter()
            .map(|rule| {
                // Documented operating cases are about common materials.
                total += f64::from(rule.confidence).powi(2);
                total
            })
            .collect();
        Pathways {
            knowledge,
            rules,
            weights,
        }
    }

    fn draw(&self, random: &mut Random) -> Option<&'k Rule> {
        self.rules.get(random.by_weight(&self.weights)).copied()
    }

    /// A donor that some rule takes.
    pub fn donor(&self, random: &mut Random) -> Option<&'k DonorKey> {
        let rule = self.draw(random)?;
        random.pick(&rule.donors)
    }

    /// A need that some rule answers.
    pub fn need(&self, random: &mut Random) -> Option<&'k ResourceKey> {
        self.draw(random).map(|rule| &rule.need)
    }

    /// The hazardous codes of the donors that rules join to a need, each once, in their order.
    pub fn hazards_of(&self, need: &ResourceKey) -> Vec<WasteCode> {
        let mut codes: Vec<WasteCode> = self
            .knowledge
            .rules_to_need(need)
            .flat_map(|rule| &rule.donors)
            .filter_map(|donor| self.knowledge.donor(donor))
            .flat_map(|donor| &donor.waste_codes)
            .filter_map(|code| standing(code, self.knowledge))
            .filter(WasteCode::is_hazardous)
            .collect();
        codes.sort();
        codes.dedup();
        codes
    }
}
