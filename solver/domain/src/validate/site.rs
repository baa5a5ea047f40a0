//! The firm and the site of a row.

use super::field::{Field, Group};
use super::own::OwnReading;
use super::reader::Reader;
use super::row::{FirmRead, SiteRead};
use crate::diagnostic::Code;
use crate::geo::Point;
use crate::id::{ActivityCode, ExternalId, IdScheme, normalised};
use crate::knowledge::{CodeList, Commune, NewActivity};
use crate::own_code::OwnList;
use crate::text::Text;

/// Beyond this distance from the point of its commune, a position is doubtful (kilometres): the
/// largest communes of France reach about this far from their centre.
const FAR_FROM_COMMUNE_KM: f64 = 30.0;

impl Reader<'_> {
    /// What the row says of its firm and site.
    pub(super) fn firm_and_site(&mut self) -> (FirmRead, SiteRead) {
        let mut firm = FirmRead {
            name: self.get(Field::Firm).to_owned(),
            external: self.identifier(Field::FirmId),
        };
        let mut site = SiteRead {
            name: self.get(Field::Site).to_owned(),
            external: self.identifier(Field::SiteId),
            activity: self.activity(),
            ..SiteRead::default()
        };
        let named = [Field::Firm, Field::FirmId, Field::Site, Field::SiteId]
            .iter()
            .any(|&field| self.draft.has(field));
        let other = [Group::Site, Group::Flow, Group::Agreement]
            .iter()
            .any(|&group| self.draft.speaks_of(group));
        if other && (!named || (normalised(&firm.name).is_empty() && self.draft.has(Field::Firm))) {
            self.missing(Field::Firm);
        }
        self.siren_of_siret(&mut firm, &site);
        let commune = self.commune();
        site.commune = commune.as_ref().map(|commune| commune.code.clone());
        site.point = self.point();
        if let (Some(point), Some(commune)) = (&site.point, &commune) {
            self.far_from_commune(point, commune);
        }
        site.headcount = self
            .whole(Field::Headcount, 0, 1_000_000)
            .map(|count| count as u32);
        let rubrics = self
            .get(Field::Icpe)
            .split([';', ',', '\n'])
            .map(str::trim)
            .filter(|rubric| !rubric.is_empty());
        site.icpe_rubrics = rubrics.map(str::to_owned).collect();
        site.icpe_rubrics.sort();
        site.icpe_rubrics.dedup();
        (firm, site)
    }

    /// A firm without identifier takes the SIREN in the SIRET of its site; two that differ are said.
    fn siren_of_siret(&mut self, firm: &mut FirmRead, site: &SiteRead) {
        let Some(siret) = site
            .external
            .as_ref()
            .filter(|id| id.scheme == IdScheme::Siret)
        else {
            return;
        };
        let Some(siren) = siret.value.get(..9) else {
            return;
        };
        match &firm.external {
            None => {
                firm.external = Some(ExternalId {
                    scheme: IdScheme::Siren,
                    value: siren.to_owned(),
                })
            }
            Some(id) if id.scheme == IdScheme::Siren && id.value != siren => {
                let cause = Text::new(
                    format!(
                        "ce SIRET appartient au SIREN {siren}, or la ligne dit {}",
                        id.value
                    ),
                    format!(
                        "this SIRET belongs to SIREN {siren}, but the row says {}",
                        id.value
                    ),
                );
                self.push(
                    Code::W2202,
                    Field::SiteId,
                    cause,
                    Text::new("corrigez l'un des deux", "correct one of the two"),
                );
            }
            Some(_) => {}
        }
    }

    fn activity(&mut self) -> Option<ActivityCode> {
        let text = self.get(Field::Activity);
        if text.is_empty() {
            return None;
        }
        let day = self.context.valid_on;
        match self.own_code(OwnList::Activities, Field::Activity, text, day) {
            OwnReading::Other => self.listed_activity(text),
            OwnReading::Code(code) => self.listed_activity(&code),
            OwnReading::Told => None,
        }
    }

    /// An activity, judged against the classification.
    fn listed_activity(&mut self, text: &str) -> Option<ActivityCode> {
        // A choice of the list reads `C20.13 - label`: the code is its first word.
        let code = text.split_whitespace().next().unwrap_or(text);
        let entry = self
            .context
            .knowledge
            .activity(code)
            .or_else(|| self.context.knowledge.activity(text));
        if let Some(new) = self.context.knowledge.new_activity(code) {
            return self.new_activity(new);
        }
        let found = entry.map(|entry| entry.code.clone());
        if let Some(found) = &found {
            self.former_activity(found);
        }
        if found.is_none() {
            self.push(
                Code::E1202,
                Field::Activity,
                Text::new(
                    "ce code n'est pas dans la nomenclature d'activités (NAF rév. 2)",
                    "this code is not in the classification of activities (NACE Rev. 2)",
                ),
                Text::new(
                    "écrivez quatre chiffres : 20.13B, 2013B ou C20.13",
                    "write four digits: 20.13B, 2013B or C20.13",
                ),
            );
        }
        found
    }

    /// The class of NACE Rev. 2 of a code of NAF 2025, where it kept its number and its wording.
    fn new_activity(&mut self, new: &NewActivity) -> Option<ActivityCode> {
        if new.former.is_none() {
            self.push(
                Code::W2209,
                Field::Activity,
                Text::new(
                    format!(
                        "« {} » est un code de la NAF 2025 ; la table de passage vers la NAF rév. 2, \
                         sur laquelle règles et profils s'appuient, n'est pas chargée",
                        new.label
                    ),
                    format!(
                        "\"{}\" is a code of NAF 2025; its correspondence with NAF rév. 2, on \
                         which rules and profiles rest, is not loaded",
                        new.label
                    ),
                ),
                Text::new(
                    "écrivez aussi l'ancien code (NAF rév. 2) à sa place ; sinon l'activité reste vide",
                    "write the former code (NAF rév. 2) instead; else the activity stays empty",
                ),
            );
        }
        new.former.clone()
    }

    /// Says of a class of NAF rév. 2, on a day of NAF 2025, that it may have changed.
    fn former_activity(&mut self, code: &ActivityCode) {
        let knowledge = self.context.knowledge;
        let replaced = knowledge
            .edition_of(CodeList::Activities, self.context.valid_on)
            .is_some_and(|edition| edition.name.starts_with("NAF 2025"));
        if replaced && code.as_str().len() > 5 && !knowledge.activity_is_kept(code) {
            self.push(
                Code::I3201,
                Field::Activity,
                Text::new(
                    format!("{code} est lu selon la NAF rév. 2 ; la NAF 2025 a pu changer cette classe"),
                    format!("{code} is read by NAF rév. 2; NAF 2025 may have changed this class"),
                ),
                Text::new(
                    "vérifiez que l'activité est bien celle-là ; le code NAF 2025 est accepté aussi",
                    "check that this is the activity; the code of NAF 2025 is accepted too",
                ),
            );
        }
    }

    /// The commune, by its code or by its name with, where several share it, the department.
    fn commune(&mut self) -> Option<Commune> {
        let text = self.get(Field::Commune);
        if text.is_empty() {
            return None;
        }
        let first = text.split_whitespace().next().unwrap_or(text);
        // Four digits: the leading zero was lost by the spreadsheet.
        let code = if first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("0{first}")
        } else {
            first.to_uppercase()
        };
        if let Some(commune) = self.context.knowledge.commune_by_code(&code) {
            return Some(commune.clone());
        }
        let (name, department) = match text.split_once('(') {
            Some((name, rest)) => (name.trim(), rest.trim_end_matches(')').trim()),
            None => (text, ""),
        };
        let mut found = self
            .context
            .knowledge
            .communes_by_name(&normalised(name))
            .into_iter();
        let matching: Vec<Commune> = found
            .by_ref()
            .filter(|commune| {
                department.is_empty() || commune.department.eq_ignore_ascii_case(department)
            })
            .cloned()
            .collect();
        match &matching[..] {
            [commune] => Some(commune.clone()),
            [] => {
                self.push(
                    Code::E1203,
                    Field::Commune,
                    Text::new("aucune commune n'a ce code ou ce nom", "no commune has this code or name"),
                    Text::new(
                        "écrivez le code INSEE (59183) ou le nom et le département : Dunkerque (59) ; hors de France, laissez vide et donnez la position",
                        "write the INSEE code (59183) or name and department: Dunkerque (59); outside France leave it empty and give the position",
                    ),
                );
                None
            }
            several => {
                let choice = |open: &str, close: &str| {
                    let one = |commune: &Commune| {
                        let Commune {
                            code,
                            name,
                            department,
                            ..
                        } = commune;
                        format!("{open}{code}{close} ({name}, {department})")
                    };
                    several
                        .iter()
                        .take(5)
                        .map(one)
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                let mut list: Vec<String> = several
                    .iter()
                    .map(|commune| {
                        format!("{} ({}) {}", commune.name, commune.department, commune.code)
                    })
                    .collect();
                list.truncate(5);
                let list = list.join(", ");
                self.push(
                    Code::E1204,
                    Field::Commune,
                    Text::new(
                        format!("plusieurs communes ont ce nom : {list}"),
                        format!("several communes have this name: {list}"),
                    ),
                    Text::new(
                        format!("écrivez le code INSEE de la bonne : {}", choice("« ", " »")),
                        format!(
                            "write the INSEE code of the right one: {}",
                            choice("\"", "\"")
                        ),
                    ),
                );
                None
            }
        }
    }

    fn point(&mut self) -> Option<Point> {
        let before = self.errors();
        let mut degrees = [None; 2];
        for (degree, (field, limit)) in degrees
            .iter_mut()
            .zip([(Field::Latitude, 90.0), (Field::Longitude, 180.0)])
        {
            *degree = self.coordinate(field, limit);
        }
        match degrees {
            [Some(latitude), Some(longitude)] => Point::new(latitude, longitude),
            [None, None] => None,
            // The other one is written but was refused already.
            _ if self.errors() > before => None,
            [latitude, _] => {
                let empty = if latitude.is_none() {
                    Field::Latitude
                } else {
                    Field::Longitude
                };
                self.push(
                    Code::E1205,
                    empty,
                    Text::new(
                        "une position demande latitude et longitude",
                        "a position needs latitude and longitude",
                    ),
                    Text::new("écrivez les deux, ou aucune", "write both, or neither"),
                );
                None
            }
        }
    }

    /// A coordinate: a plain number in degrees, never thousands, so `51.017` is not doubtful.
    fn coordinate(&mut self, field: Field, limit: f64) -> Option<f64> {
        let text = self.get(field);
        if text.is_empty() {
            return None;
        }
        let degrees = text
            .replace(',', ".")
            .replace('\u{2212}', "-")
            .parse::<f64>()
            .ok();
        let degrees = degrees.filter(|degrees| degrees.abs() <= limit);
        if degrees.is_none() {
            self.push(
                Code::E1205,
                field,
                Text::new(
                    format!("ce n'est pas un nombre de degrés entre -{limit} et {limit}"),
                    format!("this is not a number of degrees between -{limit} and {limit}"),
                ),
                Text::new(
                    "écrivez des degrés décimaux (WGS 84) : 51,0137 ; ni Lambert 93, ni minutes",
                    "write decimal degrees (WGS 84): 51.0137; no grid metres, no minutes",
                ),
            );
        }
        degrees
    }

    fn far_from_commune(&mut self, point: &Point, commune: &Commune) {
        let Some(centre) = commune.point else { return };
        let kilometres = crow_flies(point, &centre);
        if kilometres > FAR_FROM_COMMUNE_KM {
            self.push(
                Code::W2203,
                Field::Latitude,
                Text::new(
                    format!("la position est à {kilometres:.0} km de {}", commune.name),
                    format!("the position is {kilometres:.0} km from {}", commune.name),
                ),
                Text::new(
                    "latitude et longitude sont-elles inversées ?",
                    "are latitude and longitude swapped?",
                ),
            );
        }
    }
}

/// Distance between two points on a sphere of the Earth's mean radius, in kilometres: good to half a
/// per cent, enough for a doubt. Distances of the plan are geodesic.
fn crow_flies(a: &Point, b: &Point) -> f64 {
    let (la, lb) = (a.latitude().to_radians(), b.latitude().to_radians());
    let half_lat = (lb - la) / 2.0;
    let half_lon = (b.longitude() - a.longitude()).to_radians() / 2.0;
    let h = half_lat.sin().powi(2) + la.cos() * lb.cos() * half_lon.sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}
