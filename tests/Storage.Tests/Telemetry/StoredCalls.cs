using System.Collections.Immutable;
using System.Text;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Packages;

namespace Lambent.Storage.Tests.Telemetry;

/// <summary>Calls as the dispatcher hands them over.</summary>
internal static class StoredCalls
{
    public static string Node(string type, string message, string function = "load") =>
        $$"""{"errorType":"{{type}}","errorMessage":"{{message}}","trace":["{{type}}: {{message}}","""
        + $$"""    "    at {{function}} (/var/task/index.js:10:15)"]}""";

    public static string Python(string type, string message) =>
        $$"""{"errorType":"{{type}}","errorMessage":"{{message}}","""
        + """ "stackTrace":["  File \"/var/task/app.py\", line 12, in load\n    x()\n"]}""";

    public static EnvironmentSpecification Specification(
        FunctionId function,
        string version,
        DateTimeOffset releasedAt = default,
        ImmutableSortedDictionary<string, string>? variables = null) => new()
        {
            Function = function,
            Version = version,
            Arn = $"arn:aws:lambda:us-east-1:{function.Account.Value}:function:{function.Name}",
            Runtime = Runtimes.All["nodejs22.x"],
            Handler = "index.handler",
            Code = new PackageReference("digest", 1),
            MemoryMegabytes = 128,
            EphemeralStorageMegabytes = 512,
            Timeout = TimeSpan.FromSeconds(3),
            LogGroup = "/aws/lambda/f",
            RevisionId = "1",
            ReleasedAt = releasedAt,
            Variables = variables ?? ImmutableSortedDictionary<string, string>.Empty,
        };

    public static InvocationRecord Record(
        FunctionId function,
        string version,
        string request,
        string input,
        string output,
        OutcomeKind outcome,
        DateTimeOffset startedAt,
        DateTimeOffset releasedAt = default,
        ImmutableSortedDictionary<string, string>? variables = null,
        int payloadBytesMax = 65_536)
    {
        var specification = Specification(function, version, releasedAt, variables);
        var invocation = new Invocation
        {
            RequestId = request,
            InvokedArn = specification.Arn,
            Payload = Encoding.UTF8.GetBytes(input),
        };
        using var ended = InvocationOutcome.Owned(outcome, Encoding.UTF8.GetBytes(output));
        return TelemetryFixture.Record(request, 0, outcome, function) with
        {
            Version = version,
            StartedAt = startedAt,
            Copy = CallCopy.Take(specification, invocation, ended, payloadBytesMax, isKept: true),
        };
    }
}
