//! The graph people ask about: who is linked to whom through what, and who holds it together.
//!
//! Sites are the nodes and proposals the edges, giver to taker. The optimisation never runs on this
//! graph. Every list comes in an order that depends on keys alone, whatever the order in which the
//! links were given; [`Network::links`] alone keeps that order, which is that of rank.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use boucle_domain::id::{PairKey, SiteKey};
use boucle_domain::units::{Amount, Money, Unit};
use petgraph::Direction;
use petgraph::algo::articulation_points::articulation_points;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;
use serde::{Deserialize, Serialize};

use crate::answer::{Keystone, NetworkSummary, PlanKind, Proposal};

/// Keystones a summary names.
pub const KEYSTONES: usize = 10;

/// A link of the zone, existing or proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The site that gives.
    pub giver: SiteKey,
    /// The site that takes.
    pub taker: SiteKey,
    /// What goes, for what, under which rule.
    pub pair: PairKey,
    /// Plan it belongs to.
    pub plan: PlanKind,
    /// Gain per year at mid values, before any discount; zero for an existing exchange.
    pub gain: Money,
    /// Sent per year, in `unit`.
    pub sent: Amount,
    /// Unit of the output.
    pub unit: Unit,
}

impl From<&Proposal> for Link {
    fn from(proposal: &Proposal) -> Link {
        Link {
            giver: proposal.pair.output.site.clone(),
            taker: proposal.pair.input.site.clone(),
            pair: proposal.pair.clone(),
            plan: proposal.plan,
            gain: proposal.economics.gain.mid(),
            sent: proposal.sent,
            unit: proposal.sent_unit,
        }
    }
}

/// A site at the other end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour<'n> {
    /// The other site.
    pub site: &'n SiteKey,
    /// The link: the other site takes if it is the link's taker, gives if it is its giver.
    pub link: &'n Link,
}

/// The links of a zone as a graph.
#[derive(Clone, Debug)]
pub struct Network {
    graph: DiGraph<SiteKey, Link>,
    nodes: BTreeMap<SiteKey, NodeIndex>,
}

impl Network {
    /// The network of proposals of both plans, existing exchanges included.
    pub fn of(proposals: &[Proposal]) -> Network {
        Network::from_links(proposals.iter().map(Link::from))
    }

    /// The network of one plan: the prospective plan stands on the links of the firm one.
    pub fn of_plan(proposals: &[Proposal], plan: PlanKind) -> Network {
        let of_plan = proposals.iter().filter(|proposal| proposal.plan <= plan);
        Network::from_links(of_plan.map(Link::from))
    }

    /// A network from its links. A pair given twice counts once, as first given.
    pub fn from_links(links: impl IntoIterator<Item = Link>) -> Network {
        let mut seen = BTreeSet::new();
        let links: Vec<Link> = links
            .into_iter()
            .filter(|link| seen.insert(link.pair.clone()))
            .collect();
        let sites: BTreeSet<&SiteKey> = links
            .iter()
            .flat_map(|link| [&link.giver, &link.taker])
            .collect();
        let mut graph = DiGraph::with_capacity(sites.len(), links.len());
        // Nodes in the order of their keys: the indices compare as the keys do.
        let nodes: BTreeMap<SiteKey, NodeIndex> = sites
            .into_iter()
            .map(|site| (site.clone(), graph.add_node(site.clone())))
            .collect();
        for link in links {
            let (giver, taker) = (nodes[&link.giver], nodes[&link.taker]);
            graph.add_edge(giver, taker, link);
        }
        Network { graph, nodes }
    }

    /// Who gives what to whom, in the order the links were given: by rank for [`Network::of`].
    pub fn links(&self) -> impl Iterator<Item = &Link> {
        self.graph.edge_weights()
    }

    /// Sites with at least one link, by key.
    pub fn sites(&self) -> impl Iterator<Item = &SiteKey> {
        self.nodes.keys()
    }

