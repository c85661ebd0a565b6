using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Lambent.Server.Functions;

namespace Lambent.Server.Tests.Functions;

/// <summary>Functions as the store holds them, active and small.</summary>
internal static class TestFunctions
{
    public static readonly FunctionArns Arns = new("us-east-1");

    public static FunctionId Id(string name, string account = "000000000000") => new(AccountId.Parse(account), name);

    public static Function Create(FunctionId id, int? reserved = null) => new()
    {
        Id = id,
        Latest = Version(FunctionVersion.LatestName),
        ReservedConcurrency = reserved,
    };

    public static FunctionVersion Version(string version) => new()
    {
        Version = version,
        Runtime = "nodejs20.x",
        Handler = "index.handler",
        Role = "arn:aws:iam::000000000000:role/lambda",
        Code = new PackageReference(new string('a', 64), 1_000),
        State = FunctionState.Active,
        LastUpdateStatus = UpdateStatus.Successful,
        LastModifiedAt = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero),
        RevisionId = $"revision-{version}",
    };

    public static FunctionSnapshot Snapshot(Function function, FunctionSnapshot? previous = null) =>
        new(function, Arns, previous);

    /// <summary>Makes a function visible, and returns its snapshot.</summary>
    public static FunctionSnapshot Announce(FunctionDirectory directory, Function function, long sequence = 1)
    {
        var snapshot = Snapshot(function, directory.Find(function.Id));
        directory.Announce(function.Id, sequence, snapshot);
        return snapshot;
    }
}
