namespace Lambent.Storage.Migrations;

/// <summary>
/// Errors in groups, and calls with their events and answers. The index by start holds all that lists of calls are
/// narrowed by, so that a search for rare ones reads no rows of the others.
/// </summary>
internal static class TelemetryMigration007
{
    public static Migration Errors { get; } = new(7, "error groups and stored calls", dialect => $"""
        ALTER TABLE invocations ADD COLUMN came_from {dialect.Text} NOT NULL DEFAULT '';
        ALTER TABLE invocations ADD COLUMN replay_of {dialect.Bytes} NOT NULL DEFAULT x'';
        CREATE INDEX invocations_replays ON invocations (replay_of) WHERE LENGTH(replay_of) > 0;
        CREATE INDEX invocations_replay_jobs ON invocations (came_from, outcome) WHERE LENGTH(replay_of) > 0;
        DROP INDEX invocations_by_start;
        CREATE INDEX invocations_by_start ON invocations
            (source_id, started_at, invocation_id, outcome, ended_at, version, origin);

        CREATE TABLE stored_calls (
            call_id INTEGER NOT NULL PRIMARY KEY,
            source_id {dialect.Number} NOT NULL,
            started_at {dialect.Number} NOT NULL,
            request_id {dialect.Bytes} NOT NULL,
            group_id {dialect.Number} NOT NULL,
            invoked_arn {dialect.Text} NOT NULL,
            client_context {dialect.Text} NOT NULL,
            traits {dialect.Number} NOT NULL,
            input_bytes {dialect.Number} NOT NULL,
            output_bytes {dialect.Number} NOT NULL,
            stored_bytes {dialect.Number} NOT NULL,
            input {dialect.Bytes} NOT NULL,
            output {dialect.Bytes} NOT NULL
        ){dialect.TableOptions};
        CREATE INDEX stored_calls_by_request ON stored_calls (request_id);
        CREATE INDEX stored_calls_by_group ON stored_calls (group_id, started_at) WHERE group_id > 0;
        CREATE INDEX stored_calls_sizes ON stored_calls (stored_bytes);

        CREATE TABLE error_groups (
            group_id INTEGER NOT NULL PRIMARY KEY,
            account_id {dialect.Text} NOT NULL,
            family {dialect.Bytes} NOT NULL,
            culprits {dialect.Text} NOT NULL,
            kind {dialect.Number} NOT NULL,
            type {dialect.Text} NOT NULL,
            message {dialect.Text} NOT NULL,
            culprit {dialect.Text} NOT NULL,
            first_seen {dialect.Number} NOT NULL,
            last_seen {dialect.Number} NOT NULL,
            count {dialect.Number} NOT NULL,
            status {dialect.Number} NOT NULL,
            changed_at {dialect.Number} NOT NULL,
            resolved_function {dialect.Text} NOT NULL,
            resolved_version {dialect.Number} NOT NULL,
            reopened_by {dialect.Text} NOT NULL
        ){dialect.TableOptions};
        CREATE INDEX error_groups_by_family ON error_groups (account_id, family);
        CREATE INDEX error_groups_by_time ON error_groups (last_seen);

        CREATE TABLE error_hours (
            group_id {dialect.Number} NOT NULL,
            hour {dialect.Number} NOT NULL,
            count {dialect.Number} NOT NULL,
            PRIMARY KEY (group_id, hour)
        ){dialect.ClusteredOptions};

        CREATE TABLE error_versions (
            group_id {dialect.Number} NOT NULL,
            function_name {dialect.Text} NOT NULL,
            version {dialect.Text} NOT NULL,
            first_seen {dialect.Number} NOT NULL,
            last_seen {dialect.Number} NOT NULL,
            count {dialect.Number} NOT NULL,
            PRIMARY KEY (group_id, function_name, version)
        ){dialect.ClusteredOptions};

        CREATE TABLE error_samples (
            sample_id INTEGER NOT NULL PRIMARY KEY,
            group_id {dialect.Number} NOT NULL,
            number {dialect.Number} NOT NULL,
            seen_at {dialect.Number} NOT NULL,
            function_name {dialect.Text} NOT NULL,
            version {dialect.Text} NOT NULL,
            code_digest {dialect.Text} NOT NULL,
            request_id {dialect.Bytes} NOT NULL,
            kind {dialect.Number} NOT NULL,
            language {dialect.Number} NOT NULL,
            type {dialect.Text} NOT NULL,
            message {dialect.Text} NOT NULL,
            stack {dialect.Text} NOT NULL
        ){dialect.TableOptions};
        CREATE INDEX error_samples_by_group ON error_samples (group_id, number);
        """);
}
