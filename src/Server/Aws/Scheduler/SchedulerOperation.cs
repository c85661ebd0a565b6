using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>One operation: a line in the table.</summary>
/// <param name="Name">As in the API document; also the action that access control decides on.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Collection">The first part of the path.</param>
/// <param name="HasResource">Whether a name or an ARN follows it.</param>
/// <param name="Handle">Translates the request into one call of the domain, and its result back.</param>
internal sealed record SchedulerOperation(
    string Name,
    string Method,
    string Collection,
    bool HasResource,
    Func<SchedulerCall, ValueTask<Result<AwsResponse>>> Handle)
{
    public string Action => $"scheduler:{Name}";
}
