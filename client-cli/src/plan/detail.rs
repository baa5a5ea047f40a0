//! A proposal told in full: what it is, who gains, what to do next, what is not known.

use boucle_proto::v1;
use boucle_proto::v1::{Outcome, RecognisedBy};

use super::proposals::{parties, resource};
use crate::directory::Directory;
use crate::failure::Result;
use crate::output::{Data, width};
use crate::text::{Language, wrapped};

/// Characters before the lines of a proposal.
const INDENT: &str = "   ";

/// Writes a proposal in full.
pub fn write(
    proposal: &v1::Proposal,
    directory: &Directory,
    language: Language,
    data: &mut Data,
) -> Result<()> {
    let title = format!("{}. {}", proposal.rank, parties(proposal));
    let title = language.labelled(&title, resource(proposal));
    data.line("")?;
    data.line(&title)?;
    let summary = language.of(&proposal.summary);
    if !summary.is_empty() {
        paragraph(summary, data)?;
    }
    let rule = proposal.pair.as_ref().map(|pair| pair.rule.as_str());
    let rule = format!(
        "{} ({}{})",
        language.of(&proposal.rule_label),
        rule.unwrap_or_default(),
        evidence(proposal, language)
    );
    item(language.pick("Règle", "Rule"), &rule, language, data)?;
    recognised(proposal, language, data)?;
    if let Some(economics) = &proposal.economics {
        money(economics, language, data)?;
    }
    for flag in &proposal.flags {
        legal(flag, language, data)?;
    }
    for condition in &proposal.conditions {
        if condition.outcome() == Outcome::Unknown {
            let label = language.pick("Condition à vérifier", "Condition to check");
            item(label, &condition.condition, language, data)?;
        }
    }
    for unknown in &proposal.unknowns {
        let question = language.of(&unknown.question);
        let worth = unknown.worth.filter(|worth| *worth != 0).map(|worth| {
            let points = language.number(worth as f64 / 100.0, 1);
            match language {
                Language::Fr => format!(" (jusqu'à {points} points de note)"),
                Language::En => format!(" (worth up to {points} points of score)"),
            }
        });
        let text = format!("{question}{}", worth.unwrap_or_default());
        item(language.pick("À demander", "To ask"), &text, language, data)?;
    }
    for alternative in &proposal.alternatives {
        item(
            language.pick("Sinon", "Else"),
            &other(alternative, directory, language),
            language,
            data,
        )?;
    }
    Ok(())
}

/// Why the words of a flow without a key were read as they were, and who decided it if someone did.
fn recognised(proposal: &v1::Proposal, language: Language, data: &mut Data) -> Result<()> {
    let ends = [
        (&proposal.output_recognised, "Sortant lu", "Output read"),
        (&proposal.input_recognised, "Besoin lu", "Need read"),
    ];
    for (end, fr, en) in ends {
        let Some(end) = end else { continue };
        if !matches!(end.by(), RecognisedBy::Words | RecognisedBy::Territory) {
            continue;
        }
        let reasons: Vec<&str> = end
            .reasons
            .iter()
            .map(|reason| language.pick(&reason.fr, &reason.en))
            .collect();
        let key = match end.donor.as_str() {
            "" => &end.resource,
            donor => donor,
        };
        let text = format!("{key} ({})", reasons.join(language.pick(" ; ", "; ")));
        item(language.pick(fr, en), &text, language, data)?;
    }
    Ok(())
}

/// On what a rule rests.
fn evidence(proposal: &v1::Proposal, language: Language) -> String {
    let confidence = match language {
        Language::Fr => format!(", confiance {}/3", proposal.confidence),
        Language::En => format!(", confidence {}/3", proposal.confidence),
    };
    match proposal.evidence.is_empty() {
        true => confidence,
        false => format!("{confidence}, {}", proposal.evidence.join(", ")),
    }
}

