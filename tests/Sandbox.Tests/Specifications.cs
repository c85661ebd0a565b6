using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Packages;

namespace Lambent.Sandbox.Tests;

internal static class Specifications
{
    public static EnvironmentSpecification Create(
        int concurrency = 1, string name = "hello", params (string Name, string Value)[] variables) => new()
    {
        Function = new FunctionId(AccountId.Root, name),
        Version = FunctionVersion.LatestName,
        Arn = "arn:aws:lambda:us-east-1:000000000000:function:hello",
        Runtime = Runtimes.All["nodejs20.x"],
        Handler = "index.handler",
        Code = new PackageReference(new string('0', 64), 1),
        MemoryMegabytes = 128,
        EphemeralStorageMegabytes = 512,
        Timeout = TimeSpan.FromSeconds(3),
        Concurrency = concurrency,
        LogGroup = "/aws/lambda/hello",
        RevisionId = "1",
        Variables = variables.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value),
    };
}

internal sealed class RecordingTelemetry : ITelemetrySink
{
    public List<LogLine> Lines { get; } = [];

    public long DroppedLines { get; private set; }

    public long DroppedBytes { get; private set; }

    /// <summary>Whether lines are wanted.</summary>
    public bool IsOpen { get; set; } = true;

    public bool Wants(FunctionId function, int bytes) => IsOpen;

    public void Drop(FunctionId function, long lines, long bytes)
    {
        lock (Lines)
        {
            DroppedLines += lines;
            DroppedBytes += bytes;
        }
    }

    public void Record(InvocationRecord record)
    {
    }

    public void Write(LogLine line)
    {
        lock (Lines)
        {
            Lines.Add(line);
        }
    }
}
