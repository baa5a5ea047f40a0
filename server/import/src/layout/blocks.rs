//! Blocks of a table: columns that declare one flow per row, where a table has several.

use std::collections::BTreeSet;

use boucle_domain::id::Direction;
use boucle_domain::validate::Field;

use super::sample::{Sample, is_cross, is_measure};
use super::{Block, Head, Use};
use crate::headings::{Meaning, Role};

/// The blocks of the table, the block of each head, and how it is used.
pub(super) fn blocks(
    heads: &mut [Head],
    sample: &Sample,
) -> (Vec<Block>, Vec<Option<usize>>, Vec<Use>) {
    let mut of = vec![None; heads.len()];
    let mut uses = vec![Use::First; heads.len()];
    // Joined headings that speak of a way: one block each.
    let mut groups: Vec<(u32, Direction)> = Vec::new();
    for head in heads.iter() {
        if let Some((first, Some(way))) = head.group
            && !groups.iter().any(|(other, _)| *other == first)
        {
            groups.push((first, way));
        }
    }
    // Only what names or counts flows is a block: an outlet speaks of a way, and belongs to all.
    groups.retain(|(first, _)| {
        heads.iter().any(|head| {
            let counts = head.meaning.as_ref().and_then(Meaning::field);
            head.group.is_some_and(|(other, _)| other == *first)
                && matches!(counts, Some(Field::Name | Field::Quantity))
        })
    });
    if let [(_, way)] = groups[..] {
        let block = Block {
            direction: Some(way),
        };
        return (vec![block], of, uses);
    }
    if !groups.is_empty() {
        let only = |way: Direction| {
            let mut of_way = (0..groups.len()).filter(|&at| groups[at].1 == way);
            of_way.next().filter(|_| of_way.next().is_none())
        };
        for (at, head) in heads.iter().enumerate() {
            let own = head
                .group
                .and_then(|(first, _)| groups.iter().position(|(other, _)| *other == first));
            // An outlet concerns what leaves, a supplier what enters.
            let said = head.meaning.as_ref().and_then(|meaning| meaning.direction);
            let way = head.group.and_then(|(_, way)| way).or(said);
            of[at] = own.or_else(|| way.and_then(only));
        }
        let blocks = groups.iter().map(|(_, way)| Block {
            direction: Some(*way),
        });
        return (blocks.collect(), of, uses);
    }
    let is_name = |head: &Head| {
        head.meaning
            .as_ref()
            .is_some_and(|meaning| meaning.field() == Some(Field::Name))
    };
    let way = |head: &Head| head.meaning.as_ref().and_then(|meaning| meaning.direction);
    let directed: Vec<usize> = (0..heads.len())
        .filter(|&at| is_name(&heads[at]) && way(&heads[at]).is_some())
        .collect();
    let plain = heads
        .iter()
        .any(|head| is_name(head) && way(head).is_none());
    let ways: BTreeSet<Option<Direction>> = directed.iter().map(|&at| way(&heads[at])).collect();
    if ways.len() < 2 {
        return (vec![Block::default()], of, uses);
    }
    let mut blocks = Vec::new();
    if plain {
        // `Désignation | Entrant | Sortant`: crosses, or a quantity for each way.
        for &at in &directed {
            let column = heads[at].column;
            let crosses = sample.mostly(column, is_cross)
                && !sample.mostly(column, |text| text.len() > 1 && is_measure(text));
            let measures = sample.mostly(column, is_measure);
            if !crosses && !measures && sample.holds(column) {
                continue;
            }
            of[at] = Some(blocks.len());
            blocks.push(Block {
                direction: way(&heads[at]),
            });
            uses[at] = if crosses { Use::Mark } else { Use::First };
            if let Some(meaning) = &mut heads[at].meaning {
                meaning.role = Role::Field(if crosses {
                    Field::Direction
                } else {
                    Field::Quantity
                });
            }
        }
        if blocks.is_empty() {
            blocks.push(Block::default());
        }
        return (blocks, of, uses);
    }
    // `Flux entrants | Quantité | Flux sortants | Quantité`: a block from each name to the next.
    for (number, &at) in directed.iter().enumerate() {
        let until = directed.get(number + 1).copied().unwrap_or(heads.len());
        for place in of.iter_mut().take(until).skip(at) {
            *place = Some(number);
        }
        blocks.push(Block {
            direction: way(&heads[at]),
        });
    }
    (blocks, of, uses)
}
