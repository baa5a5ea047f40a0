//! What every backend must do, run against each of them.
//!
//! Names and figures are invented. A new backend adds one module to [`conformance`].

mod answers;
mod declarations;
mod given;
mod imports;
mod lists;
mod mappings;
mod own_codes;
mod runs;
mod sample;
mod synonyms;
mod territories;

use crate::SqliteStore;

/// Makes a test of every backend from every named function.
macro_rules! conformance {
    ($($area:ident :: $test:ident,)*) => {
        /// SQLite, in a file.
        mod sqlite_file {
            $(#[tokio::test]
            async fn $test() {
                let folder = tempfile::tempdir().unwrap();
                let store = super::SqliteStore::open(folder.path().join("zone.db")).await.unwrap();
                super::$area::$test(&store).await;
                crate::Store::check_integrity(&store).await.unwrap();
                crate::Store::close(&store).await;
            })*
        }

        /// SQLite, without a name.
        mod sqlite_temporary {
            $(#[tokio::test]
            async fn $test() {
                let store = super::SqliteStore::temporary().await.unwrap();
                super::$area::$test(&store).await;
                crate::Store::check_integrity(&store).await.unwrap();
            })*
        }
    };
}

conformance! {
    territories::a_territory_is_created_read_replaced_and_deleted,
    territories::the_territory_of_another_scope_does_not_exist,
    territories::a_territory_in_use_is_deleted_only_with_all_it_holds,
    territories::a_zone_is_created_read_replaced_and_deleted,
    territories::a_zone_cannot_stand_below_itself,
    territories::a_zone_in_use_is_deleted_only_with_all_it_holds,
    declarations::a_firm_is_created_read_replaced_and_deleted,
    declarations::a_site_is_created_read_replaced_and_deleted,
    declarations::a_flow_is_created_read_replaced_and_deleted,
    declarations::a_firm_with_sites_and_a_site_with_flows_are_deleted_only_with_them,
    declarations::a_site_needs_its_firm_and_zone_and_a_flow_its_site,
    declarations::a_stale_version_changes_nothing_and_names_both_versions,
    declarations::a_key_deleted_and_created_again_has_a_new_version,
    declarations::flows_move_with_their_site,
    lists::lists_are_filtered_by_zone_tree_firm_site_and_direction,
    lists::pages_neither_repeat_nor_skip_a_row_while_others_are_inserted,
    lists::territories_with_the_same_keys_never_see_each_other,
    lists::any_text_can_be_a_key,
    imports::an_import_counts_only_what_differs,
    imports::an_import_that_fails_leaves_nothing_behind,
    imports::an_import_stays_in_its_zone,
    imports::an_import_worked_out_on_an_older_revision_is_a_conflict,
    imports::an_import_removes_flows_and_emptied_sites,
    imports::an_import_may_be_larger_than_one_statement,
    imports::a_repeated_request_is_done_once_and_answered_alike,
    imports::a_failed_import_does_not_use_up_its_request,
    imports::a_snapshot_holds_the_zone_tree_and_nothing_else,
    imports::a_snapshot_never_shows_half_an_import,
    mappings::a_mapping_is_kept_by_shape_replaced_and_seen_by_its_territory_only,
    runs::a_run_is_stored_with_its_input_before_it_starts,
    answers::a_run_succeeds_with_an_answer_read_page_by_page,
    runs::only_the_steps_of_a_life_are_allowed,
    answers::an_answer_that_cannot_be_stored_leaves_the_run_running,
    runs::a_waiting_run_is_cancelled_at_once_and_a_running_one_is_told,
    runs::an_interrupted_run_is_tried_three_times_then_fails_with_a_reason,
    runs::an_orderly_stop_does_not_count_as_a_try,
    runs::the_same_request_creates_one_run,
    runs::runs_are_listed_newest_first,
    given::an_answer_is_kept_replaced_withdrawn_and_stays_in_its_territory,
    given::an_answer_outlives_the_import_of_its_flow_and_enters_the_snapshot,
    synonyms::a_word_is_kept_once_for_one_side_removed_and_stays_in_its_territory,
    synonyms::a_word_that_names_something_else_is_refused_and_the_first_decision_stays,
    synonyms::words_are_bounded_in_length_and_number,
    synonyms::words_of_the_territory_enter_the_snapshot_and_its_digest,
    own_codes::own_codes_are_kept_once_removed_and_stay_in_their_territory,
    own_codes::own_codes_that_contradict_each_other_are_refused_and_nothing_is_kept,
    own_codes::own_codes_are_bounded_in_length_and_number,
    answers::a_run_of_another_territory_does_not_exist,
    answers::a_finished_run_can_be_deleted_with_its_answer,
}
