using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Lets other accounts use a queue: a statement more in its policy.</summary>
internal static class AddPermissionOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("AddPermission", SqsScope.Owner, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var label = call.Input.Required("Label");
        var accounts = call.Input.Texts("AWSAccountIds");
        var actions = call.Input.Texts("Actions");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if (label.Length > Limits.QueueNameLengthMax
            || !label.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
        {
            return QueueErrors.Invalid(
                label,
                "Label",
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
        }

        if (accounts.Count == 0)
        {
            return QueueErrors.Missing("AWSAccountId.1");
        }

        if (actions.Count == 0)
        {
            return QueueErrors.Missing("ActionName.1");
        }

        if (accounts.FirstOrDefault(account => !AccountId.TryParse(account, out _)) is { } stranger)
        {
            return QueueErrors.Invalid(stranger, "PrincipalId", "Unable to verify.");
        }

        if (actions.FirstOrDefault(action => !QueuePolicy.IsGrantable(action)) is { } action)
        {
            return QueueErrors.Invalid(
                $"SQS:{action}",
                "ActionName",
                "Only the queue owner is allowed to invoke this action, or it is unknown.");
        }

        var added = await services.Queues.AddPermissionAsync(call.Queue, label, accounts, actions, call.Aborted);
        return added.Select(_ => SqsStructure.Empty);
    }
}
