//! Generated zones: firms, sites and flows drawn from the rules of a catalogue. Nothing in them is real.

mod declared;
mod land;
mod pathways;

use std::collections::BTreeMap;

use boucle_domain::flow::{Flow, Identity};
use boucle_domain::geo::{Position, PositionSource};
use boucle_domain::id::{
    Direction, ExternalId, FlowKey, IdScheme, ResourceKey, TerritoryId, ZoneId,
};
use boucle_domain::knowledge::{Knowledge, NeedFit};
use boucle_domain::organisation::{Agreement, Firm, Site, Territory, Zone, ZoneKind};
use boucle_domain::snapshot::Snapshot;
use boucle_domain::text::Language;
use boucle_domain::units::{Amount, Unit};
use boucle_domain::validate::{Declaration, firm_key, site_key};
use boucle_domain::validity::Validity;
use boucle_import::{Format, WriteError, export};
use jiff::civil::{Date, date};

use crate::random::Random;
use land::Land;
use pathways::Pathways;

/// Day of every generated run.
pub const DAY: Date = date(2027, 1, 15);

/// The zone that every generated site stands in.
pub const ZONE: &str = "generated";

/// Shares of flows, each an assumption of the generator.
mod share {
    /// Flows with a campaign in place of a constant rate.
    pub const SEASONAL: f64 = 0.15;
    /// Flows with room for a stock.
    pub const STORAGE: f64 = 0.10;
    /// Flows that only go by full lorries.
    pub const MINIMUM_LOT: f64 = 0.10;
    /// Flows whose price of today is declared.
    pub const PRICE: f64 = 0.45;
    /// Flows with a yearly minimum paid until the end of a contract.
    pub const CONTRACT: f64 = 0.08;
    /// Outputs that name their waste code, where their donor has one.
    pub const WASTE_CODE: f64 = 0.60;
    /// Outputs without a code that say whether they are hazardous.
    pub const HAZARD_SAID: f64 = 0.80;
    /// Outputs whose properties were analysed, the failing ones included.
    pub const ANALYSED: f64 = 0.65;
    /// Outputs whose analysis fails a condition.
    pub const ANALYSED_FAILING: f64 = 0.10;
    /// Outputs known by their waste code alone.
    pub const UNRECOGNISED: f64 = 0.04;
    /// Sites that may accept the hazardous donors of a need of theirs.
    pub const AGREEMENT: f64 = 0.40;
    /// Outputs that an existing exchange already takes.
    pub const PARTNER: f64 = 0.03;
}

/// Yearly tonnes of the median output and of the median need.
const MEDIAN_TONNES: (f64, f64) = (150.0, 400.0);

/// A generated zone.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Firms, sites and flows.
    pub declaration: Declaration,
}

impl Instance {
    /// A zone of so many firms. The same numbers give the same zone; the catalogue is part of them.
    ///
    /// Each firm has one site with two to four flows, half of them outputs.
    pub fn generate(firms: usize, seed: u64, knowledge: &Knowledge) -> Instance {
        let land = Land::new(firms, &mut Random::new(seed));
        let pathways = Pathways::new(knowledge);
        let mut declaration = Declaration::default();
        for at in 0..firms {
            let mut random = Random::of(seed, at as u64);
            let firm = firm(at);
            let mut site = site(at, &firm, &land, &mut random);
            // Two to four flows, three on average; outputs and needs in turn.
            let first = random.below(2);
            for number in 0..2 + random.below(3) {
                let flow = if (first + number).is_multiple_of(2) {
                    output(&site, number, knowledge, &pathways, &mut random)
                } else {
                    need(&mut site, number, knowledge, &pathways, &mut random)
                };
                declaration.flows.extend(flow);
            }
            declaration.firms.push(firm);
            declaration.sites.push(site);
        }
        let mut instance = Instance { declaration };
        instance.join_partners(knowledge, &mut Random::of(seed, u64::MAX));
        instance
    }

    /// The zone as a run reads it.
    pub fn snapshot(&self) -> Snapshot {
        snapshot(self.declaration.clone())
    }

    /// The zone as a csv file of the template.
    ///
    /// # Errors
    /// Only if the file cannot be put together.
    pub fn csv(&self) -> Result<Vec<u8>, WriteError> {
        export(&self.declaration, Language::En, Format::Csv)
    }

