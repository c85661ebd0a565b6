using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;

namespace Lambent.Cli.Deploying;

/// <summary>What came of one state machine.</summary>
internal sealed record MachineResult(string Name, string? Arn, string Action, IReadOnlyList<FieldChange> Changes)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("machine", Name);
        writer.WriteString("arn", Arn);
        writer.WriteString("action", Action);
        writer.WriteStartArray("changes");
        foreach (var change in Changes)
        {
            writer.WriteStartObject();
            writer.WriteString("field", change.Field);
            writer.WriteString("before", change.Before);
            writer.WriteString("after", change.After);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary>
/// State machines from files that end with <c>.asl.json</c>. All are checked before the first is changed; what is wrong
/// is told with file and line.
/// </summary>
internal sealed class MachineDeployment(CommandContext context, ServerClient server)
{
    public const string Ending = ".asl.json";

    private const int ProblemsShownMax = 20;

    private readonly MachineApi api = new(server);

    /// <summary>The definitions that a path means: itself, or those in the folder; none when it is something else.
    /// </summary>
    public static IReadOnlyList<string> FilesOf(string fullPath) =>
        Directory.Exists(fullPath)
            ? [.. Directory.EnumerateFiles(fullPath, $"*{Ending}").Order(StringComparer.Ordinal)]
            : fullPath.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? [fullPath] : [];

    /// <param name="files">Definitions.</param>
    /// <param name="name">Of the only one, or null: that of its file.</param>
    /// <param name="type">STANDARD or EXPRESS of new ones; null: as they are.</param>
    /// <param name="isDry">Whether nothing is changed.</param>
    /// <param name="cancellation">Ends it between two of them.</param>
    public async Task<IReadOnlyList<MachineResult>> DeployAsync(
        IReadOnlyList<string> files, string? name, string? type, bool isDry, CancellationToken cancellation)
    {
        List<(string Name, string Definition, DescribedMachine? Existing)> wanted = [];
        foreach (var file in files)
        {
            var machine = name ?? Path.GetFileName(file)[..^Ending.Length];
            var definition = await ReadAsync(file, cancellation);
            var existing = await api.FindAsync(machine, cancellation);
            if (existing is not null && type is not null && existing.Type != type)
            {
                throw new CommandFailedException(
                    ExitCode.Conflict, "WorkflowConflict",
                    $"{machine} is {existing.Type}, which a state machine stays.", $"--name another than {machine}");
            }

            await CheckAsync(file, definition, existing?.Type ?? type ?? MachineApi.Standard, cancellation);
            wanted.Add((machine, definition, existing));
        }

        List<MachineResult> results = [];
        foreach (var (machine, definition, existing) in wanted)
        {
            results.Add(await ApplyAsync(machine, definition, existing, type, isDry, cancellation));
        }

        return results;
    }

    private async Task<MachineResult> ApplyAsync(
        string machine,
        string definition,
        DescribedMachine? existing,
        string? type,
        bool isDry,
        CancellationToken cancellation)
    {
        var changes = Changes(existing?.Definition, definition);
        var isSame = existing?.Definition == definition;
        if (isDry)
        {
            return new MachineResult(machine, existing?.Arn, DeployResult.Planned, changes);
        }

        if (existing is null)
        {
            var arn = await api.CreateAsync(machine, definition, type ?? MachineApi.Standard, cancellation);
            return new MachineResult(machine, arn, DeployResult.Created, changes);
        }

        if (!isSame)
        {
            await api.UpdateAsync(existing.Arn, definition, cancellation);
        }

        return new MachineResult(
            machine, existing.Arn, isSame ? DeployResult.Unchanged : DeployResult.Updated, changes);
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new CommandFailedException(
                ExitCode.NotFound, FailureCodes.SourceNotFound, $"There is no file {file}.");
        }

        var definition = await File.ReadAllTextAsync(file, cancellation);
        try
        {
            using var parsed = JsonDocument.Parse(definition, new JsonDocumentOptions { MaxDepth = 1_000 });
            return definition;
        }
        catch (JsonException broken)
        {
            // The message ends with the position, which is told in front of it.
            var reason = broken.Message.Split(" LineNumber:", 2)[0];
            throw Invalid([$"{file}:{broken.LineNumber + 1}:{broken.BytePositionInLine + 1} is not JSON: {reason}"]);
        }
    }

    private async Task CheckAsync(string file, string definition, string type, CancellationToken cancellation)
    {
        var checkedBy = await api.ValidateAsync(definition, type, cancellation);
        if (checkedBy.Diagnostics.Count == 0)
        {
            return;
        }

        var places = new DefinitionPlaces(definition);
        var lines = checkedBy.Diagnostics
            .GroupBy(problem => problem.Severity == "ERROR")
            .ToDictionary(group => group.Key, group => group.Select(problem =>
                $"{file}:{places.LineOf(problem.Location ?? "")}: {problem.Message} at {problem.Location}").ToList());
        foreach (var warning in lines.GetValueOrDefault(false, []))
        {
            context.Note($"warning {warning}");
        }

        if (checkedBy.Result != "OK")
        {
            throw Invalid(lines.GetValueOrDefault(true, []));
        }
    }

    private static CommandFailedException Invalid(List<string> problems)
    {
        var more = problems.Count > ProblemsShownMax ? $"\n  and {problems.Count - ProblemsShownMax} more" : "";
        return new CommandFailedException(
            ExitCode.Usage,
            "DefinitionInvalid",
            string.Join("\n  ", problems.Take(ProblemsShownMax)) + more);
    }

    /// <summary>By the names of the states, and of what else stands beside them.</summary>
    private static List<FieldChange> Changes(string? before, string after)
    {
        List<FieldChange> changes = [];
        using var written = JsonDocument.Parse(after, new JsonDocumentOptions { MaxDepth = 1_000 });
        using var known = before is null
            ? null
            : JsonDocument.Parse(before, new JsonDocumentOptions { MaxDepth = 1_000 });
        Compare(known?.RootElement, written.RootElement, "field", changes, except: "States");
        Compare(States(known?.RootElement), States(written.RootElement), "state", changes);
        return changes;
    }

    private static JsonElement? States(JsonElement? definition) =>
        definition is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty("States", out var states)
            ? states
            : null;

    private static void Compare(
        JsonElement? before, JsonElement? after, string field, List<FieldChange> changes, string? except = null)
    {
        var (old, wanted) = (Members(before), Members(after));
        foreach (var (name, value) in wanted.Where(member => member.Key != except))
        {
            if (!old.TryGetValue(name, out var earlier))
            {
                changes.Add(new FieldChange(field, null, name));
            }
            else if (!JsonElement.DeepEquals(earlier, value))
            {
                changes.Add(new FieldChange(field, name, "changed"));
            }
        }

        changes.AddRange(old.Keys.Where(name => name != except && !wanted.ContainsKey(name))
            .Select(name => new FieldChange(field, name, null)));
    }

    private static Dictionary<string, JsonElement> Members(JsonElement? value)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (value is { ValueKind: JsonValueKind.Object } known)
        {
            foreach (var member in known.EnumerateObject())
            {
                members[member.Name] = member.Value;
            }
        }

        return members;
    }
}
