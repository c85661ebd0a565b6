using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;

namespace Lambent.Simulation.Servers;

/// <summary>Functions as the store has them; what they do is the world's.</summary>
internal static class StoredFunction
{
    public static Function Make(
        FunctionId id, DateTimeOffset now, int timeoutSeconds = 3, int? reserved = null, int revision = 1) => new()
    {
        Id = id,
        ReservedConcurrency = reserved,
        Latest = new FunctionVersion
        {
            Version = FunctionVersion.LatestName,
            Runtime = "nodejs22.x",
            Handler = "index.handler",
            Role = "arn:aws:iam::000000000000:role/any",
            Code = new PackageReference(new string((char)('a' + (revision % 6)), 64), 1_000),
            TimeoutSeconds = timeoutSeconds,
            State = FunctionState.Active,
            LastUpdateStatus = UpdateStatus.Successful,
            LastModifiedAt = now,
            RevisionId = $"r{revision}",
        },
    };
}
