"""Faults to survive: what goes wrong with workers, Redis, neighbours, plugins and versions."""

from __future__ import annotations

from .proof import Proof

WORKERS = "faults/test_worker_faults.py::"
REDIS = "faults/test_redis_faults.py::"
NEIGHBOURS = "faults/test_neighbour_faults.py::"
PLUGINS = "faults/test_plugin_faults.py::"
STORE = "runs/test_store.py::"
RECONCILE = "runs/test_reconcile.py::"
DEPLOYED = "runs/test_deployment.py::"
ISOLATION = "runs/test_isolation.py::"
PARKING = "runs/test_parking.py::"
CHANGES = "faults/test_plugin_changes.py::"
TRANSPORT = "outbound/test_transport.py::"
JOBS = "runs/test_jobs.py::"
FAULTS = (
    Proof(
        "A fork killed in every stage: start, middle, before and after its commit",
        "No graph is lost or drawn twice; the next attempt begins within 2 s",
        (
            WORKERS + "test_a_fork_killed_in_every_stage_at_start_before_and_after_its_commit_costs_no_graph",
            WORKERS + "test_a_fork_killed_in_the_middle_of_every_stage_that_asks_somebody_costs_no_graph",
            WORKERS + "test_a_fork_that_is_killed_is_rescued_within_two_seconds",
            DEPLOYED + "test_a_worker_killed_in_every_stage_at_start_before_and_after_its_commit_costs_no_graph",
        ),
        (
            "the reaper",
            "a silent fork is noticed",
            "lease renewal",
        ),
    ),
    Proof(
        "A worker killed while it is handed a job",
        "Lease and reaper queue the stage again; no graph is lost",
        (
            WORKERS + "test_a_worker_killed_between_pop_and_claim_loses_no_graph",
            WORKERS + "test_a_worker_killed_while_it_is_handed_a_job_loses_no_graph",
            STORE + "test_a_job_that_vanished_is_queued_again_and_one_that_waits_is_not",
        ),
        (
            "the queue's lease",
            "the reaper",
            "work without a lease",
        ),
    ),
    Proof(
        "The parent of a fork killed alone, a supervisor killed alone",
        "What they started dies with them, and another pool finishes",
        (
            WORKERS + "test_the_parent_of_a_fork_killed_alone_takes_the_fork_along",
            WORKERS + "test_a_supervisor_killed_alone_takes_its_pool_along_and_another_pool_finishes",
        ),
        ("children die with the supervisor",),
    ),
    Proof(
        "A worker that dies, or crashes at every start",
        "Replaced at once; one that crashes at every start is started ever more slowly",
        (
            DEPLOYED + "test_a_killed_worker_is_replaced_and_its_graph_ends_within_seconds",
            WORKERS + "test_a_worker_that_crashes_at_every_start_is_started_ever_more_slowly",
        ),
        (
            "what dies is started again",
            "the pause of what crashes at every start",
        ),
    ),
    Proof(
        "A reaper killed",
        "Another is elected and rescue goes on",
        (
            WORKERS + "test_a_killed_reaper_is_replaced_and_rescue_goes_on",
            STORE + "test_one_reaper_is_elected_and_another_takes_over_when_it_dies",
        ),
        (
            "what dies is started again",
            "election",
        ),
    ),
    Proof(
        "A rolling SIGTERM under load",
        "Each worker ends its stage; nothing is lost and nothing repeated",
        (WORKERS + "test_a_rolling_restart_under_load_loses_nothing_and_repeats_nothing",),
        ("a pool that is told to stop ends what it has in hand",),
    ),
    Proof(
        "SIGSTOP, longer than the lease, then SIGCONT",
        "The fence: who wakes late writes nothing, and a late send is made good",
        (
            WORKERS + "test_a_worker_that_sleeps_past_its_lease_writes_nothing_when_it_wakes",
            STORE + "test_an_execution_that_was_replaced_can_not_commit",
            RECONCILE + "test_a_sender_that_slept_longer_than_its_lock_sends_the_newest_again",
        ),
        (
            "the fence: another attempt",
            "late sends made good",
            "the fence before a send",
        ),
    ),
    Proof(
        "The same stage delivered twice",
        "It runs once",
        (
            WORKERS + "test_a_job_delivered_twice_runs_once",
            STORE + "test_the_same_job_delivered_twice_runs_once",
            JOBS + "test_two_workers_with_the_same_job_make_one_attempt",
        ),
        ("an attempt is made once",),
    ),
    Proof(
        "Two requests for one graph, 0 to 500 ms apart",
        "The newest is shown, the older run writes nothing more",
        (
            WORKERS + "test_of_two_requests_for_one_graph_the_newest_is_shown_however_close_they_are",
            STORE + "test_a_newer_request_takes_the_graph_and_the_older_run_writes_nothing_more",
            RECONCILE + "test_a_send_that_another_run_has_begun_is_waited_for",
        ),
        (
            "the fence: a newer request",
            "the send lock",
            "leases of a superseded run",
        ),
    ),
    Proof(
        "Redis killed, and back after 3 s and 30 s; a POST meanwhile",
        "Every accepted graph ends; a POST meanwhile is 503 with Retry-After",
        (
            REDIS + "test_redis_killed_and_back_costs_no_graph_and_a_post_meanwhile_is_answered_at_once",
            "web/test_api.py::test_without_redis_a_request_is_answered_at_once",
        ),
        ("503 when Redis is away",),
    ),
    Proof(
        "Redis emptied in the middle of runs",
        "The reconciler ends the graphs with a sentence, and the next requests are served",
        (
            REDIS + "test_redis_emptied_in_the_middle_of_runs_and_the_next_requests_are_served",
            REDIS + "test_graphs_of_an_emptied_redis_are_ended_by_the_reconciler",
            RECONCILE + "test_a_graph_of_an_emptied_redis_is_ended_with_a_sentence",
            RECONCILE + "test_one_sighting_is_not_enough",
        ),
        (
            "the reconciler",
            "two sightings",
        ),
    ),
    Proof(
        "Redis full, its disk full, a replica that may not be written",
        "Requests are refused, and taken again when it is over",
        (
            REDIS + "test_a_full_redis_refuses_and_recovers",
            REDIS + "test_a_full_disk_refuses_and_recovers",
            REDIS + "test_a_read_only_replica_refuses_and_recovers",
        ),
        (
            "503 when Redis is away",
            "what dies is started again",
        ),
    ),
    Proof(
        "Replies of Redis lost, reads interrupted",
        "Nothing doubles, no reply goes to another question",
        (
            REDIS + "test_lost_replies_of_redis_double_nothing",
            JOBS + "test_a_claim_whose_reply_was_lost_is_a_claim",
            JOBS + "test_a_request_whose_reply_was_lost_is_one_run",
            REDIS + "test_a_read_from_a_sentinels_master_that_is_interrupted_gives_its_reply_to_nobody",
        ),
        (
            "lost replies of a claim",
            "lost replies of a request",
            "an interrupted read of a sentinel's master",
        ),
    ),
    Proof(
        "Data App: 500, 502, 503, 429, Retry-After sane and absurd",
        "Asked again within the patience that is set; the graph ends",
        (
            NEIGHBOURS + "test_every_quick_fault_of_the_data_app_is_survived",
            NEIGHBOURS + "test_every_fault_on_every_question_is_survived",
            NEIGHBOURS + "test_an_inventory_that_stays_down_ends_the_graph_and_says_so",
            TRANSPORT + "test_an_absurd_retry_after_cannot_hold_a_call",
            TRANSPORT + "test_a_sane_retry_after_is_honoured",
        ),
        (
            "patience with a neighbour",
            "the cap of Retry-After",
            "statuses in the outbox",
        ),
    ),
    Proof(
        "Data App: hang, one byte a second, reset, half a body, close",
        "Every call ends at its total deadline, with a reason",
        (
            NEIGHBOURS + "test_a_data_app_that_hangs_drips_or_bombs_ends_within_its_deadline",
            TRANSPORT + "test_every_fault_ends_within_the_deadline_and_has_a_reason",
            TRANSPORT + "test_tries_share_one_deadline",
        ),
        ("the total deadline of a call",),
    ),
    Proof(
        "Data App: bad JSON, HTML with 200, items of a wrong type, JSON 10,000 deep",
        "An error in words, nothing is taken for an answer",
        (
            NEIGHBOURS + "test_every_quick_fault_of_the_data_app_is_survived",
            "inventory/test_dataapp.py::test_items_of_a_wrong_type_are_an_error",
            "inventory/test_dataapp.py::test_an_absurd_announcement_is_an_error",
            TRANSPORT + "test_every_fault_ends_within_the_deadline_and_has_a_reason",
        ),
        ("patience with a neighbour",),
    ),
    Proof(
        "Data App: 1 GB of body, a 256 MB gzip bomb",
        "Reading stops at the size limit, after decoding",
        (
            NEIGHBOURS + "test_a_data_app_that_hangs_drips_or_bombs_ends_within_its_deadline",
            NEIGHBOURS + "test_every_fault_on_every_question_is_survived",
            TRANSPORT + "test_a_gzip_bomb_is_stopped_before_it_fills_the_memory",
        ),
        ("the limit of an answer",),
    ),
    Proof(
        "Redirects",
        "Not followed, and their body is left unread",
        (
            NEIGHBOURS + "test_a_redirect_is_not_followed",
            TRANSPORT + "test_a_gzip_bomb_is_stopped_before_it_fills_the_memory",
        ),
        ("the body of a redirect is left unread",),
    ),
    Proof(
        "401 and 403",
        "Not tried again",
        (
            NEIGHBOURS + "test_a_token_that_is_not_accepted_is_not_tried_again",
            TRANSPORT + "test_a_refusal_is_not_tried_again",
        ),
        ("a refused token is not tried again",),
    ),
    Proof(
        "201 and 2,001 rows",
        "Every page is read, and pages that slide are read anew",
        (
            "inventory/test_contract.py::test_every_page_is_read",
            "inventory/test_dataapp.py::test_pages_that_slide_are_read_anew",
        ),
        ("every page is read",),
    ),
    Proof(
        "Front: down for a minute, 413, its answer lost",
        "It gets the drawing when it is back, once, or the graph says why not",
        (
            NEIGHBOURS + "test_a_front_that_is_down_for_a_while_receives_its_drawings",
            NEIGHBOURS + "test_a_drawing_the_front_finds_too_large_is_an_error_with_a_reason",
            NEIGHBOURS + "test_an_answer_of_the_front_that_is_lost_leaves_one_drawing_shown",
            TRANSPORT + "test_what_is_not_safe_to_repeat_is_repeated_only_when_it_was_not_read",
        ),
        (
            "patience with a neighbour",
            "what may have arrived is not sent again",
        ),
    ),
    Proof(
        "Websocket server: down, hanging, 200 with an error inside",
        "Two seconds at most, and no graph is the worse for it",
        (
            NEIGHBOURS + "test_a_websocket_server_never_delays_a_graph_by_more_than_two_seconds",
            NEIGHBOURS + "test_a_websocket_server_that_says_200_and_means_no_changes_nothing",
            "outbound/test_neighbours.py::test_a_word_to_the_browser_takes_two_seconds_at_most",
        ),
        ("two seconds for the websocket server",),
    ),
    Proof(
        "Plugins that raise, hang, leave, exit, eat memory, print without end",
        "The graph ends with a sentence that names the stage; no other graph suffers",
        (
            PLUGINS + "test_every_unruly_stage_ends_its_graph_with_a_sentence_that_names_it_and_no_other_graph_suffers",
            STORE + "test_a_stage_that_kills_its_worker_again_and_again_ends_the_graph_and_is_named",
        ),
        (
            "a stage that hangs is killed",
            "the memory a worker may hold",
            "a time limit that no stage swallows",
            "the poison limit",
            "the lease's hard cap",
            "foreign error texts",
        ),
    ),
    Proof(
        "Plugins that fork",
        "One result, and nobody is left behind",
        (PLUGINS + "test_a_stage_that_forks_gives_one_result_and_leaves_nobody_behind",),
        ("a fork is no worker",),
    ),
    Proof(
        "A plugin that does not import",
        "The start stops and names the file",
        (PLUGINS + "test_a_file_that_does_not_import_stops_the_start_and_is_named",),
        ("a broken plugin stops the start",),
    ),
    Proof(
        "Run records torn, of other versions or types; malformed leases; lists and statuses that cannot be read",
        "Each is set aside by itself, its graph says so, and nothing else stops",
        (
            ISOLATION + "test_twelve_runs_of_which_eight_cannot_be_read_in_any_order",
            ISOLATION
            + "test_the_graph_of_a_run_that_cannot_be_read_says_so_before_and_after_it_is_set_aside_and_is_drawn_anew",
            ISOLATION + "test_a_request_takes_the_graph_from_a_run_that_cannot_be_read_at_once",
            ISOLATION + "test_a_list_of_another_type_stops_nothing",
            ISOLATION + "test_a_status_that_cannot_be_read_stops_no_other",
            ISOLATION + "test_a_run_whose_handling_fails_in_an_unforeseen_way_ends_and_stops_no_other",
            ISOLATION + "test_what_is_set_aside_is_capped_expires_and_says_why",
            "web/test_unreadable.py::test_what_cannot_be_read_is_410_with_a_sentence_and_can_be_asked_for_anew",
            "web/test_unreadable.py::test_a_run_in_work_that_is_torn_ends_in_the_data_app_and_is_410_before_and_after",
        ),
        (
            "a run that cannot be read is abandoned",
            "a run that fails in an unforeseen way is abandoned",
            "each lease by itself",
            "each status by itself",
            "lists of another type",
            "the owner of a run set aside is told",
            "only the newest run's end is told",
            "a request supersedes what cannot be read",
            "states that nobody knows",
            "the cap of what is set aside",
            "a graph that cannot be read is 410",
        ),
    ),
    Proof(
        "A type or stage that only web, or only some pools know",
        "Refused, handed over or ended with a sentence; nobody waits for it",
        (
            PARKING + "test_seventeen_graphs_that_no_worker_knows_stop_nobody",
            PARKING + "test_a_graph_that_no_worker_knows_ends_with_a_sentence_that_names_its_type",
            PARKING + "test_a_graph_goes_on_when_a_pool_comes_that_knows_it",
            PARKING + "test_a_worker_leaves_a_stage_it_does_not_know_to_a_pool_that_does",
            CHANGES + "test_a_type_that_no_pool_knows_is_refused_with_a_reason_and_other_graphs_are_drawn",
            CHANGES + "test_graphs_accepted_before_any_pool_was_alive_end_in_words_and_stop_nobody",
        ),
        (
            "what no pool knows leaves the window",
            "what no pool knows ends",
            "a parked run goes on",
            "to be handed back is no attempt",
            "a stage that is not known is not begun",
            "a type no pool knows is refused",
        ),
    ),
    Proof(
        "Plugins that change, or break, under a pool",
        "A pool begins anew without a loss, or keeps what it has and says so",
        (
            CHANGES + "test_on_sighup_a_pool_begins_anew_with_what_the_folder_then_holds_and_loses_nothing",
            CHANGES + "test_with_a_broken_plugin_a_pool_keeps_the_plugins_it_has_and_says_so",
            CHANGES + "test_a_pool_that_is_told_to_stop_while_it_begins_anew_stops",
        ),
        (
            "a pool with a broken plugin keeps its plugins",
            "jobs in hand end before plugins change",
        ),
    ),
    Proof(
        "An upgrade and a rollback with graphs in flight",
        "Both versions read each other's records; every graph ends",
        (
            "faults/test_two_versions.py::test_graphs_are_drawn_by_two_versions_side_by_side_while_one_is_rolled_forward_and_back",
            "faults/test_two_versions.py::test_a_hundred_graphs_by_two_versions_under_kills",
            "runs/test_first_release.py::test_a_stage_that_was_running_is_queued_again_and_finds_its_request",
            "runs/test_first_release.py::test_a_stage_whose_artifacts_this_version_does_not_know_ends_with_a_sentence",
            "pipeline/test_codec.py::test_what_a_version_with_a_field_more_writes_is_read_by_this_one_and_the_other_way_round",
        ),
        (
            "a longer record is read",
            "values are checked as they are read",
        ),
    ),
    Proof(
        "A worker's clock two minutes off",
        "Only the clock of Redis decides",
        (
            WORKERS + "test_a_worker_whose_clock_is_wrong_by_two_minutes_changes_nothing",
            REDIS + "test_no_clock_but_that_of_redis_decides_about_runs",
        ),
        ("the clock of Redis",),
    ),
)
