//! How things go today: outlet or supplier, price, contract.

use super::amount::Counting;
use super::field::Field;
use super::reader::{Bounds, Reader};
use crate::diagnostic::Code;
use crate::flow::{Present, Quantity};
use crate::interval::Interval;
use crate::text::Text;
use crate::units::Price;
use crate::units::written::{convert_price, read_unit};

impl Reader<'_> {
    /// The present outlet or supply; its partner is found once every row is known.
    pub(super) fn present(
        &mut self,
        counting: Option<&Counting>,
        quantity: Option<&Quantity>,
    ) -> Present {
        let price = self.price(counting);
        let price_year = self
            .whole(Field::PriceYear, 1990, 2100)
            .map(|year| year as i16);
        if self.draft.has(Field::Price) && price_year.is_none() && !self.draft.has(Field::PriceYear)
        {
            self.push(
                Code::W2502,
                Field::PriceYear,
                Text::new(
                    "le coût n'a pas d'année : il est pris tel quel",
                    "the cost has no year: it is taken as it stands",
                ),
                Text::new(
                    "écrivez l'année du contrat ou de la facture",
                    "write the year of the contract or invoice",
                ),
            );
        }
        let take_or_pay = self.amount(Field::TakeOrPay, counting);
        let contract_end = self.date(Field::ContractEnd);
        if let (Some(paid), Some(quantity)) = (take_or_pay, quantity)
            && paid > quantity.amount().high()
        {
            self.push(
                Code::W2501,
                Field::TakeOrPay,
                Text::new(
                    "le minimum payé dépasse la quantité déclarée",
                    "the paid minimum exceeds the declared quantity",
                ),
                Text::new(
                    "vérifiez l'unité et la période des deux",
                    "check the unit and the period of both",
                ),
            );
        }
        if take_or_pay.is_some() && !self.draft.has(Field::ContractEnd) {
            self.push(
                Code::W2503,
                Field::ContractEnd,
                Text::new(
                    "le minimum payé n'a pas de fin : il est supposé durer",
                    "the paid minimum has no end: it is taken to last",
                ),
                Text::new("écrivez la fin du contrat", "write the end of the contract"),
            );
        }
        if contract_end.is_some_and(|end| end < self.context.valid_on) {
            self.push(
                Code::W2402,
                Field::ContractEnd,
                Text::new(
                    "le contrat est déjà fini : il ne retient plus rien",
                    "the contract has ended: it binds nothing any more",
                ),
                Text::new(
                    "ôtez la date, ou écrivez celle du contrat en cours",
                    "drop the date, or write that of the running contract",
                ),
            );
        }
        Present {
            label: self.get(Field::Counterpart).to_owned(),
            avoidable_price: price,
            price_year,
            take_or_pay,
            contract_end,
            partner: None,
        }
    }

    /// The avoidable price, per canonical unit.
    fn price(&mut self, counting: Option<&Counting>) -> Option<Interval<Price>> {
        let written = self.number(Field::Price, Bounds::ANY)?.value;
        let counting = counting?;
        let text = self.get(Field::PriceUnit);
        let per = if text.is_empty() {
            counting.written
        } else {
            match read_unit(without_currency(text)) {
                Ok(unit) if unit.period.is_none() => unit,
                other => {
                    let list = other
                        .err()
                        .map_or_else(String::new, |problem| problem.suggestions.join(", "));
                    self.push(
                        Code::E1101,
                        Field::PriceUnit,
                        Text::new(
                            "unité du coût non reconnue",
                            "unit of the cost not recognised",
                        ),
                        Text::new(
                            format!("écrivez l'unité seule : t {list}"),
                            format!("write the unit alone: t {list}"),
                        ),
                    );
                    return None;
                }
            }
        };
        let Ok(price) = convert_price(written, &per, counting.unit, &counting.bridge) else {
            self.push(
                Code::E1502,
                Field::PriceUnit,
                Text::new(
                    format!(
                        "un coût par {} ne se ramène pas à {}",
                        per.row.code, counting.unit
                    ),
                    format!(
                        "a cost per {} cannot be carried to {}",
                        per.row.code, counting.unit
                    ),
                ),
                Text::new(
                    "donnez le coût dans l'unité du flux, ou déclarez densité ou PCI",
                    "give the cost in the unit of the flow, or declare density or heating value",
                ),
            );
            return None;
        };
        let [low, mid, high] = [price.low(), price.mid(), price.high()].map(Price::from_euros);
        let price = low
            .zip(mid)
            .zip(high)
            .map(|((low, mid), high)| Interval::spanning(low, mid, high));
        if price.is_none() {
            self.push(
                Code::E1104,
                Field::Price,
                Text::new(
                    "le coût dépasse ce que le calcul peut porter",
                    "the cost is beyond what can be computed",
                ),
                Text::new(
                    "vérifiez les zéros et l'unité",
                    "check the zeros and the unit",
                ),
            );
        }
        price
    }
}

/// `EUR/t` and `€ par t` without their currency.
fn without_currency(text: &str) -> &str {
    for mark in ["/", " par ", " per "] {
        if let Some((currency, unit)) = text.split_once(mark) {
            let currency = currency.trim();
            if currency == "€"
                || currency.eq_ignore_ascii_case("eur")
                || currency.eq_ignore_ascii_case("euros")
            {
                return unit.trim();
            }
        }
    }
    text
}
