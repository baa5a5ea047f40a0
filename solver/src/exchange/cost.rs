//! What a plan costs, in integers of the scale.

use boucle_domain::units::{Amount, Money};

use super::model::{Model, Terminal};

/// Cost of leaving `rest` of a terminal to today's outlet or supply.
///
/// The part paid whether used or not is in neither side of a comparison, so it is left out of both.
pub(crate) fn of_rest(terminal: &Terminal, rest: Amount) -> Money {
    let sunk = if terminal.price.milli() > 0 {
        terminal.sunk
    } else {
        Amount::ZERO
    };
    terminal.price.of((rest - sunk).max(Amount::ZERO))
}

/// Cost of going on as today: existing links at what they carry, everything else as declared.
pub(crate) fn of_today(model: &Model) -> Money {
    let mut source_rest: Vec<Amount> = model.sources.iter().map(Terminal::yearly).collect();
    let mut sink_rest: Vec<Amount> = model.sinks.iter().map(Terminal::yearly).collect();
    let mut links = Money::ZERO;
    for link in model.links.iter().filter(|link| link.existing) {
        let months = carried_today(model, link);
        for carried in months {
            source_rest[link.source] -= carried;
            sink_rest[link.sink] -= link.ratio.of(carried);
        }
        links += link.cost.of(months.iter().copied().sum());
    }
    let sources = model
        .sources
        .iter()
        .zip(&source_rest)
        .map(|(t, &rest)| of_rest(t, rest));
    let sinks = model
        .sinks
        .iter()
        .zip(&sink_rest)
        .map(|(t, &rest)| of_rest(t, rest));
    links + sources.chain(sinks).sum::<Money>()
}

/// What an existing link carries today, by month: all that both ends have.
pub(crate) fn carried_today(
    model: &Model,
    link: &super::model::Link,
) -> [Amount; boucle_domain::profile::MONTHS] {
    let (source, sink) = (&model.sources[link.source], &model.sinks[link.sink]);
    std::array::from_fn(|m| {
        let wanted = Amount::from_units(sink.monthly[m].units() / link.ratio.value())
            .unwrap_or(source.monthly[m]);
        let mut carried = source.monthly[m].min(wanted);
        // Rounding to the scale may overshoot the need by one unit of it.
        while carried > Amount::ZERO && link.ratio.of(carried) > sink.monthly[m] {
            carried -= Amount::from_milli(1);
        }
        carried
    })
}
