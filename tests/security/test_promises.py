"""Every rule of SECURITY.md is held by tests; this is which, and a test sees that they exist."""

from __future__ import annotations

import pytest

from analytics.settings import ROOT
from tests.faults.test_matrix import defined_in

RULES = {
    "HS256 only, scheme `JWT` in any case, `exp` holds where there is one, whatever else is sent is 401": (
        "security/test_tokens.py::test_a_signed_token_of_any_payload_is_refused_in_one_way",
        "security/test_tokens.py::test_no_header_of_a_token_opens_another_way_in",
        "security/test_tokens.py::test_a_token_that_is_truly_signed_by_another_algorithm_is_refused",
        "security/test_tokens.py::test_only_one_algorithm_is_accepted_whatever_the_token_says",
        "web/test_api.py::test_whatever_else_is_sent_as_a_token_is_401",
        "web/test_api.py::test_a_private_token_opens_in_any_case_of_its_scheme",
    ),
    "our own tokens hold five minutes": (
        "outbound/test_transport.py::test_tokens_carry_what_the_contract_says_and_hold_five_minutes",
    ),
    "no start with default or short secrets; the variable is named, never the value": (
        "test_settings.py::test_weak_secrets_stop_the_start_outside_development",
        "test_settings.py::test_all_wrong_variables_are_named_at_once_and_secrets_are_not",
        "test_settings.py::test_development_runs_on_defaults_and_says_so",
    ),
    "bodies up to 64 kB; depth, NaN, keys given twice are 400; every wrong field is named at once": (
        "web/test_api.py::test_a_body_that_cannot_be_read_is_refused",
        "web/test_api.py::test_every_wrong_field_is_named_at_once",
        "web/test_openapi.py::test_schemathesis_finds_no_server_error_and_no_undocumented_answer",
    ),
    "no operator travels; the owner's clause is merged last": (
        "inventory/test_dataapp.py::test_every_question_names_the_owner_and_what_is_active",
        "inventory/test_mongo.py::test_the_owner_and_active_are_in_every_question_whatever_was_asked",
        "inventory/test_mongo.py::test_nothing_but_reading_is_ever_sent",
    ),
    "each hop stays with the owner, what comes back is filtered again, in every source": (
        "security/test_tenants.py::test_no_word_of_another_owner_reaches_a_picture_or_a_status",
        "security/test_tenants.py::test_a_guessed_id_does_not_tell_somebody_elses_from_what_does_not_exist",
        "security/test_tenants.py::test_what_is_wrong_with_another_owners_documents_is_not_ours",
        "security/test_tenants.py::test_an_error_of_ones_own_names_ones_own_and_no_path",
        "inventory/test_contract.py::test_a_hop_over_somebody_elses_application_is_not_taken",
        "inventory/test_contract.py::test_an_inventory_asks_each_document_again_whose_it_is",
        "inventory/test_dataapp.py::test_what_comes_back_is_filtered_again",
    ),
    "a graph document is the owner's before it is written": (
        "outbound/test_neighbours.py::test_the_graph_of_somebody_else_is_not_written_to",
        "runs/test_reconcile.py::test_graphs_of_other_owners_are_neither_read_nor_ended",
    ),
    "no redirects, no proxies from the environment, no request without a deadline, no answer without a limit": (
        "outbound/test_transport.py::test_the_environment_adds_no_proxy_no_netrc_and_no_second_authorization",
        "outbound/test_transport.py::test_every_fault_ends_within_the_deadline_and_has_a_reason",
        "outbound/test_transport.py::test_a_gzip_bomb_is_stopped_before_it_fills_the_memory",
        "faults/test_neighbour_faults.py::test_a_redirect_is_not_followed",
    ),
    "a drawing holds known elements, attributes and values; hostile text adds none": (
        "drawing/test_drawing_gate.py::test_what_is_not_known_is_refused",
        "security/test_hostile_inventories.py::test_any_inventory_is_drawn_or_refused_in_words",
        "security/test_hostile_inventories.py::test_a_hostile_text_adds_no_element_to_the_picture",
        "security/test_pages.py::test_a_page_that_pastes_the_drawing_raw_gains_nothing_but_the_drawing",
        "security/test_pages.py::test_the_viewer_shows_hostile_names_as_text",
    ),
    "the same for every export": (
        "export/test_export.py::test_drawio_holds_every_node_box_and_line_as_plain_text_with_ids_of_their_own",
        "export/test_export.py::test_every_line_of_a_language_is_one_that_we_write",
        "export/test_export.py::test_markdown_says_everything_and_untrusted_text_stays_text",
    ),
    "no text becomes the name of a file": (
        "security/test_files.py::test_no_name_in_an_inventory_opens_a_file",
        "security/test_files.py::test_no_address_of_a_graph_opens_a_file",
        "security/test_files.py::test_ids_of_requests_and_names_of_downloads_come_from_a_safe_alphabet",
        "pipeline/test_registry.py::test_what_does_not_fit_stops_the_start_and_names_the_file",
    ),
    "one callable; Redis with a user of its own and checked TLS": (
        "runs/test_jobs.py::test_a_job_may_name_nothing_but_our_callable",
        "web/test_dashboard.py::test_a_job_that_names_another_callable_is_not_run_and_fails",
        "security/test_redis_access.py::test_the_user_of_the_example_may_do_what_the_service_does_and_no_more",
        "security/test_redis_access.py::test_over_tls_the_servers_certificate_is_checked",
    ),
    "rq-dashboard: a login, nothing changed, nothing unescaped": (
        "web/test_dashboard.py::test_it_is_closed_without_a_login",
        "web/test_dashboard.py::test_nothing_can_be_changed_unless_it_is_allowed",
        "web/test_dashboard.py::test_a_hostile_description_is_text_on_every_page",
        "web/test_dashboard.py::test_names_of_queues_and_workers_are_text",
        "web/test_dashboard.py::test_no_script_but_ours_runs_on_its_pages",
        "web/test_dashboard.py::test_its_own_scripts_are_not_served",
        "web/test_dashboard.py::test_jobs_are_changed_from_our_own_pages_only",
        "web/test_dashboard.py::test_guesses_are_slowed_and_logged",
    ),
    "a rate for each owner, a cap on what waits, another owner is not delayed": (
        "web/test_api.py::test_an_owner_who_asks_too_often_is_told_to_wait",
        "web/test_api.py::test_a_full_backlog_is_503_with_a_time_to_come_back",
        "runs/test_store.py::test_a_lone_graph_of_another_owner_does_not_wait_behind_a_thousand",
        "runs/test_store.py::test_owners_take_turns",
        "runs/test_store.py::test_a_flood_of_refusals_is_not_kept_without_end",
    ),
    "logs: one JSON line an event, foreign text escaped and capped; no secret in logs, Redis or answers": (
        "test_logs.py::test_extra_fields_are_named_and_foreign_text_is_escaped_and_capped",
        "test_logs.py::test_an_error_is_logged_by_class_and_place_never_by_text",
        "security/test_secrets.py::test_no_secret_and_no_foreign_text_is_logged",
        "security/test_secrets.py::test_every_line_of_the_service_is_one_json_object",
        "security/test_secrets.py::test_no_secret_is_kept_in_redis",
        "security/test_secrets.py::test_no_secret_is_answered",
    ),
    "a policy without inline script, nosniff, no referrer, no-store, no cookie, no token in an address": (
        "security/test_answers.py::test_every_answer_names_its_policy_and_sets_no_cookie",
        "security/test_answers.py::test_no_page_of_ours_holds_an_inline_script_or_a_token",
        "web/test_viewer.py::test_the_page_needs_no_inline_script",
    ),
    "what commands are given is bounded, and moves no terminal": (
        "security/test_bombs.py::test_a_device_without_an_end_is_refused_by_every_command",
        "security/test_bombs.py::test_a_pipe_that_never_ends_is_read_up_to_a_size",
        "security/test_bombs.py::test_names_of_an_inventory_do_not_move_the_cursor",
    ),
    "what stages print is capped and told, and memory is given back": (
        "runs/test_output_and_memory.py::test_what_a_process_prints_is_capped_said_once_and_our_log_goes_on",
        "runs/test_output_and_memory.py::test_memory_is_back_within_a_quarter_of_what_it_was",
        "runs/test_output_and_memory.py::test_a_worker_that_keeps_much_memory_ends_after_its_stage",
    ),
    "a picture's process gives the picture, or a sentence of ours": (
        "security/test_bombs.py::test_a_plugin_that_prints_does_not_stand_in_a_picture",
        "security/test_bombs.py::test_a_format_that_crashes_says_nothing_of_the_machine",
    ),
    "headers of ASVS 14.4, no redirect to where `Host` says": (
        "security/test_answers.py::test_data_is_a_file_to_a_browser_and_tls_is_kept",
        "security/test_answers.py::test_no_redirect_goes_where_the_host_header_says",
    ),
    "signed links open one graph until they expire": (
        "web/test_api.py::test_a_link_opens_its_graph_only_and_only_until_it_expires",
        "security/test_tokens.py::test_a_link_holds_for_what_was_signed_and_nothing_else",
        "security/test_answers.py::test_without_a_token_nothing_private_is_answered",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_held_by_tests_that_exist(rule: str) -> None:
    for name in RULES[rule]:
        path, _, test = name.partition("::")
        assert test in defined_in(ROOT / "tests" / path), name
