using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Sends one message.</summary>
internal static class SendMessageOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("SendMessage", SqsScope.Granted, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        if (SentMessages.Read(call.Input, call.TraceHeader).Failed(out var request, out var unreadable))
        {
            return unreadable;
        }

        var sent = await services.Sender.SendAsync(call.Queue, call.SenderId, [request], call.Aborted);
        return sent.Then(results => results[0])
            .Select(message => new SqsStructure(SentMessages.Write(request, message, call.Queue)));
    }
}
