using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>MaxResults and NextToken of the operations that list queues.</summary>
internal static class QueuePage
{
    /// <param name="services">What opens and seals the token.</param>
    /// <param name="call">The request.</param>
    /// <param name="operation">What the token is good for.</param>
    /// <param name="member">The output's name for the list in JSON; the XML says QueueUrl.</param>
    /// <param name="list">Queues after a name, at most so many.</param>
    public static Result<SqsStructure> Read(
        SqsServices services,
        SqsCall call,
        string operation,
        string member,
        Func<string?, int, IReadOnlyList<Queue>> list)
    {
        var wanted = call.Input.Number("MaxResults");
        var token = call.Input.Text("NextToken");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if (wanted is < 1 or > Limits.QueueListMax)
        {
            return QueueErrors.Invalid(
                $"{wanted}", "MaxResults", "MaxResults must be an integer between 1 and 1000.");
        }

        var account = call.Principal.Account;
        if (services.Markers.Open(operation, account, token).Failed(out var after, out var invalid))
        {
            return invalid;
        }

        var limit = wanted ?? Limits.QueueListMax;
        var queues = list(after, limit + 1);

        // Who asks for no pages gets none, and no more than the first thousand.
        var next = wanted is not null && queues.Count > limit
            ? new SqsText(services.Markers.Seal(operation, account, queues[limit - 1].Id.Name))
            : null;
        return new SqsStructure(
            (member, SqsList.OrNull("QueueUrl", queues.Take(limit).Select(queue => call.UrlOf(queue.Id)))),
            ("NextToken", next));
    }
}
