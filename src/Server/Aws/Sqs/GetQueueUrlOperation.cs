using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Finds a queue by its name, of the caller or of an account that lets it in.</summary>
internal static class GetQueueUrlOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("GetQueueUrl", SqsScope.Account, call => HandleAsync(services, call));

    private static Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        return Task.FromResult(Handle(services, call));
    }

    private static Result<SqsStructure> Handle(SqsServices services, SqsCall call)
    {
        var name = call.Input.Required("QueueName");
        var owner = call.Input.Text("QueueOwnerAWSAccountId");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        var account = call.Principal.Account;
        if (owner is not null && !AccountId.TryParse(owner, out account))
        {
            return QueueErrors.NotFound;
        }

        var id = new QueueId(account, name);
        var queue = QueueId.IsName(name) ? services.Queues.Find(id) : null;
        if (queue is null || (account != call.Principal.Account && !IsGranted(services, call, queue)))
        {
            // The same for another account's queue that exists: its name is not told to strangers.
            return QueueErrors.NotFound;
        }

        return new SqsStructure(("QueueUrl", new SqsText(call.UrlOf(id))));
    }

    private static bool IsGranted(SqsServices services, SqsCall call, Queue queue) =>
        Authorization.Decide(new AccessRequest
        {
            Action = "sqs:GetQueueUrl",
            Account = queue.Id.Account,
            Principal = call.Principal,
            Policy = QueuePolicy.Grants(queue.Settings.Policy, queue.Id.Arn(services.Queues.Region)),
        }).IsAllowed();
}
