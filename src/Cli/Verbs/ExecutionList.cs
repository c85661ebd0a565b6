using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent ls executions</c> and <c>lambent ls machines</c>.</summary>
internal static class ExecutionList
{
    public const int LimitDefault = 50;

    public static async Task ExecutionsAsync(
        CommandContext context,
        ServerClient server,
        string? machine,
        string? status,
        IReadOnlyList<string> where,
        int limit,
        CancellationToken cancellation)
    {
        var found = await new ExecutionApi(server).ListAsync(machine, status, where, limit, cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.executions/1", writer =>
            {
                writer.WriteStartArray("executions");
                found.ForEach(entry =>
                    JsonSerializer.Serialize(writer, entry, ExecutionJson.Default.ExecutionEntry));
                writer.WriteEndArray();
            });
            return;
        }

        if (found.Count == 0)
        {
            context.Note(machine is null && status is null && where.Count == 0
                ? "no executions yet; next: lambent execution start MACHINE"
                : "no such executions; all: lambent ls executions");
            return;
        }

        var now = context.Environment.Time.GetUtcNow();
        var table = new ColumnTable("EXECUTION", "STATUS", "STARTED", "TOOK", "REDRIVES", "ERROR");
        foreach (var entry in found)
        {
            table.Add(
                $"{entry.Machine}/{entry.Name}",
                entry.Standing,
                Quantity.Since($"{entry.StartedAt:O}", now),
                Quantity.Duration((entry.StoppedAt ?? now) - entry.StartedAt),
                entry.RedriveCount == 0 ? "" : $"{entry.RedriveCount}",
                entry.Error ?? "");
        }

        table.Write(context.Terminal.Output);
        if (found.Count == limit)
        {
            context.Note($"the latest {limit}; more: --limit N");
        }
    }

    public static async Task MachinesAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation)
    {
        var machines = await new ExecutionApi(server).MachinesAsync(cancellation);
        var now = context.Environment.Time.GetUtcNow();
        ListVerb.Write(
            context, "machines", machines,
            ["NAME", "TYPE", "RUNNING", "FAILED", "CHANGED", "STATE"],
            machine =>
            [
                machine.Name, machine.Type, $"{machine.Running}", $"{machine.Failed}",
                Quantity.Since($"{machine.UpdatedAt:O}", now), machine.IsDeleting ? "deleting" : "",
            ],
            (writer, machine) =>
            {
                writer.WriteString("name", machine.Name);
                writer.WriteString("arn", machine.Arn);
                writer.WriteString("type", machine.Type);
                writer.WriteBoolean("isDeleting", machine.IsDeleting);
                writer.WriteString("revision", machine.Revision);
                writer.WriteNumber("running", machine.Running);
                writer.WriteNumber("failed", machine.Failed);
                writer.WriteString("createdAt", machine.CreatedAt);
                writer.WriteString("updatedAt", machine.UpdatedAt);
            },
            "aws stepfunctions create-state-machine");
    }
}
