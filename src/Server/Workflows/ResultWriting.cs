using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Server.Objects;

namespace Lambent.Server.Workflows;

/// <summary>
/// Writes what became of a Map's iterations into a bucket as AWS does: a file for each status, and a manifest that
/// names them. All of it follows from the journal, so writing it again writes the same.
/// </summary>
internal sealed class ResultWriting(
    ObjectService objects,
    ExecutionIdentity identity,
    (string Name, long Sequence) run,
    IReadOnlyList<MapIteration> iterations,
    DataValue parameters)
{
    private readonly bool hasLines = Text(parameters["OutputType"]) == "JSONL";

    private string Bucket => Text(parameters["Arguments"]?["Bucket"]) ?? "";

    private string Folder
    {
        get
        {
            var prefix = (Text(parameters["Arguments"]?["Prefix"]) ?? "").Trim('/');
            return (prefix.Length == 0 ? "" : prefix + "/") + Text(parameters["RunId"]);
        }
    }

    /// <summary>What the state results in.</summary>
    public async Task<Result<DataValue>> WriteAsync()
    {
        var files = new OrderedDictionary<string, DataValue>();
        (string Name, Func<ExecutionStatus, bool> Has)[] groups =
        [
            ("FAILED", status => status is ExecutionStatus.Failed or ExecutionStatus.Aborted),
            ("PENDING", status => status == ExecutionStatus.Running),
            ("SUCCEEDED", status => status == ExecutionStatus.Succeeded),
        ];
        foreach (var (name, has) in groups)
        {
            var group = iterations.Where(iteration => has(iteration.Status)).ToList();
            if (group.Count == 0)
            {
                files[name] = new DataArray([]);
                continue;
            }

            var key = $"{Folder}/{name}_0.{(hasLines ? "jsonl" : "json")}";
            if ((await PutAsync(key, Pieces(group))).Failed(out var stored, out var refused))
            {
                return refused;
            }

            files[name] = new DataArray([new DataObject(("Key", key), ("Size", stored.SizeBytes))]);
        }

        var manifest = new DataObject(
            ("DestinationBucket", Bucket),
            ("MapRunArn", parameters["MapRunArn"]!),
            ("ResultFiles", new DataObject(files)));
        var manifestKey = $"{Folder}/manifest.json";
        return (await PutAsync(manifestKey, [manifest.ToString()])).Select<DataValue>(_ => new DataObject(
            ("MapRunArn", parameters["MapRunArn"]!),
            ("ResultWriterDetails", new DataObject(("Bucket", Bucket), ("Key", manifestKey)))));
    }

    private IEnumerable<string> Pieces(List<MapIteration> group)
    {
        var transformation = Text(parameters["Transformation"]) ?? MapResults.None;
        var isFirst = true;
        foreach (var value in group.SelectMany(iteration =>
            MapResults.Of(identity, run, iteration, transformation)))
        {
            yield return hasLines ? $"{value}\n" : (isFirst ? "[" : ",") + value;
            isFirst = false;
        }

        if (!hasLines)
        {
            yield return isFirst ? "[]" : "]";
        }
    }

    private async Task<Result<StoredObject>> PutAsync(string key, IEnumerable<string> pieces)
    {
        var wish = new PutWish
        {
            Name = new ObjectName(identity.Id.Account, Bucket, key),
            Headers = ObjectHeaders.None with { ContentType = "application/json" },
        };
        if (objects.Check(wish) is { } refused)
        {
            return refused;
        }

        using var writer = objects.Begin();
        foreach (var piece in pieces)
        {
            if (writer.Write(Encoding.UTF8.GetBytes(piece)).Error is { } unwritten)
            {
                return unwritten;
            }
        }

        return writer.Complete().Failed(out var written, out var failure)
            ? failure
            : await objects.PutAsync(wish, written, CancellationToken.None);
    }

    private static string? Text(DataValue? value) => (value as DataText)?.Value;
}