/// Who gains what, and at which prices.
fn money(economics: &v1::Economics, language: Language, data: &mut Data) -> Result<()> {
    if let Some((giver, taker)) = economics.giver_gain.zip(economics.taker_gain) {
        let text = match language {
            Language::Fr => format!(
                "cédant {}, preneur {} par an avant tout prix entre eux",
                language.euro_interval(&giver),
                language.euro_interval(&taker)
            ),
            Language::En => format!(
                "giver {}, taker {} per year before any price between them",
                language.euro_interval(&giver),
                language.euro_interval(&taker)
            ),
        };
        item(language.pick("Gains", "Gains"), &text, language, data)?;
    }
    if let Some(range) = &economics.price_range {
        let text = format!(
            "{} … {} / {}",
            language.plain_euros(range.low_milli_euros),
            language.euros(range.high_milli_euros),
            range.per_unit
        );
        let label = language.pick(
            "Prix payé par le preneur où personne ne perd",
            "Price paid by the taker at which nobody loses",
        );
        item(label, &text, language, data)?;
    }
    if !economics.defaults.is_empty() {
        let prices: Vec<String> = economics
            .defaults
            .iter()
            .map(|price| {
                format!(
                    "{} ({}, {})",
                    price.price,
                    role(&price.role, language),
                    price.year
                )
            })
            .collect();
        let label = language.pick(
            "Prix par défaut, faute de prix déclaré",
            "Default prices, none being declared",
        );
        item(label, &prices.join(", "), language, data)?;
    }
    Ok(())
}

/// What a default price stands for.
fn role(role: &str, language: Language) -> &str {
    match (language, role) {
        (Language::Fr, "outlet") => "exutoire",
        (Language::Fr, "purchase") => "achat",
        (Language::Fr, "link") => "lien",
        (_, role) => role,
    }
}

/// A legal question with its next act.
fn legal(flag: &v1::LegalFlag, language: Language, data: &mut Data) -> Result<()> {
    let mut text = format!("{} : {}", language.of(&flag.label), verdict(flag, language));
    let act = language.of(&flag.next_act);
    let settled = matches!(
        flag.verdict(),
        v1::LegalVerdict::Plausible | v1::LegalVerdict::Excluded
    );
    if !act.is_empty() && !settled {
        text = format!("{text} → {act}");
    }
    if !flag.answered_by.is_empty() {
        let answered = language.pick("couvert par", "answered by");
        text = format!("{text} [{answered} {}]", flag.answered_by);
    }
    let checked = match flag.checked_on.as_str() {
        "" => language.pick("jamais vérifié", "never checked").to_owned(),
        day => format!("{} {day}", language.pick("vérifié le", "checked on")),
    };
    let text = match flag.basis.is_empty() {
        true => format!("{text} ({checked})"),
        false => format!("{text} ({} ; {checked})", flag.basis),
    };
    item(language.pick("Droit", "Law"), &text, language, data)
}

/// What is found of a legal question, in a word.
fn verdict(flag: &v1::LegalFlag, language: Language) -> &'static str {
    match flag.verdict() {
        v1::LegalVerdict::Plausible => language.pick("plausible", "plausible"),
        v1::LegalVerdict::Needs => language.pick("à faire", "to be done"),
        v1::LegalVerdict::Blocked => language.pick("bloqué", "blocked"),
        v1::LegalVerdict::Unknown | v1::LegalVerdict::Unspecified => {
            language.pick("inconnu", "unknown")
        }
        v1::LegalVerdict::Excluded => language.pick("voie fermée", "road closed"),
    }
}

/// The next best for a party, and what it would lose.
fn other(alternative: &v1::Alternative, directory: &Directory, language: Language) -> String {
    let party = alternative.party.clone().unwrap_or_default();
    let pair = alternative.pair.as_ref().and_then(|pair| {
        let output = pair.output.as_ref().filter(|key| **key != party);
        output.or(pair.input.as_ref())
    });
    let rule = alternative.pair.as_ref().map(|pair| pair.rule.as_str());
    let with = match pair {
        Some(key) => format!("{} ({})", directory.flow(key), rule.unwrap_or_default()),
        None => language
            .pick("la solution d'aujourd'hui", "today's solution")
            .to_owned(),
    };
    let loss = alternative.loss.map(|loss| {
        let loss = language.euros(loss.milli_euros);
        match language {
            Language::Fr => format!(", perte {loss}/an"),
            Language::En => format!(", loss {loss}/yr"),
        }
    });
    let site = directory.site(&party.site);
    format!("{site} → {with}{}", loss.unwrap_or_default())
}

/// A labelled text, wrapped.
fn item(label: &str, text: &str, language: Language, data: &mut Data) -> Result<()> {
    paragraph(&format!("- {}", language.labelled(label, text)), data)
}

fn paragraph(text: &str, data: &mut Data) -> Result<()> {
    let room = usize::from(width()).saturating_sub(INDENT.len()).min(110);
    for (at, line) in wrapped(text, room).iter().enumerate() {
        let hanging = if at > 0 && text.starts_with("- ") {
            "  "
        } else {
            ""
        };
        data.line(&format!("{INDENT}{hanging}{line}"))?;
    }
    Ok(())
}
