//! Independent parts of the model, by union-find over links and shared limits.

use super::model::Model;

/// Terminals and links that hang together, each list ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Component {
    /// Sources.
    pub sources: Vec<usize>,
    /// Sinks.
    pub sinks: Vec<usize>,
    /// Links.
    pub links: Vec<usize>,
    /// Groups.
    pub groups: Vec<usize>,
}

/// Components that hold at least one link, in the order of their first link. Links kept from an
/// earlier plan are settled and hold nothing together.
pub(crate) fn components(model: &Model) -> Vec<Component> {
    let free: Vec<usize> = (0..model.links.len())
        .filter(|&link| model.links[link].kept.is_none())
        .collect();
    held_together(model, &free)
}

/// The same of some free links of a model alone, given in ascending order.
pub(crate) fn held_together(model: &Model, links: &[usize]) -> Vec<Component> {
    let sources = model.sources.len();
    let mut sets = DisjointSets::new(sources + model.sinks.len());
    for link in links.iter().map(|&link| &model.links[link]) {
        sets.unite(link.source, sources + link.sink);
    }
    let among = |link: &usize| links.binary_search(link).is_ok();
    for group in &model.groups {
        let members = group.members.iter().map(|(link, _)| link);
        let mut nodes = members
            .filter(|link| among(link))
            .map(|&link| model.links[link].source);
        if let Some(first) = nodes.next() {
            nodes.for_each(|node| sets.unite(first, node));
        }
    }
    let mut place = vec![usize::MAX; sources + model.sinks.len()];
    let mut components: Vec<Component> = Vec::new();
    for &position in links {
        let root = sets.root(model.links[position].source);
        if place[root] == usize::MAX {
            place[root] = components.len();
            components.push(Component::default());
        }
        components[place[root]].links.push(position);
    }
    for node in 0..sources + model.sinks.len() {
        let Some(component) = components.get_mut(place[sets.root(node)]) else {
            continue;
        };
        if node < sources {
            component.sources.push(node);
        } else {
            component.sinks.push(node - sources);
        }
    }
    for (position, group) in model.groups.iter().enumerate() {
        let free = group.members.iter().find(|(link, _)| among(link));
        if let Some(&(link, _)) = free {
            let root = sets.root(model.links[link].source);
            components[place[root]].groups.push(position);
        }
    }
    components
}

/// Union-find with path halving, roots being the smallest member so that the result is canonical.
struct DisjointSets {
    parent: Vec<usize>,
}

impl DisjointSets {
    fn new(count: usize) -> DisjointSets {
        DisjointSets {
            parent: (0..count).collect(),
        }
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parent[node] != node {
            self.parent[node] = self.parent[self.parent[node]];
            node = self.parent[node];
        }
        node
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a < b {
            self.parent[b] = a;
        } else {
            self.parent[a] = b;
        }
    }
}
