using System.Text.RegularExpressions;
using Lambent.Server.Aws.Lambda;
using Lambent.Server.Aws.Lambda.Mappings;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

/// <summary>Holds docs/reference/lambda-api.md to the tables of operations, line by line.</summary>
public sealed partial class LambdaApiPageTests
{
    /// <summary>They go around the tables: the hot path has an endpoint of its own.</summary>
    private static readonly string[] Calls =
    [
        "`Invoke` | `POST /2015-03-31/functions/{FunctionName}/invocations`",
        "`InvokeWithResponseStream` | "
        + "`POST /2021-11-15/functions/{FunctionName}/response-streaming-invocations`",
    ];

    [Fact]
    public void Page_names_every_operation_once_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "reference", "lambda-api.md"));

        Row().Matches(page).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal)
            .ShouldBe(Operations().Select(Shown).Distinct().Concat(Calls).Order(StringComparer.Ordinal));
    }

    private static string Shown(AwsOperation operation) =>
        $"`{operation.Name}` | `{operation.Method} {operation.Pattern}"
        + $"{(operation.Selector is { } selector ? $"?{selector.Name}={selector.Value}" : "")}`";

    /// <summary>The tables only; nothing is handled, so nothing is behind them.</summary>
    private static IEnumerable<AwsOperation> Operations()
    {
        var services = new LambdaServices
        {
            Store = null!,
            Functions = null!,
            Arns = null!,
            Packages = null!,
            Objects = InMemoryContents.Service(null!, null!),
            Options = null!,
            Time = null!,
            NewId = null!,
            Markers = null!,
            Links = null!,
            CheckRuntime = null!,
            Activate = null!,
        };
        return LambdaOperations.All(services)
            .Concat(LambdaAccessOperations.All(services, null!, null!, null!))
            .Concat(new MappingOperations(services, null!, null!).All());
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lambent.slnx")))
        {
            folder = folder.Parent.ShouldNotBeNull("the tests run below the repository");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\| (`\w+` \| `(?:GET|POST|PUT|DELETE) /[^`]+`) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
