//! The one place where it is decided who may do what and who may see what.
//!
//! Two questions, two answers: [`Principal::access`] says whether a call may be made at all, and a
//! [`Viewer`] says, thing by thing, what the answer may hold. The rule behind the second: nothing
//! that would let one firm work out another's costs leaves for that firm.

use std::collections::BTreeMap;

use boucle_domain::flow::Visibility;
use boucle_domain::id::{FirmKey, TerritoryId};
use boucle_domain::units::Money;
use boucle_store::Scope;

/// Firms an aggregate must rest on before it is told to those who may only see aggregates.
pub const AGGREGATE_FIRMS: usize = 3;

/// Greatest share of an aggregate that one firm may hold, in hundredths.
pub const AGGREGATE_SHARE: i128 = 85;

/// What someone is to a territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs the installation: opens territories, reads none.
    Operator,
    /// Leads the démarche.
    Animator,
    /// Speaks for one firm.
    Firm,
    /// Studies the territory: reads what the animator reads, declares nothing.
    Analyst,
    /// Sees aggregates.
    Viewer,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] = [
        Role::Operator,
        Role::Animator,
        Role::Firm,
        Role::Analyst,
        Role::Viewer,
    ];

    /// The word used in token files and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Role::Operator => "operator",
            Role::Animator => "animator",
            Role::Firm => "firm",
            Role::Analyst => "analyst",
            Role::Viewer => "viewer",
        }
    }

    /// The role of a word.
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// What a call does, as far as leave is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Open a territory.
    OpenTerritory,
    /// Read its name and its zones.
    ReadTerritory,
    /// Open, change or remove zones.
    WriteZones,
    /// Read firms, sites and the flows one may see.
    ReadDeclarations,
    /// Declare, change or remove single sites and flows.
    Declare,
    /// Import and export whole sheets.
    Exchange,
    /// Read what the words of the territory mean, or have texts read with them.
    ReadWords,
    /// Decide what words mean, and see those nobody knows.
    DecideWords,
    /// Decide what the codes of the territory stand for.
    DecideCodes,
    /// Start and stop runs.
    Solve,
    /// Read the state and the totals of runs.
    ReadRuns,
    /// Read proposals, rejections and explanations one may see.
    ReadResults,
    /// Read an answer or a model as a whole.
    ReadEverything,
}

/// Whether a role may do something inside its own territory.
fn may(role: Role, action: Action) -> bool {
    use Action::*;
    match role {
        Role::Operator => matches!(action, OpenTerritory | ReadTerritory),
        Role::Animator => action != OpenTerritory,
        Role::Firm => matches!(
            action,
            ReadTerritory | ReadDeclarations | Declare | ReadWords | ReadRuns | ReadResults
        ),
        Role::Analyst => matches!(
            action,
            ReadTerritory | ReadDeclarations | ReadWords | Solve | ReadRuns | ReadResults
        ),
        Role::Viewer => matches!(action, ReadTerritory | ReadRuns),
    }
}

/// Why a call may not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The territory is another's: for the caller it does not exist.
    Elsewhere,
    /// The role may not do this.
    Role(Role),
}

/// Someone whose token was recognised, or the person at the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Name under which requests are remembered; holds no secret.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Territory; `None` for every territory (operator, person at the machine).
    pub territory: Option<TerritoryId>,
    /// Firm, for the role of firm.
    pub firm: Option<FirmKey>,
    /// Whether this is the person at the machine, who holds the files anyway.
    pub local: bool,
}

impl Principal {
    /// The person at the machine: animator of every territory, private flows included.
    pub fn local() -> Principal {
        Principal {
            name: "local".to_owned(),
            role: Role::Animator,
            territory: None,
            firm: None,
            local: true,
        }
    }

    /// Leave to do something in a territory.
    ///
    /// # Errors
    /// [`Refusal::Elsewhere`] before [`Refusal::Role`], so that a role is never told what exists.
    pub fn access(&self, territory: &TerritoryId, action: Action) -> Result<Access, Refusal> {
        if self.territory.as_ref().is_some_and(|own| own != territory) {
            return Err(Refusal::Elsewhere);
        }
        if !(self.local || may(self.role, action)) {
            return Err(Refusal::Role(self.role));
        }
        Ok(Access {
            scope: Scope::authorised(territory.clone()),
            viewer: Viewer {
                role: self.role,
                firm: self.firm.clone(),
                local: self.local,
            },
            principal: self.name.clone(),
        })
    }
}

/// A call that may be made, in one territory.
#[derive(Clone, Debug)]
pub struct Access {
    /// Leave for the store.
    pub scope: Scope,
    /// Who reads the answer.
    pub viewer: Viewer,
    /// Name under which requests are remembered.
    pub principal: String,
}

/// Who reads an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    role: Role,
    firm: Option<FirmKey>,
    local: bool,
}

impl Viewer {
    /// The role of the reader.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether the reader speaks for this firm.
    pub fn is(&self, firm: &FirmKey) -> bool {
        self.role == Role::Firm && self.firm.as_ref() == Some(firm)
    }

    /// Whether the reader may declare for this firm.
    pub fn declares_for(&self, firm: &FirmKey) -> bool {
        self.role == Role::Animator || self.is(firm)
    }

