using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;

namespace Lambent.Kernel.Tests.Mappings;

/// <summary>A queue, a function, and a mapping between them.</summary>
internal static class MappingSamples
{
    public const string Region = "us-east-1";
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    public static readonly FunctionId Function = new(AccountId.Root, "worker");

    public static Queue Queue(string name = "jobs", RedrivePolicy? redrive = null) => new()
    {
        Id = new QueueId(AccountId.Root, name),
        Number = 1,
        LaneNumber = 1,
        CreatedAt = Now,
        ModifiedAt = Now,
        Settings = new QueueSettings { Redrive = redrive },
    };

    public static RedrivePolicy Redrive(int receives) =>
        new("{}", new QueueId(AccountId.Root, "dead"), receives);

    public static MappingSurroundings Around(Queue? queue, int? functionTimeout = 3) => new()
    {
        FunctionTimeoutSeconds = functionTimeout, Queue = queue, Now = Now, Region = Region,
    };

    public static Result<EventSourceMapping> Create(
        MappingChange change, string queue = "jobs", MappingSurroundings? around = null)
    {
        var id = new QueueId(AccountId.Root, queue);
        var command = new CreateMapping("id-1", id, Function, null, change, EventSourceMapping.NoTags);
        return CreateMapping.Apply(command, around ?? Around(Queue(queue)));
    }
}
