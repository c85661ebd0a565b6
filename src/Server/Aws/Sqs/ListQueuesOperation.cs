using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>The URLs of the account's queues, by name, page by page.</summary>
internal static class ListQueuesOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("ListQueues", SqsScope.Account, call => HandleAsync(services, call));

    private static Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        return Task.FromResult(Handle(services, call));
    }

    private static Result<SqsStructure> Handle(SqsServices services, SqsCall call)
    {
        var prefix = call.Input.Text("QueueNamePrefix") ?? "";
        return QueuePage.Read(
            services, call, "ListQueues", "QueueUrls",
            (after, limit) => services.Queues.List(call.Principal.Account, prefix, after, limit));
    }
}
