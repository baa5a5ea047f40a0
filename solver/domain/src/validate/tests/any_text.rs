//! No text panics; no order changes the declaration.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_in_any_field_makes_the_reader_panic(
        words in prop::collection::vec((0usize..Field::ALL.len(), prop_oneof![
            ".{0,30}",
            "[0-9.,/:*=;() -]{0,12}",
            "(DON:|RES:|SIRET:|SIREN:|CVR:|env. |<|>|#)?[0-9a-zé/. ]{0,14}",
        ]), 0..20)
    ) {
        let mut draft = gypsum();
        for (at, text) in &words {
            draft.set(Field::ALL[*at], text);
        }
        let read = read_row(&draft, &context());
        let refused = read.is_refused();
        let joined = gather(&[read.value.clone(), read.value.clone()], &context());
        // Whatever is read can be written again.
        for flow in &joined.declaration.flows {
            let site = joined.declaration.sites.iter().find(|site| site.key == flow.key.site).unwrap();
            let firm = joined.declaration.firms.iter().find(|firm| firm.key == site.firm).unwrap();
            prop_assert!(!written_row(firm, site, flow, Language::Fr).is_empty());
        }
        prop_assert!(refused || read.value.flow.is_some());
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing(order in Just((0usize..5).collect::<Vec<_>>()).prop_shuffle()) {
        let drafts = [
            gypsum(),
            gypsum().with(Field::Ref, "b").with(Field::Site, "Usine").with(Field::SiteId, "K-1"),
            gypsum().with(Field::Ref, "c").with(Field::Firm, "CENTRALE A").with(Field::Site, "USINE"),
            gypsum().with(Field::Ref, "d").with(Field::Firm, "Autre").with(Field::Partner, "K-1"),
            gypsum().with(Field::Ref, "e").with(Field::Firm, "").with(Field::SiteId, "K-1").with(Field::Headcount, "3"),
        ];
        let shuffled: Vec<Draft> = order.iter().map(|&at| drafts[at].clone()).collect();
        prop_assert_eq!(gathered(&shuffled).declaration, gathered(&drafts).declaration);
    }
}
