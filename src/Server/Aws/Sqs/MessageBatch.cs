using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>What all batches have in common: their entries' ids, and outcomes apart for each entry.</summary>
internal static partial class MessageBatch
{
    /// <summary>The entries, or why the batch as a whole is refused.</summary>
    public static Result<IReadOnlyList<(string Id, SqsInput Input)>> Read(SqsInput input, string entryName)
    {
        var structures = input.Structures("Entries");
        if (input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if (structures.Count == 0)
        {
            return Refused("EmptyBatchRequest", $"There should be at least one {entryName} in the request.");
        }

        if (structures.Count > Limits.MessageBatchMax)
        {
            return Refused(
                "TooManyEntriesInBatchRequest",
                $"Maximum number of entries per request are {Limits.MessageBatchMax}. You have sent "
                + $"{structures.Count}.");
        }

        (string Id, SqsInput Input)[] entries =
            [.. structures.Select(structure => (structure.Text("Id") ?? "", structure))];
        if (input.Failure is { } wrongId)
        {
            return wrongId;
        }

        if (Array.Exists(entries, entry => !EntryId().IsMatch(entry.Id)))
        {
            return Refused(
                "InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at "
                + $"most {Limits.BatchEntryIdLengthMax} letters long.");
        }

        return entries.GroupBy(entry => entry.Id, StringComparer.Ordinal).FirstOrDefault(ids => ids.Count() > 1)
            is { } repeated
            ? Refused("BatchEntryIdsNotDistinct", $"Id {repeated.Key} repeated.")
            : entries;
    }

    public static Error TooLong(long bytes) => Refused(
        "BatchRequestTooLong",
        $"Batch requests cannot be longer than {Limits.MessageBytesMax} bytes. You have sent {bytes} bytes.");

    /// <summary>The output: entries that succeeded, and the others with their failures.</summary>
    public static SqsStructure Write(
        string resultName, IReadOnlyList<SqsValue> successful, IEnumerable<(string Id, Error Error)> failed) => new(
            ("Successful", SqsList.OrNull(resultName, successful)),
            ("Failed", SqsList.OrNull("BatchResultErrorEntry", [.. failed.Select(entry => WriteFailure(entry))])));

    /// <summary>The output of a batch whose successes have nothing to tell but their ids.</summary>
    public static SqsStructure Write(
        string resultName, IReadOnlyList<string> ids, IReadOnlyList<Error?> failures)
    {
        var outcomes = ids.Zip(failures).ToArray();
        return Write(
            resultName,
            [.. outcomes.Where(outcome => outcome.Second is null)
                .Select(outcome => new SqsStructure(("Id", new SqsText(outcome.First))))],
            outcomes.Where(outcome => outcome.Second is not null).Select(outcome => (outcome.First, outcome.Second!)));
    }

    private static SqsStructure WriteFailure((string Id, Error Error) failed)
    {
        // A parameter that an entry lacks is an invalid one in a batch.
        var fault = SqsErrors.Map(failed.Error.Code == ErrorCode.MissingParameter
            ? failed.Error with { Code = ErrorCode.InvalidParameter }
            : failed.Error);
        return new SqsStructure(
            ("Id", new SqsText(failed.Id)),
            ("SenderFault", new SqsFlag(fault.Status < 500)),
            ("Code", new SqsText(fault.QueryCode)),
            ("Message", new SqsText(failed.Error.Message)));
    }

    private static Error Refused(string name, string message) =>
        new(ErrorCode.MessageBatchRefused, message, "Entries", name);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,80}\z")]
    private static partial Regex EntryId();
}