    /// Lets some outputs go to a need that a rule joins them to, both sides saying so.
    fn join_partners(&mut self, knowledge: &Knowledge, random: &mut Random) {
        let flows = &mut self.declaration.flows;
        let mut needs: BTreeMap<ResourceKey, Vec<usize>> = BTreeMap::new();
        for (at, flow) in flows.iter().enumerate() {
            if let Identity::Resource(key) = &flow.identity {
                needs.entry(key.clone()).or_default().push(at);
            }
        }
        for at in 0..flows.len() {
            let Identity::Donor(donor) = flows[at].identity.clone() else {
                continue;
            };
            if !random.chance(share::PARTNER) {
                continue;
            }
            let taker = knowledge
                .rules_of_donor(&donor)
                .filter_map(|rule| random.pick(needs.get(&rule.need)?).map(|&at| (rule, at)))
                .find(|&(rule, other)| {
                    let (output, input) = (&flows[at], &flows[other]);
                    input.present.partner.is_none()
                        && input.key.site != output.key.site
                        && matches!(&input.identity, Identity::Resource(key)
                            if knowledge.need_fit(rule, key) == NeedFit::Answers)
                });
            if let Some((_, other)) = taker {
                flows[at].present.partner = Some(flows[other].key.site.clone());
                flows[other].present.partner = Some(flows[at].key.site.clone());
            }
        }
    }
}

/// A declaration as a run reads it, in the generated territory.
pub fn snapshot(declaration: Declaration) -> Snapshot {
    let territory = Territory {
        id: TerritoryId::new(ZONE),
        name: "Generated territory".to_owned(),
    };
    let zone = Zone {
        id: ZoneId::new(ZONE),
        name: "Generated zone".to_owned(),
        kind: ZoneKind::Basin,
        parent: None,
        centre: None,
    };
    let Declaration {
        firms,
        sites,
        flows,
    } = declaration;
    Snapshot::new(territory, DAY, vec![zone], firms, sites, flows)
}

fn firm(at: usize) -> Firm {
    let external = local(format!("F{at:06}"));
    let name = format!("Generated firm {at:06}");
    Firm {
        key: firm_key(&name, external.as_ref()),
        name,
        external,
    }
}

fn site(at: usize, firm: &Firm, land: &Land, random: &mut Random) -> Site {
    let external = local(format!("S{at:06}"));
    let name = format!("Generated site {at:06}");
    Site {
        key: site_key(&firm.key, &name, external.as_ref()),
        firm: firm.key.clone(),
        zone: ZoneId::new(ZONE),
        name,
        external,
        activity: None,
        commune: None,
        position: land.place(random).map(|point| Position {
            point,
            source: PositionSource::Declared,
        }),
        headcount: Some(random.log_normal(40.0, 1.0).clamp(1.0, 5_000.0) as u32),
        icpe_rubrics: Vec::new(),
        agreements: Vec::new(),
    }
}

fn local(value: String) -> Option<ExternalId> {
    Some(ExternalId {
        scheme: IdScheme::Local,
        value,
    })
}

fn flow_key(site: &Site, direction: Direction, number: usize) -> FlowKey {
    FlowKey {
        site: site.key.clone(),
        direction,
        reference: format!("R{number}"),
    }
}

fn output(
    site: &Site,
    number: usize,
    knowledge: &Knowledge,
    pathways: &Pathways<'_>,
    random: &mut Random,
) -> Option<Flow> {
    let donor = knowledge.donor(pathways.donor(random)?)?;
    let mut flow = declared::flow(
        flow_key(site, Direction::Output, number),
        &donor.label.fr,
        Identity::Donor(donor.key.clone()),
        MEDIAN_TONNES.0,
        random,
    );
    declared::describe(&mut flow, donor, knowledge, random);
    if flow.waste_code.is_some() && random.chance(share::UNRECOGNISED) {
        flow.identity = Identity::Unrecognised;
        flow.name = format!("Residue {number} of {}", site.name);
    }
    let codes: Vec<_> = flow.waste_code.iter().cloned().collect();
    let default = knowledge
        .outlet_price(&flow.identity, &codes, Unit::Tonne, DAY.year())
        .map(|row| row.price.mid().euros());
    declared::price(&mut flow, default, 0.4, random);
    Some(flow)
}

fn need(
    site: &mut Site,
    number: usize,
    knowledge: &Knowledge,
    pathways: &Pathways<'_>,
    random: &mut Random,
) -> Option<Flow> {
    let key = pathways.need(random)?;
    let resource = knowledge.resource(key)?;
    let mut flow = declared::flow(
        flow_key(site, Direction::Input, number),
        &resource.label.fr,
        Identity::Resource(key.clone()),
        MEDIAN_TONNES.1,
        random,
    );
    let default = knowledge
        .purchase_price(key, Unit::Tonne, DAY.year())
        .map(|row| row.price.mid().euros());
    declared::price(&mut flow, default, 0.25, random);
    let hazards = pathways.hazards_of(key);
    if !hazards.is_empty() && random.chance(share::AGREEMENT) {
        let tonnes = random.log_normal(500.0, 1.0).ceil();
        site.agreements.push(Agreement {
            reference: format!("AP-{}-{}", site.name.replace(' ', "-"), number),
            waste_codes: hazards,
            yearly_limit: Amount::from_units(tonnes).map(|amount| (amount, Unit::Tonne)),
            validity: Validity::ALWAYS,
        });
    }
    Some(flow)
}

#[cfg(test)]
mod tests;