    /// Sites at the other end of the links of a site, by key, then by pair; empty for a site without
    /// a link. A site linked twice comes twice.
    pub fn neighbours(&self, site: &SiteKey) -> Vec<Neighbour<'_>> {
        let Some(&node) = self.nodes.get(site) else {
            return Vec::new();
        };
        let mut neighbours: Vec<Neighbour<'_>> = self
            .edges(node)
            .map(|(other, edge)| Neighbour {
                site: &self.graph[other],
                link: &self.graph[edge],
            })
            .collect();
        neighbours.sort_by_key(|neighbour| (neighbour.site, &neighbour.link.pair));
        // A link from a site to itself is met from both ends.
        neighbours.dedup_by_key(|neighbour| &neighbour.link.pair);
        neighbours
    }

    /// The connected groups of sites, largest first, then by their first key; keys in order.
    pub fn components(&self) -> Vec<Vec<&SiteKey>> {
        let mut groups: Vec<Vec<&SiteKey>> = self
            .component_nodes()
            .into_iter()
            .map(|nodes| nodes.into_iter().map(|node| &self.graph[node]).collect())
            .collect();
        groups.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        groups
    }

    /// The shortest chain of links between two sites, whichever way things go along it.
    ///
    /// Fewest links; among as many, the sites of lowest keys from the start on, and between two
    /// sites the link of greatest gain, then of lowest key. Empty from a site to itself; `None` when
    /// nothing joins them or one has no link.
    pub fn path(&self, from: &SiteKey, to: &SiteKey) -> Option<Vec<&Link>> {
        let (&start, &end) = (self.nodes.get(from)?, self.nodes.get(to)?);
        // Breadth first from the end, so that the walk from the start may choose the lowest key.
        let mut steps: Vec<Option<u32>> = vec![None; self.graph.node_count()];
        steps[end.index()] = Some(0);
        let mut queue = VecDeque::from([end]);
        while let Some(node) = queue.pop_front() {
            let next = steps[node.index()].map(|step| step + 1);
            for (other, _) in self.edges(node) {
                if steps[other.index()].is_none() {
                    steps[other.index()] = next;
                    queue.push_back(other);
                }
            }
        }
        let mut left = steps[start.index()]?;
        let mut path = Vec::with_capacity(left as usize);
        let mut at = start;
        while left > 0 {
            left -= 1;
            let (other, link) = self
                .edges(at)
                .filter(|(other, _)| steps[other.index()] == Some(left))
                .map(|(other, edge)| (other, &self.graph[edge]))
                .min_by_key(|(other, link)| (*other, std::cmp::Reverse(link.gain), &link.pair))?;
            path.push(link);
            at = other;
        }
        Some(path)
    }

    /// Every linked site as a keystone: the gain of its links, greatest first, then by key.
    pub fn keystones(&self) -> Vec<Keystone> {
        let splitting = self.splitting();
        let mut keystones: Vec<Keystone> = self
            .nodes
            .iter()
            .map(|(site, &node)| {
                let links: BTreeSet<EdgeIndex> = self.edges(node).map(|(_, edge)| edge).collect();
                Keystone {
                    site: site.clone(),
                    links: count(links.len()),
                    gain: links.iter().map(|&edge| self.graph[edge].gain).sum(),
                    splits: splitting.contains(&node),
                }
            })
            .collect();
        keystones.sort_by(|a, b| b.gain.cmp(&a.gain).then_with(|| a.site.cmp(&b.site)));
        keystones
    }

    /// The structure in a few numbers, with the first [`KEYSTONES`] keystones.
    pub fn summary(&self) -> NetworkSummary {
        let groups = self.component_nodes();
        let mut keystones = self.keystones();
        keystones.truncate(KEYSTONES);
        NetworkSummary {
            linked_sites: count(self.graph.node_count()),
            groups: count(groups.len()),
            largest_group: count(groups.iter().map(Vec::len).max().unwrap_or(0)),
            keystones,
        }
    }

    /// Links of a node with their other end, both ways.
    fn edges(&self, node: NodeIndex) -> impl Iterator<Item = (NodeIndex, EdgeIndex)> {
        let given = self.graph.edges_directed(node, Direction::Outgoing);
        let taken = self.graph.edges_directed(node, Direction::Incoming);
        let given = given.map(|edge| (edge.target(), edge.id()));
        given.chain(taken.map(|edge| (edge.source(), edge.id())))
    }

    /// Groups in the order of their first key, keys in order within each.
    fn component_nodes(&self) -> Vec<Vec<NodeIndex>> {
        let mut seen = vec![false; self.graph.node_count()];
        let mut groups = Vec::new();
        for first in self.graph.node_indices() {
            if seen[first.index()] {
                continue;
            }
            seen[first.index()] = true;
            let mut group = vec![first];
            let mut at = 0;
            while let Some(&node) = group.get(at) {
                at += 1;
                for (other, _) in self.edges(node) {
                    if !seen[other.index()] {
                        seen[other.index()] = true;
                        group.push(other);
                    }
                }
            }
            group.sort();
            groups.push(group);
        }
        groups
    }

    /// Sites whose departure leaves some others of their group without a way to each other.
    ///
    /// The articulation points of the undirected graph (Tarjan, 1972), where several links between
    /// two sites are one edge and a link from a site to itself none.
    fn splitting(&self) -> BTreeSet<NodeIndex> {
        let mut plain = UnGraph::<(), ()>::with_capacity(self.graph.node_count(), 0);
        for _ in self.graph.node_indices() {
            plain.add_node(());
        }
        let edges: BTreeSet<(NodeIndex, NodeIndex)> = self
            .graph
            .edge_references()
            .map(|edge| {
                (
                    edge.source().min(edge.target()),
                    edge.source().max(edge.target()),
                )
            })
            .filter(|(a, b)| a != b)
            .collect();
        for (a, b) in edges {
            plain.add_edge(a, b, ());
        }
        articulation_points(&plain).into_iter().collect()
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