    /// Whether the reader may know that a flow exists, what it is and how much.
    pub fn sees_flow(&self, owner: &FirmKey, visibility: Visibility) -> bool {
        if self.local || self.is(owner) {
            return true;
        }
        match self.role {
            Role::Operator | Role::Viewer => false,
            Role::Animator | Role::Analyst => visibility != Visibility::Private,
            Role::Firm => matches!(visibility, Visibility::Zone | Visibility::Public),
        }
    }

    /// Whether the reader may know the prices, contracts and gains of a firm.
    pub fn sees_money_of(&self, firm: &FirmKey) -> bool {
        self.sees_both_sides() || self.is(firm)
    }

    /// Whether the reader may know both sides of a link: its whole gain, its price range, its score.
    pub fn sees_both_sides(&self) -> bool {
        matches!(self.role, Role::Animator | Role::Analyst)
    }

    /// Whether the reader may read private flows inside an answer taken as a whole.
    pub fn sees_private(&self) -> bool {
        self.local
    }

    /// Whether a total may be told: to those who see both sides always, to the others when no
    /// firm can be read out of it.
    pub fn sees_total(&self, parts: &BTreeMap<FirmKey, Money>) -> bool {
        match self.role {
            Role::Animator | Role::Analyst => true,
            Role::Operator => false,
            Role::Firm | Role::Viewer => no_firm_can_be_read_out(parts),
        }
    }
}

/// At least [`AGGREGATE_FIRMS`] firms, and none above [`AGGREGATE_SHARE`] hundredths of the whole,
/// by magnitude.
fn no_firm_can_be_read_out(parts: &BTreeMap<FirmKey, Money>) -> bool {
    let sizes: Vec<i128> = parts
        .values()
        .map(|part| i128::from(part.milli()).abs())
        .filter(|&size| size > 0)
        .collect();
    let total: i128 = sizes.iter().sum();
    sizes.len() >= AGGREGATE_FIRMS
        && sizes
            .iter()
            .all(|size| size * 100 <= total * AGGREGATE_SHARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(role: Role, firm: Option<&str>) -> Principal {
        Principal {
            name: "t1".to_owned(),
            role,
            territory: Some(TerritoryId::new("flandre")),
            firm: firm.map(FirmKey::new),
            local: false,
        }
    }

    fn viewer(role: Role, firm: Option<&str>) -> Viewer {
        Viewer {
            role,
            firm: firm.map(FirmKey::new),
            local: false,
        }
    }

    #[test]
    fn another_territory_does_not_exist_whatever_the_role() {
        for role in Role::ALL {
            let refused =
                principal(role, None).access(&TerritoryId::new("rhone"), Action::ReadTerritory);
            assert_eq!(refused.err(), Some(Refusal::Elsewhere), "{role:?}");
        }
    }

    #[test]
    fn a_viewer_reads_runs_and_no_declaration() {
        let own = TerritoryId::new("flandre");
        assert!(
            principal(Role::Viewer, None)
                .access(&own, Action::ReadRuns)
                .is_ok()
        );
        let refused = principal(Role::Viewer, None).access(&own, Action::ReadDeclarations);
        assert_eq!(refused.err(), Some(Refusal::Role(Role::Viewer)));
    }

    #[test]
    fn the_operator_opens_territories_and_reads_no_result() {
        let own = TerritoryId::new("flandre");
        let operator = Principal {
            territory: None,
            ..principal(Role::Operator, None)
        };
        assert!(operator.access(&own, Action::OpenTerritory).is_ok());
        for action in [
            Action::ReadDeclarations,
            Action::ReadRuns,
            Action::ReadResults,
            Action::ReadEverything,
        ] {
            assert!(operator.access(&own, action).is_err(), "{action:?}");
        }
    }

    #[test]
    fn a_firm_sees_its_own_flows_and_those_others_opened() {
        let reader = viewer(Role::Firm, Some("a"));
        assert!(reader.sees_flow(&FirmKey::new("a"), Visibility::Private));
        assert!(reader.sees_flow(&FirmKey::new("b"), Visibility::Zone));
        assert!(!reader.sees_flow(&FirmKey::new("b"), Visibility::Animator));
        assert!(!reader.sees_money_of(&FirmKey::new("b")));
        assert!(!reader.sees_both_sides());
    }

    #[test]
    fn a_private_flow_is_for_its_firm_and_the_person_at_the_machine() {
        assert!(!viewer(Role::Animator, None).sees_flow(&FirmKey::new("a"), Visibility::Private));
        let local = Principal::local()
            .access(&TerritoryId::new("x"), Action::ReadEverything)
            .unwrap()
            .viewer;
        assert!(local.sees_flow(&FirmKey::new("a"), Visibility::Private));
    }

    #[test]
    fn a_total_needs_three_firms_and_none_above_eighty_five_hundredths() {
        let total = |parts: &[(&str, i64)]| {
            let parts = parts
                .iter()
                .map(|&(firm, euros)| (FirmKey::new(firm), Money::from_milli(euros)))
                .collect();
            viewer(Role::Viewer, None).sees_total(&parts)
        };
        assert!(!total(&[("a", 10), ("b", 10)]));
        assert!(!total(&[("a", 10), ("b", 10), ("c", 0)]));
        assert!(total(&[("a", 85), ("b", 10), ("c", 5)]));
        assert!(!total(&[("a", 86), ("b", 9), ("c", 5)]));
        assert!(total(&[("a", -40), ("b", 30), ("c", 30)]));
    }
}
